"""Reads a saved web page: one blog post with its comments, as the browser or the Wayback Machine gave it."""

import datetime
import re
from collections.abc import Iterator

from forum.importing.formats.html.article import find_address, is_listing, read_article
from forum.importing.formats.html.boxes import Box, find_boxes
from forum.importing.formats.html.comments import keys_of, make_comment
from forum.importing.formats.html.counts import comment_page, find_heading, is_paged, reconcile
from forum.importing.formats.html.decoding import decode
from forum.importing.formats.html.markup import Media
from forum.importing.formats.html.mhtml import is_mhtml, root_of
from forum.importing.formats.html.page import Page, parse, text_of
from forum.importing.formats.html.parents import Parent, find_parents
from forum.importing.formats.reading_view.tails import Furniture
from forum.importing.formats.remarks import remarked
from forum.importing.records import (
    ArchivedArticle,
    ArchivedComment,
    Given,
    RefusedError,
    Remark,
    Source,
)

NAME = "html"
ONE_PAGE = True
MAX_BYTES = 20_000_000

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_BEFORE = re.compile(rb"(?:\s+|<\?[^>]{0,500}>|<!--.{0,20000}?-->)*", re.DOTALL)
_PAGE = re.compile(
    rb"<(?:!doctype\s+html|(?:html|head|body|meta|title|link|script|style|div|article|main|section|ol|ul|h1)[\s>])",
    re.IGNORECASE,
)


def recognises(head: bytes, name: str) -> bool:
    """Whether a file that begins with `head` is a web page or MHTML; `name` does not matter."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")
    for mark in _MARKS:
        head = head.removeprefix(mark)
    start = _BEFORE.match(head)
    return bool(_PAGE.match(head, start.end() if start else 0)) or is_mhtml(head)


@remarked
def read(source: Source) -> Iterator[ArchivedArticle]:
    """Yields the one post of a saved page, or of an MHTML file, with its comments.

    RefusedError, one sentence, for a file that is too large, and as read_page says.
    """
    content = source.read_bytes(MAX_BYTES)
    if is_mhtml(content[:65_536]):
        root = root_of(content, source.name)
        articles = read_page(root.text, root.address, source.name)
    else:
        articles = read_page(content, "", source.name)
    for article in articles:
        _apply_given(article, source.given)
        yield article


def read_page(content: bytes | str, address: str, name: str, charset: str = "") -> Iterator[ArchivedArticle]:
    """Yields the one post of a web page with its comments.

    `address` is where the page was found and `charset` what its HTTP header said, "" for unknown;
    `name` is what the person calls it. RefusedError, one sentence, for a page that holds neither
    post nor comments, shows several posts, or announces comments and holds none. Sources: the markup
    of WordPress and its themes, WordPress.com, Blogger, wpDiscuz; hAtom; Open Graph.
    """
    if not content.strip():
        raise RefusedError(f"“{name}” is empty.")
    if len(content) > MAX_BYTES:
        raise RefusedError(f"“{name}” is larger than {MAX_BYTES // 1_000_000} MB, too large for a web page.")
    text = content.removeprefix("\ufeff") if isinstance(content, str) else decode(content, charset)
    page = parse(text, address, name)
    page.url = find_address(page)
    boxes = find_boxes(page, name)
    if not boxes and is_listing(page):
        raise RefusedError(
            f"“{name}” shows a list of posts or none, and no comments; save the page of one post."
        )
    media = Media()
    article = read_article(page, boxes, media)
    heading = find_heading(page, boxes, article.title)
    if not boxes and not article.body and not (heading and heading.declared):
        raise RefusedError(f"“{name}” holds no blog post and no comments in a form that we know.")
    article.declared = heading.declared if heading else None
    article.title = article.title or (heading.quoted if heading else "")
    _read_comments(article, boxes, page, media)
    paged = is_paged(page) or (comment_page(page) or 0) > 1
    reconcile(article, paged)
    _add_hints(article, page, media, heading.text if heading else "", paged)
    yield article


def _read_comments(article: ArchivedArticle, boxes: list[Box], page: Page, media: Media) -> None:
    parents = find_parents(boxes)
    keys = keys_of(boxes, parents)
    records: list[ArchivedComment] = []
    placeholders: dict[str, ArchivedComment] = {}
    for index, (box, parent) in enumerate(zip(boxes, parents, strict=True)):
        if parent.missing and parent.missing not in placeholders:
            placeholders[parent.missing] = _placeholder(parent.missing)
            records.append(placeholders[parent.missing])
        comment = make_comment(box, parent, 0, page, media)
        comment.key = keys[index]
        comment.has_id = keys[index] == box.source_id
        comment.parent_key = keys[parent.index] if parent.index is not None else parent.missing or None
        records.append(comment)
        _remark(article, box, parent, comment)
    for position, record in enumerate(records, start=1):
        record.position = position
    article.comments = records


def _placeholder(source_id: str) -> ArchivedComment:
    return ArchivedComment(
        key=source_id, position=0, body="", has_id=True, body_format="html", kind="placeholder"
    )


def _remark(article: ArchivedArticle, box: Box, parent: Parent, comment: ArchivedComment) -> None:
    key = comment.key
    if parent.missing:
        message = f"Comment {key} answers comment {parent.missing}, which is not on this page."
        article.remarks.append(Remark("parent_missing", key, message))
    elif not parent.certain:
        message = (
            f"Comment {key} stands on level {parent.depth}, but the comment above it is missing: "
            "parent uncertain."
        )
        article.remarks.append(Remark("parent_inferred", key, message))
    if box.source_id and not comment.has_id:
        message = f"Two different comments have the number {box.source_id}; the later one became {key}."
        article.remarks.append(Remark("same_id", key, message))


def _add_hints(article: ArchivedArticle, page: Page, media: Media, heading: str, paged: bool) -> None:
    furniture = Furniture()
    for element in page.root.xpath("//*[@id='reply-title']"):
        furniture.note(text_of(element))
    hints: dict[str, object] = {
        "comment_heading": heading,
        "reply_form_name": furniture.reply_form_name,
        "more_comment_pages": paged,
        "comment_page": comment_page(page),
        "images": media.images,
        "embeds": media.embeds,
        "captured_at": page.captured_at.isoformat() if page.captured_at else "",
    }
    article.hints.update({name: value for name, value in hints.items() if value})


def _apply_given(article: ArchivedArticle, given: Given) -> None:
    """Lets what the admin says win over the page."""
    if given.url and given.url != article.url:
        article.addresses = [*article.addresses, article.url] if article.url else article.addresses
        article.url = given.url
    article.title = given.title or article.title
    if given.date:
        article.published_at = datetime.datetime.combine(given.date, datetime.time(), tzinfo=datetime.UTC)
        article.date_precision = "day"
        article.date_as_written = given.date.isoformat()
