"""A letter's text: plain, wrapped at words, with what was answered as quoted lines.

Nothing here makes or reads HTML; a letter is text/plain, so nothing in it is fetched from anywhere.
"""

import re
import textwrap

WIDTH = 72
LONGEST_TEXT = 100_000
LONGEST_QUOTE = 2_000
CUT = "[…]"
_LINE_ENDS = re.compile(r"\r\n|[\r\x85\u2028\u2029]")
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def plain(text: str) -> str:
    """Text as text/plain may hold it: `\\n` as line end, no control characters, no lone surrogates."""
    return _UNSPEAKABLE.sub("", _LINE_ENDS.sub("\n", text))


def wrapped(text: str, width: int = WIDTH) -> str:
    """Lines that are longer than `width` characters, broken between words.

    A word is never broken, so that every link stays whole and can be clicked; neither are quoted
    lines, which have been wrapped before.
    """
    return "\n".join(line for one in text.split("\n") for line in _lines(one, width))


def quoted(text: str, *, lines: int = 12) -> str:
    """What was answered, each line after `> `; at most `lines` of them and 2,000 characters, then […]."""
    whole = plain(text).strip()
    kept = shortened(whole, LONGEST_QUOTE)
    rows = wrapped(kept.replace("\n>", "\n >"), WIDTH - 2).split("\n")
    if len(rows) > lines or kept != whole:
        rows = [*[row for row in rows[:lines] if row != CUT], CUT]
    return "\n".join(f"> {row}".rstrip() for row in rows)


def shortened(text: str, longest: int) -> str:
    """The beginning of a text with at most `longest` characters, cut between words, and […] after it.

    A single word that is longer than that is cut where it is.
    """
    if len(text) <= longest:
        return text
    room = longest - len(CUT) - 1
    words = re.match(r"(.*)\s", text[: room + 1], re.DOTALL)
    kept = (words.group(1).rstrip() if words else "") or text[:room]
    return f"{kept}\n{CUT}"


def _lines(line: str, width: int) -> list[str]:
    if len(line) <= width or line.startswith(">"):
        return [line.rstrip()]
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
