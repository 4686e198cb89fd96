"""Reads what stands above an article's text: its title, a date before it, a line about its author."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from forum.importing.formats.reading_view.dates import find_moment, is_weekday_date
from forum.importing.formats.reading_view.headings import Heading, heading_of, same_title
from forum.importing.formats.reading_view.lines import is_blank, marker_of
from forum.importing.formats.reading_view.tails import is_end_mark

_MOST_TITLE_LETTERS = 150
_MOST_SENTENCE_WORDS = 8
_BLOCKS_LOOKED_AT = 12
_BYLINE_BLOCK = 3
_TITLES_LOOKED_AT = 5
_POSTED = re.compile(
    r"(?:posted|published|veröffentlicht|verfasst|geschrieben|publié|publicado)\s?(?:on|in|by|am|von|le|par|en|por|el)"
)
_BY = re.compile(r"(?:.{0,80} )?by (?P<name>[^,]{1,60}) on ", re.IGNORECASE)
_ABOUT_AUTHOR = "about the author"


@dataclass(slots=True)
class Front:
    """The front of a page: its title and the line where the article's text begins.

    `date` is a date line above the title or in the line below it, as written. `above` are the lines
    before the title (the site's name, mostly), `title_line` the title as the text has it.
    """

    title: str = ""
    title_line: str = ""
    body_start: int = 0
    date: str = ""
    author: str = ""
    above: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    lines: list[str]

    @property
    def single(self) -> str:
        """The block's text if it is one line, else ""."""
        return self.lines[0].strip() if len(self.lines) == 1 else ""


def likely_titles(lines: list[str], given: str) -> list[str]:
    """What the page may be titled, before its comments are looked for: the given title and the short
    lines at its top, where the site's name may stand above the title."""
    short = [block.single for block in islice(_blocks(lines), _TITLES_LOOKED_AT) if _is_title(block)]
    return [given, *short] if given else short


def read_front(lines: list[str], body_end: int, heading: Heading | None, given: str) -> Front:
    """The front of `lines`, whose article ends at `body_end`.

    A title quoted in the comment heading is looked for among the first blocks; otherwise the first
    short line is it, or the second where a line about the author follows that one ("Posted in …").
    A `given` title wins. The title is "" where the text has none.
    """
    front = Front()
    blocks = list(_blocks(lines[:body_end]))
    if blocks and is_weekday_date(blocks[0].single):
        front.date = blocks.pop(0).single
        front.body_start = blocks[0].start if blocks else body_end
    # An article of one line is text without a title, unless comments show what it is the title of.
    whole = len(blocks) > 1 or heading is not None
    place = _title_block(blocks, heading, given) if whole else None
    if place is not None:
        front.title_line = front.title = blocks[place].single
        front.above = [line for block in blocks[:place] for line in block.lines]
        front.body_start = blocks[place].start + 1
        _read_byline(blocks[place + 1 : place + 2], front)
        _skip_count(blocks[place + 1 : place + 2], heading, front)
    elif heading:
        front.title = heading.quoted
    front.title = given or front.title
    return front


def _title_block(blocks: list[_Block], heading: Heading | None, given: str) -> int | None:
    wanted = [title for title in (heading.quoted if heading else "", given) if title]
    for title in wanted:
        for place, block in enumerate(blocks):
            if block.single and same_title(title, block.single):
                return place
    for place, block in enumerate(blocks[1 : _BYLINE_BLOCK + 1]):
        if _is_byline(block.lines[0]) and all(_is_title(title) for title in blocks[: place + 1]):
            return place
    return 0 if blocks and _is_title(blocks[0]) else None


def _is_title(block: _Block) -> bool:
    text = block.single
    if not text or len(text) > _MOST_TITLE_LETTERS or marker_of(block.lines[0]):
        return False
    if text[-1] in ",;:" or (text[-1] == "." and len(text.split()) > _MOST_SENTENCE_WORDS):
        return False
    return not is_end_mark(text) and text.casefold() != _ABOUT_AUTHOR


def _is_byline(line: str) -> bool:
    text = line.strip().casefold()
    if len(text) > _MOST_TITLE_LETTERS:
        return False
    return bool(_POSTED.match(text) or (text.startswith("on ") and find_moment(text) and " by" in text))


def _read_byline(blocks: list[_Block], front: Front) -> None:
    """Takes author and date from a line such as "Posted in Food by Ann on August 3, 2019"."""
    if not blocks or not _is_byline(blocks[0].lines[0]):
        return
    line = blocks[0].lines[0].strip()
    moment = find_moment(line)
    if moment is None:
        return
    front.date = front.date or moment[0]
    by = _BY.match(line)
    if by and by.end() == moment.start():
        front.author = by["name"].strip()


def _skip_count(blocks: list[_Block], heading: Heading | None, front: Front) -> None:
    """Leaves out the number of comments that a theme prints below the title, where it is the same."""
    if not blocks or heading is None:
        return
    found = heading_of(blocks[0].single)
    if found and not found.quoted and found.declared is not None and found.declared == heading.declared:
        front.body_start = blocks[0].start + 1


def _blocks(lines: list[str]) -> Iterator[_Block]:
    """The first blocks of lines that blank lines divide."""
    count = start = 0
    filled: list[str] = []
    for place, line in enumerate([*lines[:400], ""]):
        if not is_blank(line):
            start = place if not filled else start
            filled.append(line)
        elif filled:
            yield _Block(start, filled)
            filled, count = [], count + 1
            if count == _BLOCKS_LOOKED_AT:
                return
