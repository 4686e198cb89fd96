"""Takes out of typed or imported text what no database or page can hold, and nothing else."""

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_ZWJ = "\u200d"


def plain(text: str) -> str:
    """Text without control characters and lone surrogates, with line ends as `\\n`; the rest unchanged."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_visible(text: str) -> bool:
    """Whether a text shows anything: white space and invisible characters alone do not."""
    return any(not c.isspace() and not _invisible(c) for c in text)


def one_line(text: str, limit: int) -> str:
    """A name or title: one line, no control, format or private characters, at most `limit` long.

    The zero-width joiner stays where it joins two pictures, and nowhere else (UTS 51).
    """
    line = " ".join(_SURROGATES.sub("", text).split())
    if line.isascii() and line.isprintable():
        return line[:limit].strip()
    kept = (c for n, c in enumerate(line) if not _invisible(c) or _joins_pictures(line, n))
    return " ".join("".join(kept).split())[:limit].strip()


def as_cell(text: str) -> str:
    """A text as a cell of CSV: with an apostrophe before what a spreadsheet would calculate (OWASP, CSV
    injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"}


def _joins_pictures(line: str, n: int) -> bool:
    around = line[n - 1 : n] + line[n + 1 : n + 2]
    pictures = {"So", "Sk", "Mn"}
    return line[n] == _ZWJ and len(around) == 2 and all(unicodedata.category(c) in pictures for c in around)
