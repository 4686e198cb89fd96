"""Articles that have been read wait in a file until they are written, so that memory does not hold them."""

import os
import pickle
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from forum.importing.records import ArchivedArticle

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

    def append(self, format_name: str, record: ArchivedArticle) -> None:
        """Put an article aside with the name of the format that it was read as."""
        self._file.seek(0, os.SEEK_END)
        self._places.append(self._file.tell())
        pickle.dump((format_name, record), self._file, pickle.HIGHEST_PROTOCOL)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[tuple[str, ArchivedArticle]]:
        for place in self._places:
            # Somebody else may be going through it too.
            self._file.seek(place)
            yield pickle.load(self._file)
