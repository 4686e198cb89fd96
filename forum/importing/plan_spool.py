"""Articles that have been read wait in a file until they are written, so that memory does not hold them."""

import os
import pickle
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from forum.importing import plan_union
from forum.importing.records import ArchivedArticle, SkippedItem

IN_MEMORY = 4_000_000  # bytes; what is smaller needs no file


class Spool:
    """What was read of an archive, article by article; may be gone through as often as one likes.

    The file has no name, so that it goes with the process however that ends, and nobody else can
    write what is unpickled here.
    """

    def __init__(self) -> None:
        Path(settings.IMPORT_DIR).mkdir(parents=True, exist_ok=True)
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=settings.IMPORT_DIR)  # noqa: SIM115
        self._places = array("Q")
        self._number_of: dict[bytes, int] = {}
        self._again: dict[int, list[int]] = {}

    def append(self, format_name: str, record: ArchivedArticle, key: bytes) -> None:
        """Put an article aside with the name of the format that it was read as.

        Those of the same `key` are one post, and come out as one article in the place of the first.
        """
        self._file.seek(0, os.SEEK_END)
        place = self._file.tell()
        pickle.dump((format_name, record), self._file, pickle.HIGHEST_PROTOCOL)
        number = self._number_of.setdefault(key, len(self._places))
        if number < len(self._places):
            self._again.setdefault(number, []).append(place)
        else:
            self._places.append(place)

    def copies(self) -> Iterator[SkippedItem]:
        """What is left out where several of the articles are one post."""
        for number in sorted(self._again):
            yield from plan_union.copies([record for _name, record in self._all_of(number)])

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[tuple[str, ArchivedArticle]]:
        for number in range(len(self._places)):
            found = self._all_of(number)
            if len(found) == 1:
                yield found[0]
            else:
                yield found[-1][0], plan_union.unite([record for _name, record in found])

    def _all_of(self, number: int) -> list[tuple[str, ArchivedArticle]]:
        found = []
        for place in (self._places[number], *self._again.get(number, ())):
            # Somebody else may be going through it too.
            self._file.seek(place)
            found.append(pickle.load(self._file))
        return found
