"""Reads a WARC file's bytes within limits: members of gzip one by one, short lines, counted records."""

import zlib
from typing import Protocol

MOST_IN_ALL = 1_000_000_000
MOST_IN_RECORD = 200_000_000
_GZIP = b"\x1f\x8b"
_BLOCK = 65_536
_MOST_AT_ONCE = 262_144
_LONGEST_LINE = 65_536
_MOST_HEADERS = 1_000_000


class Readable(Protocol):
    """Anything that gives bytes."""

    def read(self, length: int, /) -> bytes:
        """At most `length` bytes, none at the end."""


class BrokenError(Exception):
    """The file cannot be read on from `offset`; `reason` says why, in the words of half a sentence."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


class Budget:
    """How many uncompressed bytes may still be read, shared by all files of one package."""

    def __init__(self, most: int = MOST_IN_ALL) -> None:
        self.left = most

    def take(self, count: int, offset: int) -> None:
        """Counts `count` bytes off; BrokenError when that is more than there is."""
        self.left -= count
        if self.left < 0:
            raise BrokenError(offset, "it unpacks to more than the 1 GB that we read")


class WarcStream:
    """The uncompressed bytes of a WARC file, as warcio's loader reads them.

    `offset` is where the record that is being read begins in the file: for a compressed file the
    begin of its gzip member. All methods raise BrokenError where the file is damaged or too large.
    """

    def __init__(self, file: Readable, budget: Budget | None = None) -> None:
        self._file = file
        self._budget = budget or Budget()
        self._raw = b""
        self._raw_offset = 0
        self._buffer = b""
        self._at = 0
        self._unzip: zlib._Decompress | None = None
        self._member = 0
        self._read_of_record = 0
        self._headers_left: int | None = _MOST_HEADERS
        self._zipped = self._peek().startswith(_GZIP)
        self._position = 0
        self.offset = 0

    def begin_record(self) -> bytes:
        """The first filled line of the next record, b"" at the end of the file."""
        self._headers_left = _MOST_HEADERS
        while True:
            self._read_of_record = 0
            start = self._position
            line = self.readline()
            self.offset = self._member if self._zipped else start
            if not line or line.strip():
                return line

    def begin_block(self) -> None:
        """Says that the headers of the record are read and its content follows."""
        self._headers_left = None

    def read(self, length: int | None = None) -> bytes:
        """The next `length` bytes, fewer only at the end of the file."""
        wanted = MOST_IN_RECORD + 1 if length is None else length
        pieces = []
        while wanted > 0 and self._fill():
            piece = self._buffer[self._at : self._at + wanted]
            self._pass(len(piece))
            wanted -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def readline(self, length: int | None = None) -> bytes:
        """The next line with its end, or as much of it as `length` allows."""
        most = _LONGEST_LINE if length is None else min(length, _LONGEST_LINE)
        line = b""
        while len(line) < most and not line.endswith(b"\n") and self._fill():
            end = self._buffer.find(b"\n", self._at, self._at + most - len(line)) + 1
            piece = self._buffer[self._at : end or self._at + most - len(line)]
            self._pass(len(piece))
            line += piece
        if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            raise BrokenError(self.offset, "a line of its headers has no end")
        if self._headers_left is not None:
            self._headers_left -= len(line)
            if self._headers_left < 0:
                raise BrokenError(self.offset, "its headers have no end")
        return line

    def tell(self) -> int:
        """How many uncompressed bytes were read."""
        return self._position

    def _pass(self, count: int) -> None:
        self._at += count
        self._position += count
        self._read_of_record += count
        if self._read_of_record > MOST_IN_RECORD:
            raise BrokenError(self.offset, "it unpacks to more than the 200 MB that we read of one record")

    def _fill(self) -> bool:
        """Whether there is a byte to read, after getting more where the buffer was used up."""
        while self._at >= len(self._buffer):
            self._at = 0
            self._buffer = self._unzipped() if self._zipped else self._take_raw()
            if not self._buffer:
                return False
            self._budget.take(len(self._buffer), self._member if self._zipped else self._position)
        return True

    def _take_raw(self) -> bytes:
        raw, self._raw = self._peek(), b""
        self._raw_offset += len(raw)
        return raw

    def _peek(self) -> bytes:
        if not self._raw:
            try:
                self._raw = self._file.read(_BLOCK)
            except Exception as error:
                # A zip file's member raises what it likes: wrong checksum, unknown method, end of file.
                raise BrokenError(self._raw_offset, "the package that holds it is damaged") from error
        return self._raw

    def _unzipped(self) -> bytes:
        """The next bytes out of the gzip members, b"" behind the last."""
        while True:
            raw = self._peek()
            if not raw:
                if self._unzip is None:
                    return b""
                raise BrokenError(self._member, "the file breaks off in the middle of it")
            if self._unzip is None:
                self._member = self._raw_offset
                self._unzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
            try:
                unzipped = self._unzip.decompress(raw, _MOST_AT_ONCE)
            except zlib.error as error:
                raise BrokenError(self._member, "it cannot be unpacked") from error
            rest = self._unzip.unused_data if self._unzip.eof else self._unzip.unconsumed_tail
            self._raw_offset += len(raw) - len(rest)
            self._raw = rest
            if self._unzip.eof:
                self._unzip = None
            if unzipped:
                return unzipped
