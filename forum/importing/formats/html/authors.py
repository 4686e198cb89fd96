"""Reads who wrote a comment: name, address and what identifies the writer within the blog."""

import re
from dataclasses import dataclass, field

from lxml import etree

from forum.importing.formats.html.boxes import Box
from forum.importing.formats.html.page import Page, text_of, tokens
from forum.importing.formats.reading_view.authors import header_of
from forum.text.tidy import one_line

_NAME_TOKENS = (
    *(
        "fn",
        "wp-block-comment-author-name",
        "comment-author-name",
        "comment-author-link",
        "comment_author_link",
    ),
    *("wpd-comment-author", "user", "comment__author", "commentauthor", "comment_author", "comment-author"),
    *("author-name", "comment-name", "author", "username"),
)
_BY_BLOG = frozenset(
    {"bypostauthor", "blog-author", "wpd-blog-post_author", "wpd-blog-author", "authcomment"}
)
_LOGIN = re.compile(r"comment-author-([\w.@-]{1,80})")
_PROFILE = re.compile(r"https?://(?:www|draft)\.blogger\.com/profile/\d{1,30}/?")
# A profile address made from an e-mail address by hashing it is personal data, like the avatar's.
_HASHED = re.compile(r"gravatar\.com/(?:avatar/)?[0-9a-f]{32,64}\b", re.IGNORECASE)
_LONGEST = 200


@dataclass(slots=True)
class Author:
    """Who wrote a comment; `said` is what the header says beside the name (a date, mostly).

    `parts` are the elements that were read, which are no part of the comment's text.
    """

    name: str = ""
    url: str = ""
    key: str = ""
    is_blog_author: bool = False
    said: str = ""
    parts: set[etree._Element] = field(default_factory=set)


def read_author(box: Box, page: Page) -> Author:
    """The author of a comment, as its theme prints it; all "" where it prints none.

    Sources: hCard (`fn`, `vcard`), the comment templates of WordPress, WordPress.com and Blogger.
    """
    author = Author(is_blog_author=_is_blog_author(box))
    element = _name_element(box)
    if element is not None:
        author.parts.add(element)
        author.name, author.said = _name_and_rest(element)
        author.url = _address(element, page)
    author.key = _login(box) or (author.url if _PROFILE.fullmatch(author.url) else "")
    return author


def _name_element(box: Box) -> etree._Element | None:
    by_token: dict[str, etree._Element] = {}
    cite = None
    # The comment's own id element may carry an author's class too; it holds more than the name.
    for element in box.own:
        if element in box.roots and element.tag != "dt":
            continue
        for name in tokens(element).intersection(_NAME_TOKENS):
            if text_of(element, 40):
                by_token.setdefault(name, element)
        if element.get("itemprop") == "name" and text_of(element, 40):
            by_token.setdefault("fn", element)
        if cite is None and element.tag == "cite" and not _is_in_quote(element, box):
            cite = element
    return next((by_token[name] for name in _NAME_TOKENS if name in by_token), cite)


def _is_in_quote(element: etree._Element, box: Box) -> bool:
    for around in element.iterancestors():
        if around in box.roots:
            return False
        if around.tag == "blockquote" or tokens(around) & {"comment-content", "comment-text", "comment-body"}:
            return True
    return False


def _name_and_rest(element: etree._Element) -> tuple[str, str]:
    """The name in an element; a verb of saying and a date behind it are no part of the name."""
    text = text_of(element, 2 * _LONGEST)
    inner = next((link for link in element.iter("a") if text_of(link, 40)), None)
    if inner is not None and text.startswith(whole := text_of(inner, _LONGEST)):
        return whole, text[len(whole) :].strip(" :")
    header = header_of([text, "", "-"])
    if header:
        return one_line(header.name, _LONGEST), header.when
    return one_line(text.rstrip(" :,"), _LONGEST), ""


def _address(element: etree._Element, page: Page) -> str:
    links = [element, *element.iter("a")]
    links += [around for around in element.iterancestors() if around.tag == "a"][:1]
    for link in links:
        address = page.link(link.get("href")) if link.tag == "a" else ""
        if address and not _HASHED.search(address) and "#comment" not in address and "#c" not in address:
            return address
    return ""


def _is_blog_author(box: Box) -> bool:
    if box.tokens & _BY_BLOG:
        return True
    return any(tokens(element) & _BY_BLOG for element in box.own)


def _login(box: Box) -> str:
    """The login in WordPress's class `comment-author-LOGIN`, which only registered writers have."""
    if "byuser" not in box.tokens:
        return ""
    return next((found[1] for name in sorted(box.tokens) if (found := _LOGIN.fullmatch(name))), "")
