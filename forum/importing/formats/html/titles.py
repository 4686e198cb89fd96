"""Reads the title of a post and the name of its site, and takes the one off the other."""

import re

from lxml import etree

from forum.importing.formats.html.page import Page, text_of, tokens
from forum.importing.formats.reading_view.headings import folded, heading_of
from forum.text.tidy import one_line

_TITLE_TOKENS = frozenset(
    {"entry-title", "post-title", "wp-block-post-title", "posttitle", "post_title", "article-title", "p-name"}
)
_SITE_TOKENS = frozenset({"site-title", "blog-title", "site-name", "wp-block-site-title", "header-title"})
_SITE_IDS = frozenset({"site-title", "blog-title", "logo", "site-name", "header", "branding", "masthead"})
_HEADS = frozenset({"h1", "h2", "h3"})
_SIGNS = r"[-–—|:«»·•/✩~]|::|&raquo;"
_SEPARATED = re.compile(rf"\s+(?:{_SIGNS})+\s+|:\s+")
_BLOG_ARCHIVE = re.compile(r"\s*»?\s*Blog Archive\s*(?:»\s*)?", re.IGNORECASE)
_LONGEST = 500


def is_title_element(element: etree._Element) -> bool:
    """Whether an element is marked as the title of a post."""
    return bool(tokens(element) & _TITLE_TOKENS) or element.get("itemprop") == "headline"


def find_site_name(page: Page) -> str:
    """The name of the site, "" where the page does not mark it."""
    named = page.meta("og:site_name")
    if named:
        return named[:_LONGEST]
    for element in page.elements:
        if tokens(element) & _SITE_TOKENS or (element.get("id") in _SITE_IDS and element.tag != "body"):
            head = element if element.tag in {"h1", "h2", "p", "div", "a"} and not len(element) else None
            head = head if head is not None else next(iter(element.iter("h1")), None)
            if head is None and tokens(element) & _SITE_TOKENS:
                head = element
            text = text_of(head, 200) if head is not None else ""
            if text and not _is_post_title(head):
                return text
    return ""


def find_title(page: Page, elements: list[etree._Element], site_name: str) -> str:
    """The title of the page's post, "" where there is none; `elements` are those outside of comments."""
    marked = [element for element in elements if is_title_element(element) and element.tag in _HEADS]
    first = next((element for element in marked if element.tag == "h1"), None)
    if first is None:
        first = next(iter(marked), None)
    if first is not None and text_of(first):
        return text_of(first, _LONGEST)
    named = without_site_name(page.meta("og:title"), site_name)
    if named:
        return named[:_LONGEST]
    return _heading(elements, site_name) or without_site_name(_document_title(page), site_name)[:_LONGEST]


def without_site_name(title: str, site_name: str) -> str:
    """A document's title without the site's name at either end and the sign between them."""
    title = _BLOG_ARCHIVE.sub(" » ", title).strip(" »")
    wanted = folded(site_name)
    if not wanted:
        return title
    for found in _SEPARATED.finditer(title):
        before, behind = title[: found.start()], title[found.end() :]
        if behind and folded(before) == wanted:
            return behind
        if before and folded(behind) == wanted:
            return before
    return title


def _heading(elements: list[etree._Element], site_name: str) -> str:
    """The only first-level heading that is neither the site's name nor the comments'."""
    found = []
    for element in elements:
        if element.tag != "h1" or tokens(element) & _SITE_TOKENS or element.get("id") in _SITE_IDS:
            continue
        text = text_of(element, _LONGEST)
        if text and folded(text) != folded(site_name) and heading_of(text) is None:
            found.append(text)
    return found[0] if len(found) == 1 else ""


def _document_title(page: Page) -> str:
    found = page.root.xpath("//head/title | //title")
    return one_line(found[0].text or "", _LONGEST) if found else ""


def _is_post_title(element: etree._Element | None) -> bool:
    return element is not None and is_title_element(element)
