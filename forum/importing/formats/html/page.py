"""A parsed page: its elements in reading order without the zones that hold neither post nor comments."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml import etree

from forum.importing.formats.html.limits import refuse_costly
from forum.importing.formats.html.wayback import Wayback, find_wayback, without_capture
from forum.importing.records import RefusedError
from forum.text.clean import is_web_address
from forum.text.tidy import one_line, plain

_MOST_ADDRESS = 2000
_MOST_STEPS = 2000
_LONG = 20_000
_ZONE_TOKENS = frozenset(
    {
        *("sidebar", "widget-area", "widgets", "recentcomments", "widget_recent_comments", "blogroll"),
        *("wp-block-latest-comments", "wp-block-latest-posts", "jp-relatedposts", "related-posts"),
        *(
            "site-footer",
            "comment-respond",
            "comment-form",
            "wpd-form",
            "wpd-form-wrapper",
            "wpdiscuz_hidden",
        ),
        *("comment-form-wrap", "wp-block-post-comments-form", "latest-articles", "popular-posts"),
    }
)
_ZONE_IDS = frozenset(
    {
        *("sidebar", "recentcomments", "respond", "commentform", "comment-form", "colophon", "wpstats"),
        *("wm-ipp", "wm-ipp-base", "wm-ipp-print", "donato", "jp-relatedposts", "comment-editor"),
        *("comment-post-message", "threaded-comment-form", "top-continue", "idc-container-parent"),
    }
)
_ZONE_TAGS = frozenset(
    {
        *("script", "style", "noscript", "template", "form", "iframe", "object", "embed", "svg", "math"),
        *("head", "nav", "button", "select", "textarea", "input"),
    }
)
_WHOLE_PAGE = frozenset({"html", "body", "main"})
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S{4,2000})\s*-->", re.IGNORECASE)


@dataclass(slots=True)
class Page:
    """One page: `elements` are those outside of side columns, forms and scripts, in reading order.

    `address` is where it was found, or "" when nothing tells; `url` the address it gives itself.
    """

    root: etree._Element
    address: str
    wayback: Wayback | None
    elements: list[etree._Element] = field(default_factory=list)
    place: dict[etree._Element, int] = field(default_factory=dict)
    url: str = ""

    @property
    def captured_at(self) -> datetime.datetime | None:
        """When the Wayback Machine captured the page, None for other pages."""
        return self.wayback.captured_at if self.wayback else None

    def link(self, address: str | None) -> str:
        """A link of the page as a whole web address, without the archive's rewriting; "" if it is none."""
        address = (address or "").strip()
        if not address or len(address) > _MOST_ADDRESS:
            return ""
        if self.wayback:
            address = without_capture(address)
        try:
            whole = urljoin(self.url or self.address, address)
        except ValueError:
            return ""
        return whole if is_web_address(whole) else ""

    def meta(self, name: str) -> str:
        """The content of the page's meta element of this name or property, "" without one."""
        found = self.root.xpath("//meta[@property=$name or @name=$name]/@content", name=name)
        return one_line(str(found[0]), _MOST_ADDRESS) if found else ""


def parse(text: str, address: str, name: str) -> Page:
    """The page that `text` is; RefusedError for one that is empty, too large or nested too deeply."""
    refuse_costly(text, name)
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml.html.document_fromstring(plain(text).encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise RefusedError(f"“{name}” holds no web page.") from error
    # libxml2 drops without a sound what lies deeper than it goes; half a page must not look whole.
    if any("xcessive depth" in entry.message for entry in parser.error_log):
        raise RefusedError(f"“{name}” nests its tags too deeply to be a page of a blog.")
    saved_from = _SAVED_FROM.search(text)
    address = address or (saved_from[1] if saved_from else "")
    wayback = find_wayback(text, address)
    page = Page(root, _own_address(address, wayback), wayback)
    page.elements = [
        element for event, element in walk(root, lambda each: not _is_zone(each)) if event == "start"
    ]
    page.place = {element: number for number, element in enumerate(page.elements)}
    return page


def walk(
    root: etree._Element, wanted: Callable[[etree._Element], bool]
) -> Iterator[tuple[str, etree._Element]]:
    """Goes through `root` without recursion: "start" and "end" of each wanted element, "skipped" else.

    `root` itself is always gone into.
    """
    yield "start", root
    open_elements = [(root, iter(root))]
    while open_elements:
        element, children = open_elements[-1]
        child = next(children, None)
        if child is None:
            open_elements.pop()
            yield "end", element
        elif isinstance(child.tag, str) and wanted(child):
            yield "start", child
            open_elements.append((child, iter(child)))
        else:
            yield "skipped", child


def tokens(element: etree._Element) -> set[str]:
    """The classes of an element."""
    return set((element.get("class") or "").split())


def text_of(element: etree._Element, limit: int = 2000) -> str:
    """The text in an element as one line of at most `limit` letters, hidden labels and scripts left out.

    It stops where it has enough, so that asking each of many nested elements stays cheap.
    """
    pieces: list[str] = []
    letters = 0
    for steps, (event, part) in enumerate(walk(element, lambda each: not _is_silent(each))):
        text = part.text if event == "start" else part.tail if part is not element else ""
        if text:
            pieces.append(text if len(text) < _LONG else " " + text.lstrip()[:_LONG])
            letters += len(pieces[-1].strip())
        if letters > limit or steps > _MOST_STEPS + limit:
            break
    return one_line("".join(pieces), limit)


def same_place(one: str, other: str) -> bool:
    """Whether two addresses differ in their scheme, query, fragment and last slash at most."""
    try:
        first, second = urlsplit(one), urlsplit(other)
        return (first.hostname, first.path.rstrip("/")) == (second.hostname, second.path.rstrip("/"))
    except ValueError:
        return False


def _own_address(address: str, wayback: Wayback | None) -> str:
    address = (wayback.address if wayback else "") or address
    return address if is_web_address(address) else ""


def _is_silent(element: etree._Element) -> bool:
    return element.tag in {"script", "style", "noscript", "template"} or "screen-reader-text" in tokens(
        element
    )


def _is_zone(element: etree._Element) -> bool:
    if element.tag in _WHOLE_PAGE:
        return False
    if element.tag in _ZONE_TAGS or (element.get("id") or "") in _ZONE_IDS:
        return True
    classes = tokens(element)
    # Blogger calls even its column of posts a widget, of the kind "Blog".
    return bool(classes & _ZONE_TOKENS) or ("widget" in classes and "Blog" not in classes)
