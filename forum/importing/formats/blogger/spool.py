"""Comments wait in a file until their post is read, as a feed may hold them before it or without it."""

import json
from array import array
from collections.abc import Iterator
from dataclasses import fields
from typing import BinaryIO

from forum.importing.formats.blogger.comments import WrittenComment

_NAMES = [field.name for field in fields(WrittenComment)]


class Spool:
    """A file of comments and, for each post, the places where its comments stand.

    The file is empty, temporary and closed by its owner. Memory holds 8 bytes for each comment, so
    that the size of an archive does not matter.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._places: dict[str, array[int]] = {}
        self._end = 0

    def add(self, comment: WrittenComment) -> None:
        """Puts a comment aside; all are added before the first is taken."""
        line = json.dumps([getattr(comment, name) for name in _NAMES]).encode() + b"\n"
        self._places.setdefault(comment.post, array("Q")).append(self._end)
        self._file.write(line)
        self._end += len(line)

    def take(self, post: str) -> Iterator[WrittenComment]:
        """The comments of a post in the order of the feed; they are gone from here afterwards."""
        for place in self._places.pop(post, ()):
            self._file.seek(place)
            yield WrittenComment(*json.loads(self._file.readline()))

    def posts(self) -> list[str]:
        """The ids of the posts whose comments were not taken, in order of their bytes."""
        return sorted(self._places)
