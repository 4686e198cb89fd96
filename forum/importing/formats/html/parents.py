"""Finds out which comment each comment answers: by nesting, by depth classes, by links, in this order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from forum.importing.formats.html.boxes import CHILDREN, Box, target_of
from forum.importing.formats.html.page import text_of, tokens

_DEPTH = re.compile(r"(?:depth|wpd_comment_level|comment-depth|level)-(\d{1,3})")
_IN_REPLY = re.compile(
    r"(?:in reply to|als antwort auf|antwort auf|en respuesta a|en réponse à)\b.{0,80}", re.I
)
_MOST_LINKS = 50
_LIKELY = 0.5
_LOST = 0.3


@dataclass(slots=True)
class Parent:
    """What a comment answers: the index of that comment, or the id of one that the page lacks.

    `certain` is false for a guess, `confidence` says how good it is, `depth` is the level that the
    page gives, 0 where it gives none.
    """

    index: int | None = None
    missing: str = ""
    certain: bool = True
    confidence: float = 1.0
    depth: int = 0


def find_parents(boxes: Sequence[Box]) -> list[Parent]:
    """The parent of each box, in their order, which is the page's.

    Sources: nested lists (`ol.children`), the `depth-K` classes of WordPress, whose lists are in
    reading order, and links such as “In reply to …”.
    """
    by_root = {root: index for index, box in enumerate(boxes) for root in box.roots}
    by_id = {box.source_id: index for index, box in reversed(list(enumerate(boxes))) if box.source_id}
    open_levels: list[tuple[int, int]] = []
    parents = []
    for index, box in enumerate(boxes):
        depth = _depth(box)
        parent = _named(index, box, by_id) or _nested(index, box, by_root) or _by_depth(depth, open_levels)
        parent = parent or _linked(index, box, by_id) or Parent()
        parent.depth = depth
        while depth and open_levels and open_levels[-1][0] >= depth:
            open_levels.pop()
        if depth:
            open_levels.append((depth, index))
        parents.append(parent)
    return parents


def _depth(box: Box) -> int:
    for name in box.tokens:
        found = _DEPTH.fullmatch(name)
        if found:
            return int(found[1])
    return 0


def _named(index: int, box: Box, by_id: dict[str, int]) -> Parent | None:
    """The parent whose id the comment's own markup holds (wpDiscuz)."""
    if not box.named_parent:
        return None
    found = by_id.get(box.named_parent)
    if found is None or found >= index:
        return Parent(missing=box.named_parent)
    return Parent(found)


def _nested(index: int, box: Box, by_root: dict[etree._Element, int]) -> Parent | None:
    for around in box.roots[0].iterancestors():
        found = by_root.get(around)
        if found is not None and found < index:
            return Parent(found)
        # Some themes put the list of answers behind the comment and not into it.
        before = around.getprevious() if tokens(around) & CHILDREN else None
        if before is None:
            continue
        found = by_root.get(before)
        if found is not None and found < index:
            return Parent(found)
    return None


def _by_depth(depth: int, open_levels: Sequence[tuple[int, int]]) -> Parent | None:
    """The last comment one level up; the nearest above where that level is missing, as a guess."""
    if depth < 2:
        return None
    for level, index in reversed(open_levels):
        if level < depth:
            sure = level == depth - 1
            return Parent(index, certain=sure, confidence=1.0 if sure else _LIKELY)
    return Parent(certain=False, confidence=_LOST)


def _linked(index: int, box: Box, by_id: dict[str, int]) -> Parent | None:
    """The comment that a link "In reply to NAME" leads to; a mere link to a comment proves nothing."""
    links = (element for element in box.own if element.tag == "a" and element.get("href"))
    for element in islice(links, _MOST_LINKS):
        target = target_of(element.get("href") or "")
        if not target or target == box.source_id or "comment-reply-link" in tokens(element):
            continue
        marked = tokens(element) & {"comment-parent-link", "in-reply-to", "comment-parent"}
        around = element.getparent()
        if not marked and not (_says_so(element) or (around is not None and _says_so(around))):
            continue
        found = by_id.get(target)
        return Parent(found) if found is not None and found < index else Parent(missing=target)
    return None


def _says_so(element: etree._Element) -> bool:
    return bool(_IN_REPLY.fullmatch(text_of(element, 120)))
