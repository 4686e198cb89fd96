"""Puts an admin's corrections on what was planned: other parents, certain ones, items held or left out.

A correction lies in `SourceItem.override`: `article` is the key of the comment's article, `parent` the key
of the comment that it answers ("" for none), `fate` is DROP or HOLD, `taken_back` remains where a
correction was forgotten after it had been applied, so that the row goes back to what the source says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from forum.importing import match_known
from forum.importing.plan_items import PlannedArticle, PlannedComment, StoredPlace
from forum.importing.records import ArchivedArticle, Remark
from forum.sources.models import SourceItem
from forum.threads.models import Comment
from forum.threads.states import Kind

Elsewhere = Mapping[tuple[str, str], Comment]
DROP, HOLD = "drop", "hold"
ECHOES = {Kind.PINGBACK, Kind.TRACKBACK}  # links from other sites, which nobody answers


def fate_of(item: SourceItem | None) -> str:
    """What an admin wants to become of an item: DROP, HOLD or "" for what the source says."""
    return item.override.get("fate", "") if item is not None else ""


def record_of(planned: PlannedArticle) -> ArchivedArticle:
    """What is to be written of an article: its source's record, as a draft where an admin holds it."""
    if fate_of(planned.item) == HOLD and planned.said.state == "published":
        return replace(planned.said, state="draft")
    return planned.said


def changes(comment: PlannedComment, row: Comment) -> bool:
    """Whether a correction, or one taken back, makes another thing of the row than it is."""
    if not (comment.item and comment.item.override):
        return False
    if row.kind == Kind.PLACEHOLDER and comment.record.kind != Kind.PLACEHOLDER:
        return True
    number = comment.parent_number
    if (comment.parent is not None and number is None) or number != row.parent_id:
        return True
    return comment.parent_certain != row.parent_certain


def is_placed(item: SourceItem, row: Comment) -> bool:
    """Whether the desk has put a row, or the branch or article in which it stands, where it is now."""
    return row.placed_at is not None or row.article_id != item.article_id


def put_in_place(planned: PlannedArticle, elsewhere: Elsewhere, stored: Mapping[int, Comment]) -> None:
    """Give comments their corrected parents, levels and reading order, always starting from the source.

    The items have to be known. Where a correction no longer fits (its target is gone, or answers this very
    comment by now) the source's parent stays, with a remark in `lost`. `elsewhere` are stored comments that
    this file lacks, by the article's key and their own; `stored` are the rows of its comments. Of a portion
    of an article, what reaches out of the portion stays as it was put when the whole was at hand.
    """
    planned.lost = []
    overridden = [c for c in planned.comments if c.item is not None and c.item.override]
    if not overridden and not planned.corrected:
        return
    here = {id(comment) for comment in planned.comments}
    if any(c.said_parent is not None and id(c.said_parent) not in here for c in planned.comments):
        return
    for comment in planned.comments:
        comment.record, comment.parent = comment.said, comment.said_parent
        comment.stored_place = None
    for comment in overridden:
        if fate_of(comment.item) == HOLD and comment.said.state == "visible":
            comment.record = replace(comment.record, state="held")
    pinned = [c for c in overridden if "parent" in c.item.override]
    moved = _move(planned, [c for c in pinned if not _put_elsewhere(planned, c, elsewhere, stored)])
    planned.comments.sort(key=lambda comment: comment.place)
    if moved:
        planned.comments[:] = in_reading_order(planned.comments)
    for comment in planned.comments:
        comment.level = comment.parent.level + 1 if comment.parent else 0
    planned.corrected = bool(overridden)


def bare_key(planned: PlannedArticle, key: str) -> str:
    """A comment's key without its article's, which stands before it when another post has the same."""
    return key.removeprefix(f"{planned.key.key}/")


def in_reading_order(comments: Sequence[PlannedComment]) -> list[PlannedComment]:
    """Parents before their replies, each thread in one piece, those of one parent as the source has them."""
    below: dict[int, list[PlannedComment]] = {}
    waiting: list[PlannedComment] = []
    for comment in sorted(comments, key=lambda one: one.place, reverse=True):
        (below.setdefault(id(comment.parent), []) if comment.parent else waiting).append(comment)
    ordered = []
    while waiting:
        comment = waiting.pop()
        ordered.append(comment)
        waiting += below.get(id(comment), [])
    return ordered


def _put_elsewhere(
    planned: PlannedArticle, comment: PlannedComment, elsewhere: Elsewhere, stored: Mapping[int, Comment]
) -> bool:
    """Puts a comment under the stored one that its correction names; False where there is none elsewhere."""
    above = elsewhere.get((planned.key.key, comment.item.override["parent"]))
    row = stored.get(comment.item.comment_id)
    if above is None or above.kind in ECHOES or match_known.is_below(above, row):
        return False
    comment.parent, comment.stored_place = None, StoredPlace(above.pk, certain=True)
    return True


def _move(planned: PlannedArticle, wanted: list[PlannedComment]) -> bool:
    """Set the parents that were wanted; returns whether any differs from the source's."""
    by_key = {bare_key(planned, comment.key.key): comment for comment in planned.comments}
    moved: list[PlannedComment] = []
    for comment in wanted:
        key = comment.item.override["parent"]
        target = by_key.get(key) if key else None
        if key and (target is None or target is comment or target.said.kind in ECHOES):
            _lose(planned, comment, "the comment that it was put under is not here any more")
            continue
        comment.record = replace(comment.record, parent_certain=True)
        if target is not comment.said_parent:
            comment.parent = target
            moved.append(comment)
    # What goes back to its place may close another circle there.
    while caught := _in_circles(moved):
        for comment in caught:
            comment.parent = comment.said_parent
            comment.record = replace(comment.record, parent_certain=comment.said.parent_certain)
            _lose(planned, comment, "the comment that it was put under answers it by now")
    return bool(moved)


def _in_circles(moved: list[PlannedComment]) -> list[PlannedComment]:
    """Corrected comments that would stand below themselves; the source alone makes no circles."""
    clear: set[int] = set()
    caught: list[PlannedComment] = []
    for start in moved:
        path: dict[int, PlannedComment] = {}
        at: PlannedComment | None = start
        while at is not None and id(at) not in clear and id(at) not in path:
            path[id(at)] = at
            at = at.parent
        if at is not None and id(at) in path:
            round_ = list(path)[list(path).index(id(at)) :]
            caught += [path[n] for n in round_ if path[n].parent is not path[n].said_parent]
        clear |= path.keys()
    return caught


def _lose(planned: PlannedArticle, comment: PlannedComment, why: str) -> None:
    message = f"A correction of comment {comment.said.key} was left aside: {why}."
    planned.lost.append(Remark("correction_lost", comment.said.key, message))
