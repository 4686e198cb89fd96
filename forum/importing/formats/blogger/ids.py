"""Blogger's ids: strings, as their numbers go beyond what a float holds (G8)."""

import re

_TAG = re.compile(r"tag:blogger\.com,\d{4}:(?:user-\d+\.)?blog-(\d+)(?:\.(?:post|page|comment)-(\d+))?")
_COMMENT_FEED = re.compile(r"/feeds/\d+/(\d+)/comments/[a-z]+/(\d+)(?:[?#]|$)")
_ANCHOR = re.compile(r"#c(\d+)$")


def blog_in(written: str) -> str:
    """The blog's number in the id of a feed or an entry, "" without one."""
    match = _TAG.match(written.strip())
    return match[1] if match else ""


def item_in(written: str) -> str:
    """The number of a post, page or comment in its id; an id of another form as it is."""
    written = written.strip()
    match = _TAG.fullmatch(written)
    return match[2] if match and match[2] else written


def post_and_comment_in(address: str) -> tuple[str, str]:
    """Post and comment that the address of a comment's own feed names, ("", "") for other addresses."""
    match = _COMMENT_FEED.search(address)
    return (match[1], match[2]) if match else ("", "")


def anchor_in(address: str) -> str:
    """The comment that the address of a page points to (`#c123`), "" without one."""
    match = _ANCHOR.search(address)
    return match[1] if match else ""


def rank(key: str) -> tuple[bool, int, str]:
    """A sort key for ids: numbers by their size, anything else behind them."""
    if key.isascii() and key.isdecimal():
        digits = key.lstrip("0")
        return False, len(digits), digits
    return True, 0, key
