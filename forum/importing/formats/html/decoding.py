"""Finds out in which encoding a web page is written and turns it into text."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{2,40})", re.IGNORECASE)
_META_WITHIN = 8192
_LAST_RESORT = "windows-1252"
# Browsers read these labels as Windows-1252, and so did the people who wrote the pages.
_LATIN = frozenset({"iso8859-1", "ascii"})
# Codecs that turn bytes into something that is no page, or that hide markup in plain letters.
_NEVER = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_SEVEN_BIT = ("iso2022", "hz")


def decode(content: bytes, charset: str = "") -> str:
    """The text of a page; `charset` is what came with it (an HTTP header), "" for nothing. Never fails.

    A byte-order mark wins; then UTF-8 where the bytes are valid in it, since nothing else is by
    chance; then the header's and the page's own encoding, whichever fits; else Windows-1252.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    named = [known for label in (charset, _declared(content)) if (known := _known(label))]
    for encoding in named:
        if encoding.startswith(_SEVEN_BIT) and (text := _strictly(content, encoding)) is not None:
            return text
    for encoding in ("utf-8", *named, _LAST_RESORT):
        text = _strictly(content, encoding)
        if text is not None:
            return text
    return content.decode(named[0] if named else _LAST_RESORT, errors="replace")


def _declared(content: bytes) -> str:
    found = _META.search(content[:_META_WITHIN]) or _XML.search(content[:_META_WITHIN])
    return found[1].decode("ascii", errors="replace") if found else ""


def _known(label: str) -> str:
    """The codec's own name for a label, "" for one that is unknown or no text encoding."""
    try:
        info = codecs.lookup(label.strip(" \"'")) if label else None
    except (LookupError, ValueError):
        return ""
    # Python marks its codecs that are no text encodings (base64, zlib) by this attribute alone.
    if info is None or info.name in _NEVER or not getattr(info, "_is_text_encoding", True):
        return ""
    return _LAST_RESORT if info.name in _LATIN else info.name


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeError, ValueError):
        return None
