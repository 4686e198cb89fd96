"""The smallest pieces of a reading view: the indentation of a line and the marker of a list item."""

import re
from typing import NamedTuple

_INDENT = " \t\u00a0"
_MARKER = re.compile(r"(?:(\d{1,5})[.)]|([•*+–-]))(?:[ \t\u00a0]+(.*)|$)", re.DOTALL)
_SURE_BULLET = "•"


class Marker(NamedTuple):
    """The start of a list item: its indentation in columns, its sign, its number and the text behind it."""

    indent: int
    sign: str
    number: int | None
    text: str
    width: int


def indent_of(line: str) -> int:
    """The columns before the first letter; a tab counts as two, a no-break space as one."""
    prefix = line[: len(line) - len(line.lstrip(_INDENT))]
    return len(prefix) + prefix.count("\t")


def is_blank(line: str) -> bool:
    """Whether a line holds nothing but white space."""
    return not line or line.isspace()


def marker_of(line: str) -> Marker | None:
    """The marker that `line` begins with (`1.`, `1)`, `•`, `*`, `-`), or None."""
    stripped = line.lstrip(_INDENT)
    found = _MARKER.match(stripped) if stripped else None
    if found is None:
        return None
    number = int(found[1]) if found[1] else None
    if number == 0:
        return None
    prefix = line[: len(line) - len(stripped)]
    sign = found[2] or ""
    text = found[3] or ""
    return Marker(len(prefix) + prefix.count("\t"), sign, number, text, len(found[1] or "") + 2)


def is_sure(marker: Marker, first: Marker) -> bool:
    """Whether `marker` can start an item of the list that begins with `first`.

    A star or a dash begins many a line of prose, so each counts only where the list itself begins so.
    """
    return marker.number is not None or marker.sign == _SURE_BULLET or marker.sign == first.sign


def dedented(line: str, columns: int) -> str:
    """`line` without its first `columns` columns of white space, or without all where it has fewer."""
    taken = position = 0
    while position < len(line) and taken < columns and line[position] in _INDENT:
        taken += 2 if line[position] == "\t" else 1
        position += 1
    return line[position:]


def joined(lines: list[str]) -> str:
    """The lines as one text: runs of blank lines become one, none at either end."""
    text = "\n".join("" if is_blank(line) else line for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n").rstrip(" \t")
