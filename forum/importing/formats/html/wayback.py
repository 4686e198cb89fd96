"""Undoes what the Wayback Machine does to a page: rewritten links; and finds when it was captured."""

import datetime
import re
from collections import Counter
from dataclasses import dataclass

_CAPTURE = r"(?:https?:)?(?://web\.archive\.org)?/web/(\d{4,14})(?:[a-z]{2}_)?/"
_REWRITTEN = re.compile(rf"\s*{_CAPTURE}((?:https?:)?/?/?.+)", re.IGNORECASE | re.DOTALL)
_OWN_MARKS = (
    "BEGIN WAYBACK TOOLBAR INSERT",
    "FILE ARCHIVED ON ",
    "__wm.wombat(",
    "web-static.archive.org/_static/",
    "archive.org/_static/js/",
    "playback timings (ms):",
)
_WOMBAT = re.compile(r"__wm\.wombat\(\s*[\"']([^\"'\s]{4,2000})[\"']\s*,\s*[\"'](\d{14})[\"']")
_FILED = re.compile(r"FILE ARCHIVED ON (\d\d:\d\d:\d\d [A-Z][a-z]{2} \d\d, \d{4})")
_IN_A_LINK = re.compile(rf"(?:href|src)\s*=\s*[\"']?{_CAPTURE}https?:", re.IGNORECASE)
_MOST_LINKS = 5000


@dataclass(frozen=True, slots=True)
class Wayback:
    """A page as the Wayback Machine gave it out: when it was captured and under which address."""

    captured_at: datetime.datetime | None
    address: str


def find_wayback(text: str, address: str) -> Wayback | None:
    """What tells that `text` was saved from the Wayback Machine, None for a page that was not.

    Links alone do not tell: a blogger may link to old captures on purpose. Source: the pages that
    web.archive.org serves.
    """
    own = _REWRITTEN.fullmatch(address) if "archive.org" in address else None
    if own is None and not any(mark in text for mark in _OWN_MARKS):
        return None
    wombat = _WOMBAT.search(text)
    stamp = own[1] if own else ""
    original = _whole(own[2]) if own else ""
    if wombat:
        stamp, original = stamp or wombat[2], original or _whole(wombat[1])
    return Wayback(_moment(stamp) or _filed(text) or _usual_moment(text), original)


def without_capture(link: str) -> str:
    """The address that a rewritten link had; any other link as it is. Takes one layer off, no more."""
    found = _REWRITTEN.fullmatch(link)
    return _whole(found[2]) if found else link


def _whole(address: str) -> str:
    """An address with its scheme, which the archive leaves out or shortens to one slash."""
    scheme, _, rest = address.partition(":")
    if scheme.casefold() in {"http", "https"}:
        return f"{scheme}://{rest.lstrip('/')}"
    if ":" in address.split("/", 1)[0] and "." not in scheme:
        return address
    return "http://" + address.lstrip("/")


def _moment(stamp: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


def _filed(text: str) -> datetime.datetime | None:
    found = _FILED.search(text)
    if found is None:
        return None
    try:
        return datetime.datetime.strptime(found[1], "%H:%M:%S %b %d, %Y").replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


def _usual_moment(text: str) -> datetime.datetime | None:
    """The time that most links carry: the archive gives all of them the page's own."""
    stamps: Counter[str] = Counter()
    for number, found in enumerate(_IN_A_LINK.finditer(text)):
        if number == _MOST_LINKS:
            break
        stamps[found[1]] += 1
    return _moment(stamps.most_common(1)[0][0]) if stamps else None
