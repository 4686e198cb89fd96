"""Turns the bytes of a plain-text page into clean text, or says in one sentence why it cannot."""

import codecs
import re

from forum.importing.records import RefusedError

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OTHER_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
# Old terminal exports hold a stray bell or escape; a picture or a program is full of them.
_CONTROLS_ALWAYS_BORNE = 20
_CONTROLS_BORNE_SHARE = 0.01


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
    if "\0" in text or removed > max(_CONTROLS_ALWAYS_BORNE, len(text) * _CONTROLS_BORNE_SHARE):
        raise RefusedError(f"“{name}” is a binary file and not a text.")
    if not clean.strip("\ufeff \n\t\u00a0"):
        raise RefusedError(f"“{name}” is empty.")
    return clean, removed


def looks_like_text(head: bytes) -> bool:
    """Whether the first bytes of a file are UTF-8 (the last character may be cut) or marked UTF-16."""
    if head.startswith(_UTF16_MARKS):
        return True
    if b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _to_text(content: bytes, name: str) -> str:
    if content.startswith(_UTF16_MARKS):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise RefusedError(f"“{name}” is not valid UTF-16 text from byte {error.start} on.") from error
    if b"\0" in content:
        raise RefusedError(f"“{name}” is a binary file and not a text.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # "utf-8-sig" counts its offsets from behind the mark.
        skipped = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
        offset = error.start + skipped
        raise RefusedError(f"“{name}” is not UTF-8 text: byte {offset} does not fit.") from error
