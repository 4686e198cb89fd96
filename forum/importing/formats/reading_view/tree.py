"""Puts list items into a tree by their indentation and says where that is a guess."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from forum.importing.formats.reading_view.items import Item
from forum.importing.records import Remark

_READER_BASE = 2
_LIKELY = 0.5
_LOST = 0.3
_TOP = -1


@dataclass(slots=True)
class Place:
    """Where one item stands: the index of its parent, its key, and how sure that is."""

    parent: int | None
    key: str
    certain: bool = True
    confidence: float = 1.0


@dataclass(slots=True)
class _Level:
    """One open level while the items are gone through: its last item and the list that it is in."""

    indent: int
    index: int
    group: int


@dataclass(slots=True)
class Tree:
    """The places of all items, in their order, and the remarks on them."""

    places: list[Place] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def build_tree(items: Sequence[Item], step: int = 2) -> Tree:
    """The tree of `items`; `step` is the deepest indentation that one level may add.

    Numbers are positions in the page's own list, so a leap tells of lost comments, and a nested block
    right before one may have answered a lost comment (docs/reading-view.md, “Numbers”).
    """
    tree = Tree()
    groups = _place_all(items, step, tree)
    flat = len({item.indent for item in items}) == 1
    for group in groups:
        _check_numbers(group, items, tree, flat)
    for item, place in zip(items, tree.places, strict=True):
        if item.doubt:
            message = f"In comment {place.key}, {item.doubt}."
            tree.remarks.append(Remark("reading_doubtful", place.key, message))
    return tree


def _place_all(items: Sequence[Item], step: int, tree: Tree) -> list[list[int]]:
    """Finds each item's parent; returns the lists of siblings, as indexes, in reading order."""
    base = min((item.indent for item in items), default=0)
    base = min(base, _READER_BASE)
    if base < _READER_BASE:
        step = max(step, min((item.indent - base for item in items if item.indent > base + 1), default=step))
    siblings: dict[int, list[int]] = {}
    labels: dict[str, int] = {}
    levels: list[_Level] = []
    for index, item in enumerate(items):
        place, group = _place(item, index, levels, base, step, tree)
        siblings.setdefault(group, []).append(index)
        stem = _stem(tree, place, group)
        label = str(item.number or len(siblings[group]))
        place.key = _unique(item.source_id or stem + label, labels)
        tree.places.append(place)
        _remark_on_parent(item, place, tree)
    return list(siblings.values())


def _place(
    item: Item, index: int, levels: list[_Level], base: int, step: int, tree: Tree
) -> tuple[Place, int]:
    """The place of one item (its key still missing) and the number of the list that it is in.

    Lists are numbered by their parent's index; `_TOP` is the outermost, and a list whose parent is
    lost counts down from there by its first item.
    """
    while levels and levels[-1].indent > item.indent + 1:
        levels.pop()
    if levels and levels[-1].indent >= item.indent - 1:
        sibling = levels[-1]
        known, sibling.index = tree.places[sibling.index], index
        return Place(known.parent, "", known.certain, known.confidence), sibling.group
    if levels:
        parent = levels[-1]
        levels.append(_Level(item.indent, index, parent.index))
        certain = item.indent - parent.indent <= step + 1
        return Place(parent.index, "", certain, 1.0 if certain else _LIKELY), parent.index
    lost = item.indent > base + 1
    group = _TOP - 1 - index if lost else _TOP
    levels.append(_Level(item.indent, index, group))
    return Place(None, "", not lost, _LOST if lost else 1.0), group


def _stem(tree: Tree, place: Place, group: int) -> str:
    if place.parent is not None:
        return tree.places[place.parent].key + "."
    return "" if group == _TOP else "?."


def _unique(key: str, taken: dict[str, int]) -> str:
    """`key`, with "#2", "#3" … behind it where it is taken: pasted lists repeat their numbers."""
    taken[key] = taken.get(key, 0) + 1
    return key if taken[key] == 1 else f"{key}#{taken[key]}"


def _remark_on_parent(item: Item, place: Place, tree: Tree) -> None:
    if place.certain:
        return
    if place.parent is None:
        why = "is indented like a reply, but the comment that it answers is not in the text: parent uncertain"
    else:
        why = f"is indented by more than one level below {tree.places[place.parent].key}: parent uncertain"
    tree.remarks.append(Remark("parent_inferred", place.key, f"Comment {place.key} {why}."))


def _check_numbers(group: list[int], items: Sequence[Item], tree: Tree, flat: bool) -> None:
    """Looks for leaps and restarts in the numbers of one list of siblings."""
    before = 0
    restarted = False
    for position, index in enumerate(group):
        number = items[index].number
        if number is None:
            continue
        if number > before + 1:
            _remark_on_gap(group, position, number - before - 1, tree)
        elif number <= before and not restarted:
            restarted = True
            _remark_on_restart(group[position:], tree, flat)
        before = number


def _remark_on_gap(group: list[int], position: int, missing: int, tree: Tree) -> None:
    place = tree.places[group[position]]
    what = "1 comment is" if missing == 1 else f"{missing} comments are"
    where = f"before {place.key}"
    if position:
        where = f"between {tree.places[group[position - 1]].key} and {place.key}"
    tree.remarks.append(Remark("number_gap", place.key, f"{what} missing {where}, by the numbers."))
    if not position:
        return
    last = group[position - 1]
    for index in range(last + 1, group[position]):
        child = tree.places[index]
        if child.parent == last and child.certain:
            child.certain, child.confidence = False, _LIKELY
            message = (
                f"Comment {child.key} may answer a comment that is missing after {tree.places[last].key}: "
                "parent uncertain."
            )
            tree.remarks.append(Remark("parent_inferred", child.key, message))


def _remark_on_restart(rest: list[int], tree: Tree, flat: bool) -> None:
    key = tree.places[rest[0]].key
    if not flat:
        message = f"The numbers start again at {key} within one list; the order of the text was kept."
        tree.remarks.append(Remark("reading_doubtful", key, message))
        return
    for index in rest:
        tree.places[index].certain, tree.places[index].confidence = False, _LIKELY
    message = (
        f"The numbers start again at {key} and the indentation is lost, so it cannot be told which comments "
        f"are replies: {len(rest)} comments from there on stand at the top level, parent uncertain."
    )
    tree.remarks.append(Remark("parent_inferred", key, message))
