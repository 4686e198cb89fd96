"""Makes comment records of list items: header, text, buttons and state, each in its field."""

import re
from collections.abc import Sequence
from itertools import islice

from forum.importing.formats.reading_view.authors import Header, header_of
from forum.importing.formats.reading_view.dates import moment_in
from forum.importing.formats.reading_view.items import Item
from forum.importing.formats.reading_view.lines import is_blank, joined
from forum.importing.formats.reading_view.tails import (
    Furniture,
    cut_tail,
    is_button,
    is_form_inside,
    is_held_notice,
)
from forum.importing.formats.reading_view.tree import Place
from forum.importing.records import ArchivedComment

_ECHO = re.compile(r"(pingback|trackback):[ \u00a0]*", re.IGNORECASE)
_GLUE = re.compile(r"(?:[^\W\d_A-Z]{3}|\w[\"”]|[^\W\d_A-Z][.!?][\"”]?)(?=[A-Z])")
_MOST_GLUE = 20
_GLUE_AROUND = 15
_COMMON_SHARE = 0.6
_INDENTED = 2


def glued_places(text: str) -> list[str]:
    """Up to twenty places where a line break may be lost (“caseAnd”), for an editor to look at."""
    places = []
    for found in islice(_GLUE.finditer(text), _MOST_GLUE):
        before = text[max(0, found.end() - _GLUE_AROUND) : found.end()].split()[-1]
        after = text[found.end() : found.end() + _GLUE_AROUND].split()[0]
        places.append(before + after)
    return places


def make_comments(
    items: Sequence[Item], places: Sequence[Place], furniture: Furniture, headed: bool = False
) -> list[ArchivedComment]:
    """The records of `items`, in order; what boilerplate in them tells goes into `furniture`.

    `headed` says that the items were told apart by their author lines.
    """
    last = len(items) - 1
    texts = [_without_buttons(item, index == last, furniture) for index, item in enumerate(items)]
    headers = [header_of(lines) for lines in texts] if headed else _headers(texts)
    return [_comment(texts[index], headers[index], places, index) for index in range(len(items))]


def _headers(texts: list[list[str]]) -> list[Header | None]:
    """The headers that count: the sure ones, and the others where most comments have one.

    A first line like "My doctor says:" is a header only on a page that prints such lines.
    """
    found = [header_of(lines) for lines in texts]
    count = sum(header is not None for header in found)
    common = count > 1 and count >= _COMMON_SHARE * len(texts)
    return [header if header and (header.sure or common) else None for header in found]


def _comment(lines: list[str], header: Header | None, places: Sequence[Place], index: int) -> ArchivedComment:
    place = places[index]
    lines = header.rest if header else lines
    lines, state = _without_held_notice(lines)
    body, kind = _without_echo_mark(joined(lines))
    glue = glued_places(body)
    return ArchivedComment(
        key=place.key,
        position=index + 1,
        body=body,
        parent_key=places[place.parent].key if place.parent is not None else None,
        kind=kind,
        state=state,
        author_name=header.name if header else "",
        posted_at=moment_in(header.when) if header else None,
        posted_as_written=header.when if header else "",
        parent_certain=place.certain,
        confidence=place.confidence,
        hints={"glue": glue} if glue else {},
    )


def _without_buttons(item: Item, last: bool, furniture: Furniture) -> list[str]:
    """The item's lines without buttons and boilerplate at their end; the first line always stays."""
    lines = item.text().split("\n")
    while len(lines) > 1 and (is_blank(lines[-1]) or is_button(lines[-1]) or is_form_inside(lines[-1])):
        furniture.note(lines.pop())
    if item.indent >= _INDENTED:
        return lines
    kept = lines[:1] + cut_tail(lines[1:], last, furniture)
    while len(kept) > 1 and (is_blank(kept[-1]) or is_button(kept[-1])):
        kept.pop()
    return kept


def _without_held_notice(lines: list[str]) -> tuple[list[str], str]:
    """The lines without a notice of moderation at either end, and the comment's state."""
    filled = [place for place, line in enumerate(lines) if not is_blank(line)]
    if len(filled) > 1:
        for place in (filled[0], filled[-1]):
            if is_held_notice(lines[place]):
                return lines[:place] + lines[place + 1 :], "held"
    return lines, "visible"


def _without_echo_mark(body: str) -> tuple[str, str]:
    found = _ECHO.match(body)
    if found is None:
        return body, "comment"
    return body[found.end() :].lstrip("\n") or body, found[1].casefold()
