"""Takes active markup out of archived HTML: scripts, frames, forms; words stay, and all is counted."""

import html
import re
from collections import Counter

from forum.text.clean import is_web_address

_ATTRIBUTES = r"(?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*+"
_FRAMES = frozenset({"iframe", "frame", "embed", "object"})
_SILENT = frozenset({"script", "style", "template"})
_DRAWN = frozenset({"svg", "math"})
_ACTIVE = (
    *(*sorted(_SILENT | _FRAMES | _DRAWN), "noscript", "frameset", "noframes", "applet", "param", "form"),
    *("input", "button", "select", "option", "optgroup", "textarea", "fieldset", "legend", "label"),
    *("link", "meta", "base", "marquee", "blink", "canvas", "dialog"),
)
# Every tag is looked at from its "<" on, so that text without any costs nothing.
_SIGN = re.compile(
    rf"</?(?:{'|'.join(_ACTIVE)})\b"
    r"|<[a-z][^<>]*[\s\"'/](?:on[a-z]{3,30}\s*=|(?:href|src)\s*=\s*[\"']?\s*(?:javascript|data|vbscript)\s*:)"
    r"|<img\b[^<>]*\b(?:width|height)\s*[=:]\s*[\"']?\s*[01](?!\d)",
    re.IGNORECASE,
)
_CLOSING = re.compile(rf"</({'|'.join(_SILENT | _DRAWN)})\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(rf"<(/?)([a-zA-Z][\w:-]*)({_ATTRIBUTES})>")
_SOURCE = re.compile(r"\b(?:src|data)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_HANDLER = re.compile(r"[\s\"'/]on[a-z]{3,30}\s*=", re.IGNORECASE)
_SCHEME = re.compile(r"(?:href|src)\s*=\s*[\"']?\s*(?:javascript|data|vbscript)\s*:", re.IGNORECASE)
_SIDE = r"\b{}\s*[=:]\s*[\"']?\s*[01](?:px)?(?!\d)"
_WIDTH, _HEIGHT = (re.compile(_SIDE.format(side), re.IGNORECASE) for side in ("width", "height"))


def without_active(body: str) -> tuple[str, Counter[str]]:
    """HTML without what acts, and how much of it there was by element.

    Scripts and styles go with their content, which nobody wrote to be read; of frames a link to their
    web address stays, of forms and drawings the words. `on…` attributes, addresses that run code
    and tracking pixels are only counted, since the cleaner drops them. Tags that HTML does not know
    are words and stay. Sources: HTML Living Standard (index of elements).
    """
    if not _SIGN.search(body):
        return body, Counter()
    counts: Counter[str] = Counter()
    _count_attributes(body, counts)
    last = {found[1].lower(): found.start() for found in _CLOSING.finditer(body)}
    kept: list[str] = []
    place, drawing = 0, ""
    # By hand and forwards only: a pattern would search the whole rest anew for each that never ends.
    while tag := _TAG.search(body, place):
        kept.append(body[place : tag.start()])
        place, name, ends = tag.end(), tag[2].lower(), bool(tag[1])
        if drawing:
            kept.append(" ")
            drawing = "" if ends and name == drawing else drawing
            continue
        if name not in _ACTIVE:
            kept.append(tag[0])
            continue
        counts[name] += not ends
        has_end = not ends and last.get(name, -1) >= place
        if has_end and name in _SILENT:
            place = _end_of(name, body, place)
        elif has_end:
            drawing = name
        elif name in _FRAMES and not ends:
            kept.append(_link(tag[3]))
    return "".join([*kept, body[place:]]), +counts


def _end_of(name: str, body: str, place: int) -> int:
    """Behind the next closing tag of that name, which is known to be there."""
    while found := _CLOSING.search(body, place):
        place = found.end()
        if found[1].lower() == name:
            break
    return place


def _count_attributes(body: str, counts: Counter[str]) -> None:
    for found in _TAG.finditer(body):
        attributes = found[3]
        counts["on… attribute"] += len(_HANDLER.findall(attributes))
        counts["address that runs code"] += len(_SCHEME.findall(attributes))
        if found[2].lower() == "img" and _WIDTH.search(attributes) and _HEIGHT.search(attributes):
            counts["tracking pixel"] += 1


def _link(attributes: str) -> str:
    """A link to what a frame shows, "" where it names no web address."""
    found = _SOURCE.search(attributes)
    address = html.unescape(next(filter(None, found.groups()), "")).strip() if found else ""
    address = f"https:{address}" if address.startswith("//") else address
    if not is_web_address(address):
        return ""
    shown = html.escape(address)
    return f'<a href="{shown}">{shown}</a>'
