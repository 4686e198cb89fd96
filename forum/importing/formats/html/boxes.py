"""Finds the elements that are comments, by their ids, anchors and classes, whatever the theme."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from forum.importing.formats.html.page import Page, text_of, tokens, walk
from forum.importing.formats.reading_view.counts import MAX_COMMENTS, refuse_too_many

_NUMBER = r"\d{1,20}|[0-9a-f]{16,40}"
# WordPress: comment-7, li-comment-7, div-comment-7; wpDiscuz: wpd-comm-7_3 (3 is the parent, 0 none).
_WORDPRESS = re.compile(
    rf"(?:(?:li|div|article|single|the|wp|dsq)[-_])?comment[-_]?(?P<id>{_NUMBER})"
    r"|wpd-comm-(?P<wpd>\d{1,20})_(?P<parent>\d{1,20})"
)
_BLOGGER = re.compile(r"c(\d{5,20})")
_TARGET = re.compile(rf"(?:#(?:div-|li-)?comment[-_]?|[?&]replytocom=|#c(?=\d{{5}}))({_NUMBER})")
_LISTS = frozenset(
    {
        *("commentlist", "comment-list", "comments-list", "commentslist", "comment_list", "children"),
        *("wp-block-comment-template", "pinglist", "pingslist", "pingback-list", "pings", "pingbacks"),
        *("trackbacks", "trackbacklist", "trackback-list", "wpd-thread-list"),
    }
)
_ECHO_LISTS = frozenset(
    {"pinglist", "pingslist", "pingback-list", "pings", "pingbacks", "trackbacks", "trackbacklist"}
)
_ECHOES = frozenset({"pingback", "trackback"})
_STOP_TAGS = frozenset({"html", "body", "main", "section", "ol", "ul", "dl", "table", "tbody"})
_STOP_TOKENS = frozenset(
    {"comments", "comments-area", "hentry", "post", "type-post", "entry", "comment-section"}
)
_STOP_IDS = frozenset({"comments", "content", "main", "page", "wrapper", "container", "comments-block"})
CHILDREN = frozenset({"children", "comment-replies", "comment-replybox-thread", "wpd-reply"})
_MIXED = ""


@dataclass(slots=True, eq=False)
class Box:
    """One comment on the page: its id ("" where the page gives none) and the elements that hold it.

    `named_parent` is the id that its own markup names as the parent. `own` are its elements without
    those of its answers.
    """

    source_id: str
    roots: list[etree._Element]
    named_parent: str = ""
    own: list[etree._Element] = field(default_factory=list)
    in_echo_list: bool = False

    @property
    def tokens(self) -> set[str]:
        """The classes of the elements that carry the comment's id or kind."""
        return set().union(*(tokens(root) for root in self.roots))


def id_in(element: etree._Element) -> tuple[str, str]:
    """The comment id that an element carries and the parent id that it names, each "" without."""
    anchors = [element.get("id")]
    if element.tag == "a":
        anchors.append(element.get("name"))
    for anchor in anchors:
        found = _WORDPRESS.fullmatch(anchor or "")
        if found:
            parent = found["parent"] or ""
            return found["id"] or found["wpd"], "" if parent == "0" else parent
        found = _BLOGGER.fullmatch(anchor or "")
        if found:
            return found[1], ""
    return "", ""


def target_of(href: str) -> str:
    """The id of the comment that a link leads to, "" for any other link."""
    found = _TARGET.search(href)
    return found[1] if found else ""


def find_boxes(page: Page, name: str) -> list[Box]:
    """All comments of the page in reading order; two elements with one id are one comment.

    RefusedError for more than a page of a blog has. Sources: the markup of WordPress's
    Walker_Comment and comment blocks, of Blogger's comment widgets and of wpDiscuz.
    """
    candidates = [(element, *found) for element in page.elements if (found := id_in(element))[0]]
    refuse_too_many(len({candidate[1] for candidate in candidates}), name)
    refuse_too_many(len(candidates) // 8, name)
    marks = _marks(candidates)
    boxes = _identified(candidates, marks)
    roots = {root: box for box in boxes for root in box.roots}
    boxes += _unidentified(page, marks, roots)
    roots = {root: box for box in boxes for root in box.roots}
    refuse_too_many(len(boxes), name)
    boxes.sort(key=lambda box: page.place.get(box.roots[0], 0))
    for box in boxes:
        box.own = list(own_elements(box, roots))
    return boxes


def own_elements(box: Box, roots: dict[etree._Element, Box]) -> Iterator[etree._Element]:
    """The elements of a comment without those of the comments inside it."""
    for root in box.roots:
        for event, element in walk(root, lambda each: each not in roots and not tokens(each) & CHILDREN):
            if event == "start":
                yield element


def _marks(candidates: list[tuple[etree._Element, str, str]]) -> dict[etree._Element, str]:
    """For each element around a comment id that id, or `_MIXED` around several."""
    marks: dict[etree._Element, str] = {}
    for element, source_id, _ in candidates:
        around: etree._Element | None = element
        while around is not None:
            known = marks.setdefault(around, source_id)
            if known == _MIXED and around is not element:
                break
            if known != source_id:
                marks[around] = _MIXED
            around = around.getparent()
    return marks


def _identified(
    candidates: list[tuple[etree._Element, str, str]], marks: dict[etree._Element, str]
) -> list[Box]:
    boxes: list[Box] = []
    known: set[tuple[str, str]] = set()
    inside: dict[etree._Element, str] = {}
    for element, source_id, parent in candidates:
        if _is_inside(element, source_id, inside):
            continue
        roots = _roots(element, source_id, marks)
        box = Box(source_id, roots, parent)
        if not any(text_of(root, 40) for root in roots):
            continue
        # A second element with the id of an earlier one is a comment of its own only if it says more.
        said = (source_id, " ".join(text_of(root) for root in roots))
        if said in known:
            continue
        known.add(said)
        boxes.append(box)
        inside.update(dict.fromkeys(roots, source_id))
    return boxes


def _is_inside(element: etree._Element, source_id: str, inside: dict[etree._Element, str]) -> bool:
    return any(inside.get(around) == source_id for around in (element, *element.iterancestors()))


def _roots(element: etree._Element, source_id: str, marks: dict[etree._Element, str]) -> list[etree._Element]:
    """The elements of the comment that `element` names: itself, or what its anchor is in."""
    if element.tag not in {"a", "dt", "span", "cite", "small"}:
        return [element]
    host = element
    around = element.getparent()
    while around is not None and marks.get(around) == source_id and not _stops(around):
        host, around = around, around.getparent()
    if host.tag in {"li", "div", "article", "tr"} and host is not element:
        return [host]
    roots = [host]
    following = host.getnext()
    while following is not None and following not in marks and following.tag not in {"ol", "form"}:
        if following.tag == host.tag == "dt":
            break
        roots.append(following)
        following = following.getnext()
    return roots


def _stops(element: etree._Element) -> bool:
    if element.tag in _STOP_TAGS or (element.get("id") or "") in _STOP_IDS:
        return True
    return bool(tokens(element) & _STOP_TOKENS) and not tokens(element) & {"comment"}


def _unidentified(
    page: Page, marks: dict[etree._Element, str], roots: dict[etree._Element, Box]
) -> list[Box]:
    """Comments without an id of their own: pingbacks, mostly, and items of themes that print none."""
    boxes: list[Box] = []
    taken: set[etree._Element] = set()
    for element in page.elements:
        if len(boxes) > MAX_COMMENTS:
            break
        parent = element.getparent()
        if (
            element.tag not in {"li", "div", "article"}
            or element in marks
            or parent is None
            or parent in taken
        ):
            continue
        lists = tokens(parent) & _LISTS
        classes = tokens(element)
        echo = bool(lists & _ECHO_LISTS)
        if not (lists or marks.get(parent) == _MIXED) or not (classes & {"comment", *_ECHOES} or echo):
            continue
        if _within_own_text(element, roots) or not text_of(element, 40):
            continue
        taken.add(element)
        boxes.append(Box(_id_by_links(element), [element], in_echo_list=echo and not classes & {"comment"}))
    return boxes


def _within_own_text(element: etree._Element, roots: dict[etree._Element, Box]) -> bool:
    """Whether an element is a part of a comment's own text and not in its list of answers."""
    for around in element.iterancestors():
        if tokens(around) & (CHILDREN | _LISTS):
            return False
        if around in roots:
            return True
    return False


def _id_by_links(element: etree._Element) -> str:
    """The id by which a comment's reply link or permalink calls it."""
    for link in element.iter("a"):
        if "comment-reply-link" in tokens(link) and link.get("data-commentid", "").isdecimal():
            return link.get("data-commentid", "")
    found = {target for link in element.iter("a") if (target := target_of(link.get("href") or ""))}
    return found.pop() if len(found) == 1 else ""
