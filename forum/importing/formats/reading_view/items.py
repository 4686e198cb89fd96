"""Splits a block of list lines into items: markers, continuation lines, lists inside a comment."""

from bisect import bisect_left
from dataclasses import dataclass, field

from forum.importing.formats.reading_view.authors import Header, header_at
from forum.importing.formats.reading_view.lines import (
    Marker,
    dedented,
    indent_of,
    is_blank,
    is_sure,
    joined,
    marker_of,
)
from forum.importing.formats.reading_view.tails import is_button

# A "2014." at the start of a line is a year. No page loses so many comments in one place.
_LARGEST_LEAP = 200
_STEP = 2
_QUOTES = " \t\"'“”„«»"


@dataclass(slots=True)
class Item:
    """One list item: its indentation, its number (None for a bullet), its lines as they stand.

    `source_id` is the page's own id of it, where a reader keeps one;
    `doubt` says in words which reading was chosen where two were possible, "" where none was.
    """

    indent: int
    number: int | None
    width: int
    lines: list[str] = field(default_factory=list)
    doubt: str = ""
    source_id: str = ""

    def text(self) -> str:
        """The item's text without marker and indentation; inner line breaks and blank lines stay."""
        rest = self.lines[1:]
        depths = [indent_of(line) for line in rest if not is_blank(line)]
        least = min(depths, default=0)
        columns = least if least <= self.indent + self.width else self.indent + _STEP
        first = marker_of(self.lines[0])
        opening = first.text.lstrip(" \t") if first else self.lines[0].strip(" \t")
        return joined([opening, *(dedented(line, columns) for line in rest)]).lstrip("\n")


def split_items(lines: list[str]) -> list[Item]:
    """The items of a block of lines whose first filled line is a marker, in reading order.

    A nested list without blank lines between its items is a list inside a comment when the outer
    items have blank lines between them: readers leave such a line where the page has paragraphs,
    which each comment has and a plain list has not (tried with Resiliparse 2.0.1). Every other
    nested list is taken for replies.
    """
    splitter = _Splitter(lines)
    for position, line in enumerate(lines):
        splitter.take(position, line)
    return splitter.items


def split_said(lines: list[str], declared: int | None = None) -> list[Item]:
    """The items of comments that no list holds: each begins with a header ("Mary said...").

    What only looks like one, as a quoted "Admin says:", stays in the comment that it stands in;
    `declared` is the number of comments that the page announces.
    """
    starts = _starts_of_said(lines, declared)
    items: list[Item] = []
    for place, line in enumerate(lines):
        if place in starts or not items:
            items.append(Item(0, None, 0))
        items[-1].lines.append(line)
    return items


def _starts_of_said(lines: list[str], declared: int | None) -> set[int]:
    """Where comments begin: at headers of the form of the first, as far as the other signs agree.

    Where more of them are there than the page announces, those count that stand behind a button of the
    comment before, or, without buttons, those that no line with a colon leads to. Signs that do not
    give the announced number decide nothing.
    """
    headers = {place: found for place in range(len(lines)) if (found := header_at(lines, place))}
    first = next(iter(headers.values()), None)
    starts = {place for place, found in headers.items() if _looks_like(found, first)}
    if declared is None or len(starts) <= declared:
        return starts
    above = {place: _filled_above(lines, place) for place in starts}
    signs = (is_button, lambda line: not line.rstrip(_QUOTES).endswith(":"))
    for sign in signs:
        agreed = {place for place in starts if not above[place] or sign(above[place])}
        if len(agreed) == declared:
            return agreed
    return starts


def _looks_like(header: Header, first: Header) -> bool:
    return header.form == first.form and bool(header.when) == bool(first.when)


def _filled_above(lines: list[str], place: int) -> str:
    """The last filled line above, "" at the very top."""
    return next((lines[n] for n in range(place - 1, -1, -1) if not is_blank(lines[n])), "")


class _Splitter:
    """The state of one pass over the lines."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.markers = [marker_of(line) for line in lines]
        self.first = next((marker for marker in self.markers if marker), None)
        self.base = min((marker.indent for marker in self.markers if marker), default=0)
        self.loose = self._is_loose()
        self.items: list[Item] = []
        self.numbers: list[tuple[int, int]] = []
        self.open: dict[int, int] = {}
        self.inner_list: int | None = None

    def take(self, position: int, line: str) -> None:
        """Adds one line: as a new item or to the one that it belongs to."""
        marker = self.markers[position]
        if is_blank(line):
            self.inner_list = None
        if marker and self._starts_item(position, marker):
            self._begin(position, marker, line)
            return
        if not self.items:
            return
        if not marker and self._after_blank(position) and not is_blank(line):
            self._fold_into_owner(line)
        self.items[-1].lines.append(line)

    def _begin(self, position: int, marker: Marker, line: str) -> None:
        while self.numbers and self.numbers[-1][0] >= marker.indent:
            self.numbers.pop()
        if marker.number is not None:
            self.numbers.append((marker.indent, marker.number))
        nested = bool(self.items) and marker.indent > self.items[-1].indent
        if nested and self.lines[self._filled_before(position)].rstrip().endswith(":"):
            self.items[
                -1
            ].doubt = "the list after its last line, which ends with a colon, was read as replies"
        while self.open and next(reversed(self.open)) >= marker.indent:
            self.open.popitem()
        self.open[marker.indent] = len(self.items)
        self.items.append(Item(marker.indent, marker.number, marker.width, [line]))

    def _starts_item(self, position: int, marker: Marker) -> bool:
        if not self.first or not is_sure(marker, self.first) or not self._number_fits(marker):
            return False
        if not self.items:
            return True
        if self.inner_list is not None and marker.indent >= self.inner_list:
            return False
        if marker.indent <= self.base or not self._is_inner(position, marker):
            return True
        self.inner_list = marker.indent
        self.items[-1].doubt = "the list in its text was read as part of it and not as replies"
        return False

    def _number_fits(self, marker: Marker) -> bool:
        if marker.number is None:
            return True
        place = bisect_left(self.numbers, (marker.indent, 0))
        known = place < len(self.numbers) and self.numbers[place][0] == marker.indent
        before = self.numbers[place][1] if known else 0
        return marker.number - before <= _LARGEST_LEAP

    def _is_inner(self, position: int, marker: Marker) -> bool:
        """Whether the list that begins here, deeper than the outermost level, is part of a comment."""
        item = self.items[-1]
        above = self.lines[position - 1]
        if not is_blank(above):
            return self.loose or (marker.indent > item.indent and above.rstrip().endswith(":"))
        below = self.markers[position + 1] if position + 1 < len(self.lines) else None
        return self.loose and below is not None and below.indent == marker.indent

    def _is_loose(self) -> bool:
        """Whether all outermost items, two at least, have a blank line before them."""
        outermost = [
            place for place, marker in enumerate(self.markers) if marker and marker.indent == self.base
        ]
        return len(outermost) > 1 and all(is_blank(self.lines[place - 1]) for place in outermost[1:])

    def _after_blank(self, position: int) -> bool:
        return position > 0 and is_blank(self.lines[position - 1])

    def _filled_before(self, position: int) -> int:
        before = position - 1
        while before > 0 and is_blank(self.lines[before]):
            before -= 1
        return max(before, 0)

    def _fold_into_owner(self, line: str) -> None:
        """Gives nested items back to the comment whose own text goes on below them.

        A page prints the replies below the whole text of a comment, so what stands above its last
        paragraph was a list inside it.
        """
        depth = indent_of(line)
        if depth <= self.base or depth > self.items[-1].indent or is_button(line):
            return
        owner = self.open.get(depth - _STEP)
        if owner is None:
            return
        while next(reversed(self.open)) >= depth:
            self.open.popitem()
        for inner in self.items[owner + 1 :]:
            self.items[owner].lines.extend(inner.lines)
        del self.items[owner + 1 :]
        self.items[
            owner
        ].doubt = "the list above its last paragraph was read as part of it and not as replies"
