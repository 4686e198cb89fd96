"""Takes out of typed or imported text what no database or page can hold, and nothing else."""

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ZWJ = "\u200d"


def plain(text: str) -> str:
    """Text without control characters and lone surrogates, with line ends as `\\n`; the rest unchanged."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str, limit: int) -> str:
    """A name or title: one line, no control, format or private characters, at most `limit` long."""
    kept = (c for c in plain(text).replace("\n", " ") if c == _ZWJ or not _invisible(c))
    return " ".join("".join(kept).split())[:limit].strip()


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"}
