"""Reads how many comments a page announces, whether it has further pages, and compares."""

import re

from lxml import etree

from forum.importing.formats.html.boxes import Box
from forum.importing.formats.html.page import Page, same_place, text_of, tokens
from forum.importing.formats.reading_view.counts import compare_counts
from forum.importing.formats.reading_view.headings import Heading, heading_of, same_title
from forum.importing.formats.reading_view.tails import Furniture
from forum.importing.records import ArchivedArticle

_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend"})
_HEADING_TOKENS = frozenset(
    {
        *("comments-title", "comments-heading", "comments-header", "comment-title", "comments-number"),
        *(
            "comments-count",
            "comment-count",
            "comment-number",
            "wp-block-comments-title",
            "comments-headline",
        ),
        *("wpdtc", "wpd-thread-info", "comment-header", "responses", "commentsheader", "comment_heading"),
    }
)
_COUNT_LINKS = re.compile(r"#(?:comments|respond|comment-form|disqus_thread)$")
_PAGING = re.compile(r"/comment-page-\d{1,4}\b|[?&](?:cpage|commentPage)=\d|[?&]comments?-page=\d")
_OWN_PAGE = re.compile(r"/comment-page-(\d{1,4})\b|[?&]cpage=(\d{1,4})\b")
_LONGEST = 300


def find_heading(page: Page, boxes: list[Box], title: str) -> Heading | None:
    """The heading that announces the page's comments, or a count that its post links to them with.

    Headings inside the comments or behind the first of them do not count; of several the last one
    that gives a number does, one that quotes another title never.
    """
    end = page.place.get(boxes[0].roots[0], len(page.elements)) if boxes else len(page.elements)
    best = None
    for place, element in enumerate(page.elements[:end]):
        is_heading = element.tag in _HEADING_TAGS or tokens(element) & _HEADING_TOKENS
        if not is_heading or len(element) > 12:
            continue
        heading = heading_of(text_of(element, _LONGEST), place)
        if heading is None or (heading.quoted and title and not same_title(heading.quoted, title)):
            continue
        if heading.declared is not None or best is None:
            best = heading
    if best is not None and best.declared is not None:
        return best
    return _linked_count(page) or _counted_attribute(page) or best


def is_paged(page: Page) -> bool:
    """Whether the page points to further pages of comments ("← Older Comments")."""
    furniture = Furniture()
    for element in page.elements:
        if element.tag != "a":
            continue
        href = element.get("href") or ""
        # A comment's own link may name the page that it is on; that is no further page.
        if _PAGING.search(href) and ("#" not in href or href.endswith("#comments")):
            return True
        if tokens(element) & {"loadmore", "paging-control"} and href:
            return True
        furniture.note(text_of(element, _LONGEST))
    return furniture.paged


def comment_page(page: Page) -> int | None:
    """Which of several pages of comments this one is, None where its address does not say."""
    for address in (page.address, page.url):
        found = _OWN_PAGE.search(address)
        if found:
            return int(found[1] or found[2])
    return None


def reconcile(article: ArchivedArticle, paged: bool) -> None:
    """Adds the remark on declared and found comments. A page counts its approved comments only.

    RefusedError where comments are announced and none was found.
    """
    echoes = sum(comment.kind in {"pingback", "trackback"} for comment in article.comments)
    unseen = sum(comment.state == "held" or comment.kind == "placeholder" for comment in article.comments)
    counted = len(article.comments) - unseen
    if unseen and article.declared in {counted, counted - echoes}:
        return
    compare_counts(article, paged)


def _linked_count(page: Page) -> Heading | None:
    for place, element in enumerate(page.elements):
        href = element.get("href") or ""
        if element.tag != "a" or not _COUNT_LINKS.search(href):
            continue
        address = page.link(href)
        if not href.startswith("#") and not (page.url and same_place(address, page.url)):
            continue
        heading = heading_of(text_of(element, _LONGEST), place)
        if heading and heading.declared is not None:
            return heading
    return None


def _counted_attribute(page: Page) -> Heading | None:
    """Blogger's number of comments, which its newer themes print by script only."""
    for place, element in enumerate(page.elements):
        number = _number(element)
        if number is not None and (tokens(element) & {"comments"} or element.get("id") == "comments"):
            return Heading(place, "", number)
    return None


def _number(element: etree._Element) -> int | None:
    text = element.get("data-num-comments") or ""
    return int(text) if text.isdecimal() and len(text) < 7 else None
