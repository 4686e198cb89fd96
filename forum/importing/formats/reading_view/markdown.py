"""Reads a blog page that was turned into Markdown (html2text's kind), comments with their ids."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from forum.importing.formats.reading_view.authors import header_of
from forum.importing.formats.reading_view.counts import refuse_too_many
from forum.importing.formats.reading_view.dates import moment_in
from forum.importing.formats.reading_view.headings import Heading, heading_of, same_title
from forum.importing.formats.reading_view.items import Item
from forum.importing.formats.reading_view.lines import (
    Marker,
    dedented,
    indent_of,
    is_blank,
    joined,
    marker_of,
)
from forum.importing.formats.reading_view.signals import suggest_parents
from forum.importing.formats.reading_view.tails import Furniture, is_button, is_form_line
from forum.importing.formats.reading_view.tree import Place, build_tree
from forum.importing.records import ArchivedArticle, ArchivedComment, RefusedError

_MOST_LETTERS = 2000
_MOST_LINKS = 40
_URL = r"\(\s*((?:[^()\\\s]|\\.)*)(?:\s+\"(?:[^\"\\]|\\.)*\")?\s*\)"
_IMAGE = re.compile(rf"!\[(?:[^\[\]\\]|\\.)*\]{_URL}")
_LINK = re.compile(rf"\[((?:[^\[\]\\]|\\.)*)\]{_URL}")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_COMMENT_ID = re.compile(r"#(?:comment-|c)(\d{1,20})\b|[?&]replytocom=(\d{1,20})\b")
_OF_A_FORM = re.compile(r"\]\([^()\s]*#respond\b")
_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,})[ \t]*")
_LINKS_OF_A_PAGE = 3
# html2text indents a level by three columns, other writers by two or four.
_STEP = 4


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading line: where it stands, its level, its text, and whether all of it is a link."""

    line: int
    level: int
    text: str
    linked: bool


@dataclass(slots=True)
class _Entry:
    """One comment's list item, its header taken apart."""

    item: Item
    name: str
    url: str
    when: str
    text: list[str] = field(default_factory=list)

    @property
    def opens(self) -> bool:
        """Whether its text begins on the line of its marker, as it does without a header."""
        return not (self.name or self.url)


def is_markdown(lines: Sequence[str]) -> bool:
    """Whether the lines are a page in Markdown: its comment heading is a Markdown heading, or it has
    headings and links of that kind and no comment heading in plain text."""
    sections = _sections(lines)
    if any(heading_of(section.text) for section in sections):
        return True
    links = sum("](http" in line for line in lines)
    if not sections or links < _LINKS_OF_A_PAGE:
        return False
    return not any(heading_of(line) for line in lines if line and not line[0].isspace())


def read_markdown(lines: Sequence[str], name: str) -> tuple[ArchivedArticle, Furniture]:
    """The article of a Markdown page with its comments, and what the form below them told.

    The body keeps its Markdown as text. Comments keep the page's own ids as keys. RefusedError where
    no list of comments is found, for then navigation could not be told from them.
    Source of the form: docs/reading-view.md.
    """
    sections = _sections(lines)
    heading, start, end = _find_comments(lines, sections)
    if heading is None:
        raise RefusedError(f"“{name}” is a page in Markdown without a list of comments that can be read.")
    title = _title(sections, heading)
    first = title.line + 1 if title else 0
    article = ArchivedArticle(
        title=title.text if title else heading.quoted,
        body=joined(list(lines[first : heading.line])),
        declared=heading.declared,
    )
    entries = _entries(lines[start:end])
    refuse_too_many(len(entries), name)
    tree = build_tree([entry.item for entry in entries], _STEP)
    article.remarks.extend(tree.remarks)
    quoted = all(_is_quotation(entry.text) for entry in entries)
    article.comments = [_comment(entry, tree.places, place, quoted) for place, entry in enumerate(entries)]
    article.remarks.extend(suggest_parents(article.comments, [entry.item for entry in entries]))
    furniture = Furniture()
    if end < len(lines):
        furniture.note(_plain(lines[end]).lstrip("# "))
    article.hints["comment_heading"] = heading.text
    return article, furniture


def _sections(lines: Sequence[str]) -> list[_Section]:
    found = []
    for place, line in enumerate(lines):
        if not line or line[0].isspace() or len(line) > _MOST_LETTERS:
            continue
        if line[0] == "#" and _HEADING.match(line):
            text = line.strip("# \t")
            level = len(line) - len(line.lstrip("#"))
        elif place + 1 < len(lines) and _UNDERLINE.fullmatch(lines[place + 1]) and marker_of(line) is None:
            text = line.strip()
            level = 1 if lines[place + 1][0] == "=" else 2
        else:
            continue
        found.append(_Section(place, level, _plain(text), bool(_LINK.fullmatch(text.strip("*_")))))
    return found


def _find_comments(lines: Sequence[str], sections: Sequence[_Section]) -> tuple[Heading | None, int, int]:
    """The last comment heading that comments follow, and where these begin and end."""
    below = len(lines)
    for section in reversed(sections):
        heading = heading_of(section.text, section.line)
        start, stop = section.line + 1, below
        below = section.line
        if heading is None:
            continue
        comments = [place for place in range(start, stop) if _starts_comment(lines, place)]
        if comments:
            ends = (place for place in range(comments[0], stop) if _ends_comments(lines[place]))
            return heading, start, next(ends, stop)
    return None, 0, 0


def _ends_comments(line: str) -> bool:
    if not line or line[0].isspace() or len(line) > _MOST_LETTERS:
        return False
    if is_form_line(_plain(line)):
        return True
    return "#respond" in line and "replytocom=" not in line and bool(_OF_A_FORM.search(line))


def _title(sections: Sequence[_Section], heading: Heading) -> _Section | None:
    """The section heading that the comment heading quotes, else the first of the highest level."""
    above = [section for section in sections if section.line < heading.line and section.text]
    for section in above:
        if heading.quoted and same_title(heading.quoted, section.text):
            return section
    # A heading that is a link as a whole leads to the front page: it is the site's name.
    own = [section for section in above if not section.linked]
    return min(own, key=lambda section: section.level, default=None)


def _entries(lines: Sequence[str]) -> list[_Entry]:
    entries: list[_Entry] = []
    for place, line in enumerate(lines):
        marker = _starts_comment(lines, place)
        if marker:
            entries.append(_entry(lines, place, marker))
        elif entries:
            entries[-1].text.append(line)
    for entry in entries:
        entry.item.lines = _own_text(_at_the_margin(entry.text, entry.opens), entry)
        entry.text = entry.item.lines
    return entries


def _at_the_margin(lines: list[str], opens: bool) -> list[str]:
    """A comment's lines without the indentation of its list item, which html2text leaves out and others
    write; `opens` says that the first line stood behind the marker. A list in it keeps its own."""
    first, rest = (lines[:1], lines[1:]) if opens else ([], lines)
    least = min((indent_of(line) for line in rest if not is_blank(line)), default=0)
    return [*first, *(dedented(line, least) for line in rest)]


def _starts_comment(lines: Sequence[str], place: int) -> Marker | None:
    """The marker of a line that begins a comment: an author, and an id there or on the line below."""
    marker = marker_of(lines[place])
    if marker is None or len(lines[place]) > _MOST_LETTERS or not marker.text.strip():
        return None
    if marker.text.count("[") > _MOST_LINKS:
        return None
    below = next((line for line in lines[place + 1 : place + 4] if not is_blank(line)), "")
    found = _COMMENT_ID.search(below) if _is_link_line(below) else None
    if _COMMENT_ID.search(marker.text) or (found and found[1]):
        return marker
    header = header_of([_plain(marker.text), "", "x"])
    return marker if header and header.sure else None


def _entry(lines: Sequence[str], place: int, marker: Marker) -> _Entry:
    plain = _plain(marker.text).strip("# ")
    header = header_of([plain, "", "x"])
    url = next(
        (link[2] for link in _LINK.finditer(_IMAGE.sub("", marker.text)) if _is_author_url(link[2])), ""
    )
    below = next((line for line in lines[place + 1 : place + 4] if not is_blank(line)), "")
    found = _COMMENT_ID.search(marker.text) or _COMMENT_ID.search(below if _is_link_line(below) else "")
    source_id = (found[1] or found[2]) if found else ""
    item = Item(marker.indent, marker.number, marker.width, source_id=source_id)
    if header:
        return _Entry(item, header.name, url, header.when)
    return _Entry(item, plain if url else "", url, "", [] if url else [marker.text])


def _own_text(lines: list[str], entry: _Entry) -> list[str]:
    """The lines of a comment without its date, its buttons and its author's picture."""
    kept: list[str] = []
    for line in lines:
        found = _COMMENT_ID.search(line) if _is_link_line(line) else None
        if found and found[1] and not entry.when and not any(map(str.strip, kept)):
            entry.when = _plain(line).strip()
        elif found or "like_comment=" in line or (line.startswith("![") and not _plain(line).strip()):
            continue
        else:
            kept.append(line.rstrip(" "))
    while kept and (is_blank(kept[-1]) or is_button(_plain(kept[-1]))):
        kept.pop()
    return kept


def _comment(entry: _Entry, places: Sequence[Place], index: int, quoted: bool) -> ArchivedComment:
    place = places[index]
    text = [line.removeprefix(">").removeprefix(" ") for line in entry.text] if quoted else entry.text
    return ArchivedComment(
        key=place.key,
        position=index + 1,
        body=joined(text),
        parent_key=places[place.parent].key if place.parent is not None else None,
        author_name=entry.name,
        author_url=entry.url,
        posted_at=moment_in(entry.when),
        posted_as_written=entry.when,
        parent_certain=place.certain,
        confidence=place.confidence,
    )


def _is_quotation(lines: Sequence[str]) -> bool:
    """Whether a comment is wholly a block quotation, as some themes set every comment."""
    filled = [line for line in lines if not is_blank(line)]
    return bool(filled) and all(line.startswith(">") for line in filled)


def _is_link_line(line: str) -> bool:
    return (
        line.count("[", 0, 2 * _MOST_LINKS) <= 3
        and len(line) <= _MOST_LETTERS
        and bool(_LINK.fullmatch(line.strip()))
    )


def _is_author_url(url: str) -> bool:
    return url.startswith(("http://", "https://")) and not _COMMENT_ID.search(url)


def _plain(text: str) -> str:
    """Markdown as a reader sees it: no pictures, links as their text, no marks of emphasis."""
    if len(text) > _MOST_LETTERS or text.count("[") > _MOST_LINKS:
        return text
    text = _LINK.sub(lambda link: link[1], _IMAGE.sub("", text))
    text = re.sub(r" {2,}", " ", text.replace("**", "").replace("__", ""))
    return _ESCAPE.sub(r"\1", text).strip(" _")
