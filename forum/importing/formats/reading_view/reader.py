"""Reads the plain text of one blog page, as a browser's reading view or a scraper leaves it."""

import datetime
import re
from collections.abc import Iterator

from forum.importing.formats.reading_view.comments import glued_places, make_comments
from forum.importing.formats.reading_view.counts import compare_counts, refuse_too_many
from forum.importing.formats.reading_view.dates import day_in
from forum.importing.formats.reading_view.decoding import (
    decode,
    looks_like_text,
    looks_like_windows_1252,
)
from forum.importing.formats.reading_view.front import Front, likely_titles, read_front
from forum.importing.formats.reading_view.items import split_items, split_said
from forum.importing.formats.reading_view.layout import Layout, announced, find_layout
from forum.importing.formats.reading_view.lines import is_blank, joined, marker_of
from forum.importing.formats.reading_view.markdown import is_markdown, read_markdown
from forum.importing.formats.reading_view.signals import suggest_parents
from forum.importing.formats.reading_view.tails import Furniture, cut_tail, is_end_mark, is_form_line
from forum.importing.formats.reading_view.tree import build_tree
from forum.importing.formats.remarks import remarked
from forum.importing.records import ArchivedArticle, Given, RefusedError, Remark, Source

NAME = "reading-view"
ONE_PAGE = True
MAX_BYTES = 5_000_000
MAX_LINES = 300_000

_OTHER_FORMATS = re.compile(
    rb"\s*(?:<(?:\?xml|!doctype|!--|html|head|body|rss|rdf|feed|disqus)|\{\s*[\"}]|\[\s*[\[{\]\"])"
    rb"|PK(?:\x03\x04|\x05\x06)|\x1f\x8b|WARC/|filedesc://",
    re.IGNORECASE,
)
_MOST_LINES_OF_FORM = 12
_LONGEST_LINE_OF_FORM = 300


def recognises(head: bytes, name: str) -> bool:
    """Whether a file that begins with `head` can be read here: any text that is no other known format.

    This is the fallback of all readers, so it looks at the content only and never at `name`.
    """
    return looks_like_text(head) and not _OTHER_FORMATS.match(head.removeprefix(b"\xef\xbb\xbf"))


def is_misencoded(head: bytes) -> bool:
    """Whether a file that nobody recognises begins like a text of ours in the old encoding of Windows."""
    return looks_like_windows_1252(head) and not _OTHER_FORMATS.match(head)


@remarked
def read(source: Source) -> Iterator[ArchivedArticle]:
    """Yields the one article of a reading view with its comments.

    Text that keeps neither list markers nor indentation (trafilatura's kind) does not tell comments
    from the article: it is read as an article without comments, and says so in its remarks.
    RefusedError, one sentence, for what is no text, holds several posts, or announces comments and
    holds none of them. Rules: docs/reading-view.md.
    """
    text, removed = decode(source.read_bytes(MAX_BYTES), source.name)
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise RefusedError(f"“{source.name}” has more than {MAX_LINES} lines, too many for one page.")
    if is_markdown(lines):
        article, furniture = read_markdown(lines, source.name)
    else:
        _refuse_pasted_twice(text, source.name)
        article, furniture = _read_plain(lines, source)
    compare_counts(article, furniture.paged)
    _add_hints(article, furniture)
    _apply_given(article, source.given)
    if removed:
        article.hints["control_characters"] = removed
    yield article


def _read_plain(lines: list[str], source: Source) -> tuple[ArchivedArticle, Furniture]:
    given = source.given.title
    layout = find_layout(lines, likely_titles(lines, given), source.name)
    front = read_front(lines, layout.body_end, layout.heading, given)
    furniture = Furniture()
    article = ArchivedArticle(
        title=front.title,
        body=_body(lines, front, layout, furniture),
        author_name=front.author,
        declared=layout.heading.declared if layout.heading else None,
    )
    _date(article, front.date)
    if layout.list_start is not None:
        for line in lines[layout.body_end : layout.list_start]:
            furniture.note(line)
        _read_comments(article, lines[layout.list_start : layout.list_end], furniture, source.name)
    if not article.comments and not article.declared:
        article.declared = announced(lines[front.body_start :]) or article.declared
    _read_rest(article, lines, layout, furniture)
    _add_front_hints(article, front, layout)
    if layout.guessed:
        message = "The text has no comment heading; the list beside the reply form was read as its comments."
        article.remarks.append(Remark("reading_doubtful", "", message))
    return article, furniture


def _read_comments(article: ArchivedArticle, lines: list[str], furniture: Furniture, name: str) -> None:
    in_a_list = marker_of(lines[0]) is not None
    items = split_items(lines) if in_a_list else split_said(lines, article.declared)
    refuse_too_many(len(items), name)
    tree = build_tree(items)
    article.comments = make_comments(items, tree.places, furniture, headed=not in_a_list)
    article.remarks.extend(tree.remarks)
    article.remarks.extend(suggest_parents(article.comments, items))


def _body(lines: list[str], front: Front, layout: Layout, furniture: Furniture) -> str:
    """The article's text; a form that ends it is cut off with all that stands below it."""
    own = lines[front.body_start : layout.body_end]
    at_the_end = layout.body_end == len(lines)
    if at_the_end:
        own = _without_form(own, furniture)
    own = cut_tail(own, at_the_end, furniture)
    return joined(own)


def _without_form(lines: list[str], furniture: Furniture) -> list[str]:
    """The lines above the first form line, if what follows it is short enough to be a form's rest."""
    for place, line in enumerate(lines):
        if not line or line[0].isspace() or not is_form_line(line):
            continue
        below = [rest for rest in lines[place:] if not is_blank(rest)]
        if len(below) > _MOST_LINES_OF_FORM or any(len(rest) > _LONGEST_LINE_OF_FORM for rest in below):
            return lines
        for rest in below:
            furniture.note(rest)
        return lines[:place]
    return lines


def _read_rest(article: ArchivedArticle, lines: list[str], layout: Layout, furniture: Furniture) -> None:
    """Goes through the lines below the comments; text of people there is kept as a hint and reported."""
    if layout.heading is None and layout.list_start is None:
        return
    rest = lines[layout.list_end :]
    for line in rest:
        if line:
            furniture.note(line)
    own = []
    for line in rest:
        if is_end_mark(line):
            break
        own.append(line)
    text = joined(own)
    has_end_mark = len(own) < len(rest)
    if not text or text.casefold() == "continue reading":
        return
    if layout.list_start is None and not article.declared:
        raise RefusedError(
            "The text has comments, but not in a form that can be read, so nothing was imported."
        )
    article.hints["after_comments"] = text[:2000]
    # One short line above the form is the theme's own heading for it.
    if "\n" in text or not has_end_mark:
        message = (
            "Text below the list of comments was left out, as it belongs neither to them nor to the article."
        )
        article.remarks.append(Remark("text_left_out", "", message))


def _add_front_hints(article: ArchivedArticle, front: Front, layout: Layout) -> None:
    hints = {
        "comment_heading": layout.heading.text if layout.heading else "",
        "before_title": "\n".join(front.above),
        "title_in_text": front.title_line if front.title_line != article.title else "",
        "glue": glued_places(article.body),
    }
    article.hints.update({name: value for name, value in hints.items() if value})


def _add_hints(article: ArchivedArticle, furniture: Furniture) -> None:
    article.site_name = furniture.site_name
    if furniture.reply_form_name:
        article.hints["reply_form_name"] = furniture.reply_form_name
    if furniture.paged:
        article.hints["more_comment_pages"] = True


def _date(article: ArchivedArticle, written: str) -> None:
    article.date_as_written = written
    day = day_in(written) if written else None
    if day:
        article.published_at = datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)
        article.date_precision = "day"


def _apply_given(article: ArchivedArticle, given: Given) -> None:
    """Lets what the admin says win over the text."""
    article.url = given.url or article.url
    article.title = given.title or article.title
    if given.date:
        article.published_at = datetime.datetime.combine(given.date, datetime.time(), tzinfo=datetime.UTC)
        article.date_precision = "day"
        article.date_as_written = given.date.isoformat()


def _refuse_pasted_twice(text: str, name: str) -> None:
    """RefusedError if the text is the same page two times over (T11)."""
    whole = text.strip()
    first = whole.split("\n", 1)[0]
    again = whole.find("\n" + first + "\n", len(whole) // 2 - len(first) - 8) if "\n" in whole else -1
    if again > 0 and whole[:again].strip() == whole[again:].strip():
        raise RefusedError(f"“{name}” holds the same page 2 times; give it once.")
