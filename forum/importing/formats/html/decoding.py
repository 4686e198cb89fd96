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
_LANGUAGE = re.compile(rb"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([a-z]{2})", re.IGNORECASE)
# What pages in a language were written in before UTF-8, the most usual first.
_OF_LANGUAGE = {
    "ja": ("cp932", "euc_jp"),
    "zh": ("gb18030", "big5"),
    "ko": ("cp949",),
    "ru": ("cp1251",),
    "uk": ("cp1251",),
    "bg": ("cp1251",),
    "el": ("cp1253",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    "tr": ("cp1254",),
    "pl": ("cp1250",),
    "cs": ("cp1250",),
    "hu": ("cp1250",),
    "th": ("cp874",),
}
_KANA = re.compile("[\u3041-\u30ff]")
_MANY_KANA = 5
_LAST_RESORT = "windows-1252"
# Browsers read these labels as Windows-1252, and so did the people who wrote the pages.
_LATIN = frozenset({"iso8859-1", "ascii"})
# Codecs that turn bytes into something that is no page, or that hide markup in plain letters.
_NEVER = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_SEVEN_BIT = ("iso2022", "hz")


def decode(content: bytes, charset: str = "") -> str:
    """The text of a page; `charset` is what came with it (an HTTP header), "" for nothing. Never fails.

    A byte-order mark wins; then UTF-8 where the bytes are valid in it, since nothing else is by
    chance; then the header's and the page's own encoding, whichever fits; then the usual ones of
    the page's language; else Windows-1252.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    named = [known for label in (charset, _declared(content)) if (known := _known(label))]
    for encoding in named:
        if encoding.startswith(_SEVEN_BIT) and (text := _strictly(content, encoding)) is not None:
            return text
    usual = () if named else _usual(content)
    for encoding in ("utf-8", *named, *usual, _LAST_RESORT):
        text = _strictly(content, encoding)
        if text is not None:
            return text
    return content.decode(named[0] if named else _LAST_RESORT, errors="replace")


def _usual(content: bytes) -> tuple[str, ...]:
    """The encodings to try for a page that names none: by its language, or Japanese by its syllables."""
    found = _LANGUAGE.search(content[:_META_WITHIN])
    language = found[1].decode("ascii").casefold() if found else ""
    if language in _OF_LANGUAGE:
        return _OF_LANGUAGE[language]
    return tuple(
        encoding
        for encoding in _OF_LANGUAGE["ja"]
        if _strictly(content, _LAST_RESORT) is None
        and len(_KANA.findall(_strictly(content, encoding) or "")) >= _MANY_KANA
    )


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
