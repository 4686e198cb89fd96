"""Finds text that was decoded wrongly on its way here, and says how it would read; it changes nothing."""

import html
import re
import unicodedata
from typing import NamedTuple

import ftfy

_MOST = 20_000
_AROUND = 24
# What UTF-8 looks like in each of these: a lead byte and a byte that continues it (RFC 3629).
_CODECS = ("latin-1", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257")
_LEAD, _NEXT = bytes(range(0xC2, 0xF5)), bytes(range(0x80, 0xC0))
_SIGN = re.compile(
    "|".join(
        f"[{re.escape(_LEAD.decode(name, 'ignore'))}][{re.escape(_NEXT.decode(name, 'ignore'))}Ÿœž™šƒ]"
        for name in _CODECS
    )
)
# ftfy does not know the Greek code page, in which “ and pictures begin with β and π.
_GREEK = re.compile(r"β[^\x00-\x7fΑ-Ωα-ω]{2}|π[^\x00-\x7fΑ-Ωα-ω]{3}")
# Letters of these scripts come out of “Spaß“” and the like, and out of no blog (Unicode blocks).
_UNLIKELY = re.compile("[\u0250-\u02af\u0530-\u058f\u0700-\u07ff]")
_IDEOGRAPH = re.compile("[\u3400-\u9fff\uac00-\ud7af]")
_REFERENCE = r"(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip);"
_TWICE = {True: re.compile(f"&amp;{_REFERENCE}"), False: re.compile(f"&{_REFERENCE}")}


class Proposal(NamedTuple):
    """Some words as they are and as they would read."""

    before: str
    after: str


def mojibake_in(text: str) -> Proposal | None:
    """The first words that were UTF-8 and were read as something else, None where nothing looks so.

    What only might be (“NÃO”, “pâté”) is left alone; escapes such as u00e9 are words. Rules: ftfy's
    heuristic, asked only about texts in which two characters could be two bytes of one.
    """
    if text.isascii() or not (sign := _SIGN.search(text)):
        return None
    part = text[max(0, sign.start() - _AROUND) : sign.start() + _MOST]
    repaired = _GREEK.sub(_from_greek, ftfy.fix_encoding(part))
    # One ideograph alone comes out of an umlaut between quotes (“ä”“”); words in these scripts have more.
    alone = len(_IDEOGRAPH.findall(repaired)) == 1 and not _IDEOGRAPH.search(part)
    if repaired == part or alone or (_UNLIKELY.search(repaired) and not _UNLIKELY.search(part)):
        return None
    return _snippets(part, repaired)


def double_encoded_in(text: str, is_html: bool) -> Proposal | None:
    """The first character reference that was encoded once more (`&amp;#039;`), None without.

    In plain text, which has no references, one that was encoded once is what readers would see.
    """
    if "&" not in text or not (found := _TWICE[is_html].search(text)):
        return None
    before = text[max(0, found.start() - _AROUND) : found.end() + _AROUND]
    return Proposal(before, _TWICE[is_html].sub(_decoded, before))


def _decoded(reference: re.Match[str]) -> str:
    return html.unescape(reference[0].replace("&amp;", "&", 1) if "&amp;" in reference[0] else reference[0])


def _from_greek(found: re.Match[str]) -> str:
    try:
        parts = (c.encode("cp1253" if c in "βπ" else "cp1252") for c in found[0])
        char = b"".join(parts).decode()
    except UnicodeError:
        return found[0]
    return char if unicodedata.category(char[0])[0] in "PS" else found[0]


def _snippets(before: str, after: str) -> Proposal:
    """The words around the first difference."""
    same = next((n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0)
    start = max(0, same - _AROUND)
    return Proposal(before[start : same + _AROUND], after[start : same + _AROUND])
