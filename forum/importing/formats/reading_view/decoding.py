"""Turns the bytes of a plain-text page into clean text, or says in one sentence why it cannot."""

import codecs
import re

from forum.importing.records import RefusedError

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OTHER_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
# Old terminal exports hold a stray bell or escape; a picture or a program is full of them.
_CONTROLS_ALWAYS_BORNE = 20
_CONTROLS_BORNE_SHARE = 0.01
# A stray NUL is borne, too; in packed files and in UTF-16 without a mark they are many or in a row.
_NULS_BORNE_SHARE = 0.05
_NULS_IN_A_ROW = 4
# Western texts are mostly ASCII; other scripts in their old encodings are not.
_LEAST_ASCII = 0.7


def decode(content: bytes, name: str) -> tuple[str, int]:
    """The text of `content` with `\\n` line ends only, and how many control characters were taken out.

    UTF-8 with or without a byte-order mark; UTF-16 only with one. Raises RefusedError for an empty,
    binary or wrongly encoded file; `name` is what the person calls it.
    """
    if not content.strip():
        raise RefusedError(f"“{name}” is empty.")
    text = _to_text(content, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    clean, removed = _OTHER_CONTROLS.subn("", text)
    if _has_many_nuls(text) or removed > max(_CONTROLS_ALWAYS_BORNE, len(text) * _CONTROLS_BORNE_SHARE):
        raise RefusedError(f"“{name}” is a binary file and not a text.")
    if not clean.strip("\ufeff \n\t\u00a0"):
        raise RefusedError(f"“{name}” is empty.")
    return clean, removed


def looks_like_text(head: bytes) -> bool:
    """Whether the first bytes of a file are UTF-8 (the last character may be cut) or marked UTF-16."""
    if head.startswith(_UTF16_MARKS):
        return True
    if _has_many_nuls(head.decode("latin-1")):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def looks_like_windows_1252(head: bytes) -> bool:
    """Whether bytes that are no UTF-8 read as Western text of Windows; nothing is read by this guess."""
    if looks_like_text(head):
        return False
    try:
        text = head.decode("cp1252")
    except UnicodeDecodeError:
        return False
    ascii_letters = sum(letter.isascii() for letter in text)
    controls = len(_OTHER_CONTROLS.findall(text))
    return (
        not _has_many_nuls(text)
        and controls <= len(text) * _CONTROLS_BORNE_SHARE
        and ascii_letters >= len(text) * _LEAST_ASCII
    )


def _to_text(content: bytes, name: str) -> str:
    if content.startswith(_UTF16_MARKS):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise RefusedError(f"“{name}” is not valid UTF-16 text from byte {error.start} on.") from error
    if _has_many_nuls(content.decode("latin-1")):
        raise RefusedError(f"“{name}” is a binary file and not a text.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # "utf-8-sig" counts its offsets from behind the mark.
        skipped = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
        offset = error.start + skipped
        advice = ""
        if looks_like_windows_1252(content):
            advice = "; it looks like Windows-1252, please save it as UTF-8"
        raise RefusedError(f"“{name}” is not UTF-8 text: byte {offset} does not fit{advice}.") from error


def _has_many_nuls(text: str) -> bool:
    return "\0" * _NULS_IN_A_ROW in text or text.count("\0") > len(text) * _NULS_BORNE_SHARE
