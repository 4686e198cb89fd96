"""Reads WACZ packages: zip files with WARC files in their folder `archive`."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from forum.importing.formats.remarks import remarked
from forum.importing.formats.warc.reader import Collection
from forum.importing.formats.warc.stream import BrokenError, Budget, WarcStream
from forum.importing.records import Records, RefusedError, Remark, SkippedItem, Source
from forum.text.tidy import one_line

NAME = "wacz"
MOST_ENTRIES = 2000
MOST_RATIO = 100

_HEADER = b"PK\x03\x04"
_END = b"PK\x05\x06"
_OWN_NAMES = re.compile(
    rb"PK\x03\x04.{26}(?:datapackage(?:-digest)?\.json|pages/[\w.-]{1,80}\.jsonl"
    rb"|archive/[^\x00-\x1f]{1,200}\.w?arc(?:\.gz)?|indexes/[\w.-]{1,80}\.(?:cdxj?|idx))",
    re.DOTALL,
)
_CAPTURES = re.compile(r"archive/[^/\x00]{1,200}\.w?arc(?:\.gz)?", re.IGNORECASE)
_NESTED = re.compile(r".*\.(?:zip|wacz|jar)", re.IGNORECASE)
_LONGEST_END = 65_557
_MOST_DIRECTORY = 4_000_000
_UNKNOWN = 0xFFFFFFFF
_FREE_OF_RATIO = 1_000_000
_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, ValueError, RuntimeError, OverflowError),
    *(NotImplementedError, LookupError, struct.error),
)


def recognises(head: bytes, name: str) -> bool:
    """Whether a file that begins with `head` is a WACZ package, by the names inside or its own."""
    if not head.startswith(_HEADER):
        return False
    return bool(_OWN_NAMES.search(head)) or name.casefold().endswith(".wacz")


@remarked
def read(source: Source) -> Records:
    """Yields what reader.read yields, for all WARC files of a package together.

    RefusedError for a zip file that is broken, encrypted, holds links or more than 2,000 entries,
    unpacks to more than a hundred times its size, or has no WARC file. Names in it are never used as
    paths. Source: the WACZ specification of Webrecorder.
    """
    _refuse_large_directory(source)
    collection = Collection()
    budget = Budget()
    with _opened(source) as package:
        entries = package.infolist()
        _refuse_unsafe(entries, source.name)
        captures = [entry for entry in entries if _CAPTURES.fullmatch(entry.filename)]
        if not captures:
            raise RefusedError(f"“{source.name}” holds no WARC file in its folder “archive”.")
        yield from _nested(entries)
        for entry in captures:
            yield from _collect(package, entry, collection, budget, source.name)
    if not collection.records:
        raise RefusedError(f"“{source.name}” holds no records of web captures.")
    yield from collection.finish(source.name)


def _opened(source: Source) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source.path)
    except _ZIP_ERRORS as error:
        raise RefusedError(
            f"“{source.name}” is no readable WACZ package: its zip file is damaged."
        ) from error


def _collect(
    package: zipfile.ZipFile, entry: zipfile.ZipInfo, collection: Collection, budget: Budget, name: str
) -> Iterator[SkippedItem | Remark]:
    label = f"{name}: {one_line(entry.filename, 200)}"
    checksum = entry.CRC
    # Without this the zip module hides the last good bytes of a damaged file; the sum is compared below.
    del entry.CRC
    try:
        opened = package.open(entry)
    except _ZIP_ERRORS as error:
        raise RefusedError(f"“{name}” is no readable WACZ package: {entry.filename!a} is damaged.") from error
    with opened as file:
        counted = _Counted(file, entry.compress_size, name)
        try:
            yield from collection.collect(WarcStream(counted, budget), label)
            if counted.checksum != checksum:
                message = f"“{label}” does not match its checksum, so its text may be changed."
                yield Remark("damaged", label, message)
        except BrokenError as broken:
            if isinstance(broken.__cause__, RefusedError):
                raise broken.__cause__ from broken
            yield collection.damage(broken, label)


class _Counted:
    """A file of a package that stops being read where it unpacks to far more than it holds."""

    def __init__(self, file: IO[bytes], packed: int, name: str) -> None:
        self._file = file
        self._left = _FREE_OF_RATIO + MOST_RATIO * packed
        self._name = name
        self.checksum = 0

    def read(self, length: int = -1, /) -> bytes:
        """The next bytes; RefusedError where they are too many for what was packed."""
        data = self._file.read(length)
        self._left -= len(data)
        self.checksum = zlib.crc32(data, self.checksum)
        if self._left < 0:
            raise RefusedError(f"“{self._name}” unpacks to more than {MOST_RATIO} times its size.")
        return data


def _refuse_large_directory(source: Source) -> None:
    """RefusedError for a table of contents too long to be taken into memory; the zip module takes any."""
    with source.path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LONGEST_END))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise RefusedError(f"“{source.name}” is no readable WACZ package: its zip file breaks off.")
    _, _, count, directory = struct.unpack("<HHHI", tail[at + 6 : at + 16])
    if (MOST_ENTRIES < count < 0xFFFF) or (_MOST_DIRECTORY < directory != _UNKNOWN):
        raise RefusedError(f"“{source.name}” holds more than {MOST_ENTRIES} files.")


def _refuse_unsafe(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MOST_ENTRIES:
        raise RefusedError(f"“{name}” holds more than {MOST_ENTRIES} files.")
    for entry in entries:
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise RefusedError(f"“{name}” holds a link in place of a file.")
        if entry.flag_bits & 1:
            raise RefusedError(f"“{name}” is encrypted.")


def _nested(entries: list[zipfile.ZipInfo]) -> Iterator[SkippedItem]:
    for entry in entries:
        if _NESTED.fullmatch(entry.filename):
            yield SkippedItem(
                "file", one_line(entry.filename, 500), "nested", "A package inside a package is not opened."
            )
