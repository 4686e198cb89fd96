"""Decodes the bytes of an XML archive piece by piece, strictly, or as Windows-1252 where that is accepted."""

import codecs
import re
from collections import Counter

from forum.importing.records import DamagedError, RefusedError, Source

_ENCODINGS = re.compile(r"utf-?(8|16)|ascii|latin|iso-?8859|windows-|cp\d|koi8|gb|big5|euc|shift|mac")
_C1 = re.compile("[\x80-\x9f]")


class Utf8:
    """Decodes UTF-8; what is not UTF-8 is an error with its place, or Windows-1252 when that is accepted."""

    def __init__(self, source: Source, repairs: Counter[str], _encoding: str) -> None:
        self._source = source
        self._repairs = repairs
        self._rest = b""
        self._offset = 0

    def decode(self, chunk: bytes, final: bool = False) -> str:
        """The next text; DamagedError, with the place, for what is not UTF-8 and not accepted."""
        data = memoryview(self._rest + chunk)
        parts: list[str] = []
        place = 0
        while place < len(data):
            try:
                text, used = codecs.utf_8_decode(data[place:], "strict", False)
                parts.append(text)
                place += used
                break
            except UnicodeDecodeError as error:
                bad = slice(place + error.start, place + error.end)
                self._refuse(self._offset + bad.start, bytes(data[bad]))
                parts.append(bytes(data[place : bad.start]).decode())
                parts.append(bytes(data[bad]).decode("cp1252", "replace"))
                self._repairs["encoding"] += bad.stop - bad.start
                place = bad.stop
        self._rest = bytes(data[place:])
        self._offset += place
        if final and self._rest:
            parts.append("\ufffd")
        return "".join(parts)

    def _refuse(self, offset: int, bad: bytes) -> None:
        if not self._source.accept_damaged:
            raise DamagedError(
                f"“{self._source.name}” says UTF-8, but the byte {bad[0]:02X} at offset {offset} is not: "
                "it looks like Windows-1252."
            )


class Other:
    """Decodes what the declaration names, if it is one of the encodings that archives are written in."""

    def __init__(self, source: Source, repairs: Counter[str], encoding: str) -> None:
        self._source = source
        self._repairs = repairs
        self._offset = 0
        try:
            known = codecs.lookup(encoding).name if _ENCODINGS.match(encoding) else ""
        except LookupError:
            known = ""
        if not known:
            raise RefusedError(f"“{source.name}” is in the encoding “{encoding}”, which is not read here.")
        self._latin = known == "iso8859-1"
        self._decoder = codecs.getincrementaldecoder(known)("replace" if source.accept_damaged else "strict")

    def decode(self, chunk: bytes, final: bool = False) -> str:
        """The next text; DamagedError, with the place, for what is not in the encoding."""
        try:
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            offset = self._offset + error.start
            raise DamagedError(
                f"“{self._source.name}” is not in {error.encoding}, as it says: see its byte {offset}."
            ) from error
        self._offset += len(chunk)
        if self._latin and (controls := _C1.findall(text)):
            # Nobody writes these controls, and everybody's curly quotes are there in Windows-1252.
            self._repairs["encoding"] += len(controls)
            text = _C1.sub(lambda c: c[0].encode("latin-1").decode("cp1252", "replace"), text)
        return text
