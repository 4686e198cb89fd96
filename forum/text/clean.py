"""What markup is safe: bleach decides the policy, nh3 stands behind it as the maintained second wall."""

import re
import threading
from html import escape
from urllib.parse import urlsplit

import nh3
from bleach.sanitizer import Cleaner

from forum.text.tidy import plain

VERSION = 2
TAGS = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "br", "cite", "code", "del", "em", "h2", "h3", "h4", "hr", "i"),
        *("ins", "li", "ol", "p", "pre", "q", "s", "strong", "sub", "sup", "u", "ul"),
    }
)
SCHEMES = {"http", "https"}
DEEPEST = 100
# What archived pages are built of: these tags go and their words stay, while what bleach does not know
# is shown as text.
_BOXES = (
    *("address", "article", "aside", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure"),
    *("footer", "header", "hgroup", "main", "nav", "section", "summary"),
)
_INLINE = (
    *("acronym", "audio", "bdi", "bdo", "big", "data", "dfn", "figcaption", "font", "img", "kbd", "label"),
    *("mark", "nobr", "picture", "rb", "rp", "rt", "ruby", "samp", "small", "source", "span", "strike"),
    *("time", "track", "tt", "var", "video", "wbr"),
)
_HEADINGS = ("h1", "h5", "h6")
_TABLE = ("caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr")
_BOX = re.compile(f"<(/?)(?:{'|'.join(_BOXES)})>")
_TOP_HEADING = re.compile(r"<(/?)h1>")  # a page's one h1 is the article's title
_LOW_HEADING = re.compile(r"<(/?)h[56]>")
_ROW = re.compile(r"</tr>")
_CELL = re.compile(r"</t[dh]>")
_EMPTY = re.compile(r"<p>\s*</p>\s*")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_CLOSED_BY_THEMSELVES = frozenset(
    {
        *("area", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option"),
        *("p", "td", "th", "tr", "wbr"),
    }
)
# Bare paragraphs and line breaks around text without a single sign of markup: nothing to clean, and most
# of what people write.
_PARAGRAPHS = re.compile(
    r"(?!\ufeff)(?:[^<>&\xa0]*|(?:<p>[^<>&\xa0]*(?:<br(?: ?/)?>[^<>&\xa0]*)*</p>[ \n]*)*)"
)
_BREAK = re.compile(r"<br ?/>")
_REL = "nofollow ugc noopener noreferrer"
_local = threading.local()


def clean_html(html: str) -> str:
    """Untrusted HTML in, safe HTML out: only TAGS, only links to web addresses.

    What bleach does not know it escapes, so that `<3` and `p<0.05` survive as text; nh3 then drops
    whatever could have slipped through. Markup that nests deeper than DEEPEST is shown as text.
    The result is stored beside the source with VERSION.
    """
    html = plain(html)
    if _PARAGRAPHS.fullmatch(html):
        return _BREAK.sub("<br>", _EMPTY.sub("", html))
    return _cleaned(html)


def _cleaned(html: str) -> str:
    # A parser takes the first mark of byte order away with each reading.
    html = html.lstrip("\ufeff")
    if _nests_too_deep(html):
        html = escape(html)
    # Control characters are taken out twice: as they came, and as character references brought them.
    escaped = plain(_cleaner().clean(html))
    cleaned = nh3.clean(
        _without_boxes(escaped),
        tags=set(TAGS),
        attributes={"a": {"href", "title"}, "abbr": {"title"}},
        url_schemes=SCHEMES,
        link_rel=_REL,
    )
    # A parser drops a line end right after <pre>, so that keeping it would not be stable.
    return re.sub(r"<pre>\n+", "<pre>", plain(_EMPTY.sub("", cleaned)))


def is_web_address(address: str) -> bool:
    """Whether this is an absolute http or https address with a host, free of control characters.

    bleach alone lets `javascript:123` pass, since it takes the digits for a port.
    """
    if any(ord(c) <= 32 or 0x7F <= ord(c) <= 0xA0 for c in address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in SCHEMES and bool(parts.hostname)
    except ValueError:
        return False


def _without_boxes(html: str) -> str:
    """Boxes of a page's layout as paragraphs, rows as lines, cells apart: their words stay readable."""
    html = _LOW_HEADING.sub(r"<\1h4>", _TOP_HEADING.sub(r"<\1h2>", _BOX.sub(r"<\1p>", html)))
    return _CELL.sub(" ", _ROW.sub("<br>", html))


def _nests_too_deep(html: str) -> bool:
    """Whether elements nest deeper than any person writes; parsers take quadratic time for these."""
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() not in _CLOSED_BY_THEMSELVES:
            depth += -1 if match[1] else 1
            if depth > DEEPEST:
                return True
    return False


def _allowed(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag == "a" and is_web_address(value)
    return name == "title" and tag in {"a", "abbr"}


def _cleaner() -> Cleaner:
    # bleach's cleaner is costly to build and not safe to share between threads.
    if not hasattr(_local, "cleaner"):
        _local.cleaner = Cleaner(
            tags=TAGS.union(_BOXES, _INLINE, _HEADINGS, _TABLE), attributes=_allowed, protocols=SCHEMES
        )
    return _local.cleaner
