"""What markup is safe: bleach decides the policy, nh3 stands behind it as the maintained second wall."""

import threading
from urllib.parse import urlsplit

import nh3
from bleach.sanitizer import Cleaner

VERSION = 1
TAGS = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "br", "cite", "code", "del", "em", "h2", "h3", "h4", "hr", "i"),
        *("ins", "li", "ol", "p", "pre", "q", "s", "strong", "sub", "sup", "u", "ul"),
    }
)
SCHEMES = {"http", "https"}
_REL = "nofollow ugc noopener noreferrer"
_local = threading.local()


def clean_html(html: str) -> str:
    """Untrusted HTML in, safe HTML out: only TAGS, only links to web addresses.

    What bleach does not know it escapes, so that `<3` and `p<0.05` survive as text; nh3 then drops
    whatever could have slipped through. The result is stored beside the source with VERSION.
    """
    escaped = _cleaner().clean(html)
    return nh3.clean(
        escaped,
        tags=set(TAGS),
        attributes={"a": {"href", "title"}, "abbr": {"title"}},
        url_schemes=SCHEMES,
        link_rel=_REL,
    )


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


def _allowed(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag == "a" and is_web_address(value)
    return name == "title" and tag in {"a", "abbr"}


def _cleaner() -> Cleaner:
    # bleach's cleaner is costly to build and not safe to share between threads.
    if not hasattr(_local, "cleaner"):
        _local.cleaner = Cleaner(tags=TAGS, attributes=_allowed, protocols=SCHEMES)
    return _local.cleaner
