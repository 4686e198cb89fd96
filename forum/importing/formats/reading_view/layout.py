"""Finds the comments in a page's lines: their heading, where their list begins and where it ends."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from forum.importing.formats.reading_view.authors import header_at, is_header_line, is_stamp_line
from forum.importing.formats.reading_view.headings import Heading, folded, heading_of, same_title
from forum.importing.formats.reading_view.lines import Marker, indent_of, is_blank, is_sure, marker_of
from forum.importing.formats.reading_view.tails import is_button, is_end_mark, is_form_line
from forum.importing.records import RefusedError

_MOST_LINES_BETWEEN = 12
# A list under one of these is the article's own.
_OWN_LISTS = re.compile(
    r"references?|(?:re)?sources?|(?:foot)?notes|bibliography|literature|links|further reading"
    r"|quellen?|literatur|fußnoten|anmerkungen|einzelnachweise|referencias|fuentes|références|notas"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a page's parts are, as line numbers; ends are exclusive.

    `body_end` is where the article stops. `list_start` is None where there is no list of comments.
    `guessed` is true for a list without a heading.
    """

    heading: Heading | None
    body_end: int
    list_start: int | None
    list_end: int
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    heading: Heading
    rank: int
    block: tuple[int, int] | None
    closed: bool


def find_layout(lines: list[str], titles: list[str], name: str) -> Layout:
    """The layout of `lines`; `titles` are what the page may be titled, `name` is the file's name.

    The last heading that fits best is taken: a matching title decides, then a list below it, then a
    form or the end. RefusedError where several posts, each with its comments, stand in one text.
    Source of the rules: docs/reading-view.md.
    """
    headings = [found for found in map(_heading_at, range(len(lines)), lines) if found]
    stops = {heading.line for heading in headings}
    first_line = next((place for place, line in enumerate(lines) if not is_blank(line)), 0)
    candidates = [_rated(heading, lines, titles, stops, first_line) for heading in headings]
    _refuse_several(candidates, lines, titles, name)
    best = max(candidates, key=lambda candidate: (candidate.rank, candidate.heading.line), default=None)
    if best is None or best.rank <= 0:
        return _without_heading(lines)
    block = best.block
    end = block[1] if block else best.heading.line + 1
    return Layout(best.heading, best.heading.line, block[0] if block else None, end)


def announced(lines: list[str]) -> int | None:
    """How many comments a plain heading in `lines` announces, where lines of comments stand below it.

    This is for a text in which no comments could be told apart: a button of theirs ("Reply"), a line
    with their author or one with their date and time shows that the article would swallow them.
    """
    headings = (_heading_at(place, line) for place, line in enumerate(lines))
    plain = next((found for found in headings if found and found.declared and not found.quoted), None)
    if plain is None:
        return None
    below = lines[plain.line + 1 :]
    swallowed = any(is_button(line) or is_header_line(line) or is_stamp_line(line) for line in below)
    return plain.declared if swallowed else None


def _heading_at(place: int, line: str) -> Heading | None:
    return heading_of(line, place) if line and not line[0].isspace() else None


def _rated(
    heading: Heading, lines: list[str], titles: list[str], stops: set[int], first_line: int
) -> _Candidate:
    """How well the lines below `heading` bear out that it announces comments; rank 0 is "not at all"."""
    block = find_list(lines, heading.line + 1, stops) or _find_said(lines, heading.line + 1, stops)
    below = _next_filled(lines, block[1] if block else heading.line + 1)
    closed = _is_closed(lines, below)
    matching = any(same_title(heading.quoted, title) for title in titles)
    if heading.line == first_line:
        # The title of a post may read like a heading; only a page of comments alone begins with one.
        rank = 1 if block and block[0] == below_heading(lines, heading.line) and closed else 0
    elif matching:
        rank = 5 if block else 4
    elif not heading.quoted:
        rank = _rank_of_plain(heading, bool(block), closed)
    elif block:
        rank = 2 if closed else 0
    else:
        rank = 1 if heading.in_quotes and closed else 0
    return _Candidate(heading, rank, block, closed)


def below_heading(lines: list[str], line: int) -> int:
    """The first line below a heading that is neither blank nor a line of a form."""
    place = _next_filled(lines, line + 1)
    for _ in range(_MOST_LINES_BETWEEN):
        if place >= len(lines) or not is_end_mark(lines[place]):
            break
        place = _next_filled(lines, place + 1)
    return place


def find_list(lines: list[str], start: int, stops: set[int]) -> tuple[int, int] | None:
    """First and last line (exclusive) of the list that begins at `start`; None if none begins there.

    Lines of a form between are passed over, for a form may stand before its comments. `stops` are
    lines where a list ends at the latest.
    """
    place = below_heading(lines, start - 1)
    first = marker_of(lines[place]) if place < len(lines) else None
    if first is None:
        return None
    if first.indent < 2:
        return place, _end_of_flat(lines, place, stops)
    return place, _end_of_indented(lines, place, first, stops)


def _find_said(lines: list[str], start: int, stops: set[int]) -> tuple[int, int] | None:
    """The comments without a list that begin at `start`, each below a line like "Mary said..."."""
    place = below_heading(lines, start - 1)
    if place >= len(lines) or place in stops or header_at(lines, place) is None:
        return None
    return place, _end_of_flat(lines, place, stops)


def _rank_of_plain(heading: Heading, has_list: bool, closed: bool) -> int:
    if has_list:
        return 3 if closed else 0
    return 1 if heading.declared is not None and closed else 0


def _end_of_flat(lines: list[str], start: int, stops: set[int]) -> int:
    """The end of a list without indentation, where only an end mark tells it from what follows."""
    for place in range(start, len(lines)):
        if place in stops or (indent_of(lines[place]) < 2 and is_end_mark(lines[place])):
            return place
    return len(lines)


def _end_of_indented(lines: list[str], start: int, first: Marker, stops: set[int]) -> int:
    """The end of an indented list: the first line at the margin, unless the numbers go on below it."""
    last: list[tuple[int, int]] = []
    pending: int | None = None
    for place in range(start, len(lines)):
        line = lines[place]
        if is_blank(line):
            continue
        marker = marker_of(line)
        if indent_of(line) < 2:
            if place in stops or is_end_mark(line):
                return pending or place
            pending = pending or place
        elif marker and is_sure(marker, first):
            if pending and not _goes_on(marker, last):
                return pending
            pending = None
            while last and last[-1][0] >= marker.indent:
                last.pop()
            last.append((marker.indent, marker.number or 0))
    return pending or len(lines)


def _goes_on(marker: Marker, last: list[tuple[int, int]]) -> bool:
    """Whether `marker` has the number after the last one at its level."""
    before = next((number for indent, number in reversed(last) if indent == marker.indent), 0)
    return marker.number is not None and before > 0 and marker.number == before + 1


def _is_closed(lines: list[str], place: int) -> bool:
    """Whether comments can have ended above `place`: at the end of the text, or near an end mark.

    A theme's own heading may stand above a form, and a line with the author above a side column.
    """
    if place == len(lines) or is_end_mark(lines[place]):
        return True
    if lines[place].startswith("By ") and is_end_mark(
        lines[min(_next_filled(lines, place + 1), len(lines) - 1)]
    ):
        return True
    for _ in range(3):
        if place >= len(lines) or len(lines[place]) > 120 or indent_of(lines[place]) >= 2:
            return False
        if is_form_line(lines[place]):
            return True
        place = _next_filled(lines, place + 1)
    return False


def _refuse_several(candidates: list[_Candidate], lines: list[str], titles: list[str], name: str) -> None:
    """RefusedError if more than one heading has a list of comments of its own (T11)."""
    with_lists = [candidate for candidate in candidates if candidate.block]
    if len(with_lists) < 2:
        return
    quoted = {folded(candidate.heading.quoted) for candidate in with_lists if candidate.heading.quoted}
    own_titles = _lines_of_titles(quoted, lines)
    found = 0
    before = 0
    for candidate in with_lists:
        heading = candidate.heading
        places = own_titles.get(folded(heading.quoted), []) if heading.quoted else []
        nearest = bisect_left(places, heading.line) - 1
        titled = nearest >= 0 and places[nearest] >= before
        matching = any(same_title(heading.quoted, title) for title in titles)
        if titled or matching or (candidate.closed and candidate.rank > 0):
            found += 1
            before = heading.line + 1
    if found > 1:
        raise RefusedError(f"“{name}” holds {found} posts with comments of their own; give them one by one.")


def _lines_of_titles(titles: set[str], lines: list[str]) -> dict[str, list[int]]:
    """Where lines stand that are one of the folded `titles` as a whole."""
    longest = 2 * max(map(len, titles), default=0)
    places: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        if line and len(line) <= longest and not line[0].isspace():
            title = folded(line)
            if title in titles:
                places.setdefault(title, []).append(place)
    return places


def _without_heading(lines: list[str]) -> Layout:
    """The layout of a page without a comment heading; a list counts only where a form is beside it."""
    first = _next_filled(lines, 0)
    block = find_list(lines, 0, set())
    if block and block[0] == first and indent_of(lines[first]) >= 2:
        rest = _next_filled(lines, block[1])
        if _is_closed(lines, rest) and _is_loose(lines, block):
            return Layout(None, first, block[0], block[1], guessed=True)
    for place, line in enumerate(lines):
        if not line or line[0].isspace() or not is_form_line(line):
            continue
        block = _block_before(lines, place) or _block_behind(lines, place)
        if block:
            return Layout(None, min(block[0], place), block[0], block[1], guessed=True)
    return Layout(None, len(lines), None, len(lines))


def _block_before(lines: list[str], form: int) -> tuple[int, int] | None:
    """The list right above a form line, unless it reads like a part of the article."""
    place = form
    while place and (is_blank(lines[place - 1]) or indent_of(lines[place - 1]) >= 2):
        place -= 1
    start = next((number for number in range(place, form) if marker_of(lines[number])), None)
    if start is None or not _is_loose(lines, (start, form)):
        return None
    above = lines[place - 1].strip() if place else ""
    if above.endswith(":") or _OWN_LISTS.fullmatch(above.casefold().rstrip(".")):
        return None
    return start, form


def _block_behind(lines: list[str], form: int) -> tuple[int, int] | None:
    """The list right below a form line, where it goes on to the end or to an end mark."""
    below = _next_filled(lines, form + 1)
    if below < len(lines) and is_form_line(lines[below]):
        return None
    block = find_list(lines, form + 1, set())
    if block is None or indent_of(lines[block[0]]) < 2 or not _is_loose(lines, block):
        return None
    rest = _next_filled(lines, block[1])
    return block if _is_closed(lines, rest) else None


def _is_loose(lines: list[str], block: tuple[int, int]) -> bool:
    """Whether blank lines stand between the outermost items; an article's plain list has none."""
    markers = [(place, marker_of(lines[place])) for place in range(*block)]
    depths = [(place, marker.indent) for place, marker in markers if marker]
    least = min((indent for _, indent in depths), default=0)
    outermost = [place for place, indent in depths if indent == least]
    return all(is_blank(lines[place - 1]) for place in outermost[1:])


def _next_filled(lines: list[str], start: int) -> int:
    place = start
    while place < len(lines) and is_blank(lines[place]):
        place += 1
    return place
