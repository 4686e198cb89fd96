"""Puts comments in reading order under their parents, whatever the order of the file was."""

import datetime
from collections.abc import Iterator, Mapping, Sequence

from forum.importing.records import AS_WRITTEN, ArchivedArticle, ArchivedComment, Remark

_LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


def number_of(key: str) -> tuple[bool, int, str]:
    """How ids are compared: numbers by value however long they are, then all others as text."""
    return (False, int(key), key) if key.isascii() and key.isdigit() and len(key) < 40 else (True, 0, key)


def in_reading_order(
    comments: Sequence[ArchivedComment], places: Mapping[str, str] | None = None
) -> tuple[list[ArchivedComment], list[Remark]]:
    """The comments, parents before replies and brothers by date and id, with what had to be mended.

    Keys must be unique. A parent that is not among them, and the lowest id of a circle, make a root
    whose parent is uncertain; `position` and `parent_key` are set on the comments given. `places` are
    the posts under which comments of the whole file stand, by id, where they are known.
    """
    by_key = {comment.key: comment for comment in comments}
    remarks: list[Remark] = []
    for comment in sorted(comments, key=lambda one: number_of(one.key)):
        if comment.parent_key is not None and comment.parent_key not in by_key:
            place = (places or {}).get(comment.parent_key)
            why = f"stands under another post ({place})" if place else "this article does not hold"
            message = f"Comment {comment.key} answers {comment.parent_key}, which {why}."
            remarks.append(Remark("parent_missing", comment.key, message))
            _make_root(comment)
    remarks += _break_circles(by_key)
    replies: dict[str | None, list[ArchivedComment]] = {}
    for comment in sorted(comments, key=_rank, reverse=True):
        replies.setdefault(comment.parent_key, []).append(comment)
    ordered: list[ArchivedComment] = []
    waiting = replies.get(None, [])
    while waiting:
        comment = waiting.pop()
        ordered.append(comment)
        comment.position = len(ordered)
        waiting += replies.get(comment.key, [])
    remarks += [remark for comment in ordered if (remark := _too_old(comment, by_key))]
    return ordered, remarks


class Answers:
    """Which comments answer one that stands under another post; that is known at the end of a file only."""

    def __init__(self) -> None:
        # By numbers: a large file has hundreds of thousands.
        self._places: dict[int, int] = {}
        self._missing: list[tuple[int, str]] = []

    def note(self, post: str, record: object) -> None:
        """Takes notice of the comments of one post."""
        for comment in record.comments if isinstance(record, ArchivedArticle) else ():
            number = _number(comment.key)
            if number is not None:
                place = _number(post) or 0
                self._places[number] = min(self._places.get(number, place), place)
            parent = _number(comment.hints.get(AS_WRITTEN, ""))
            if parent is not None:
                self._missing.append((parent, comment.key))

    def remarks(self) -> Iterator[Remark]:
        """What the article of such a comment could not say yet."""
        for parent, key in self._missing:
            # A circle was cut where the parent stands beside its answer.
            post = self._places.get(parent)
            if post is not None and post != self._places.get(_number(key) or 0):
                message = f"Comment {key} answers {parent}, which stands under another post ({post})."
                yield Remark("parent_elsewhere", key, message)


def _number(key: str | None) -> int | None:
    return int(key) if key and key.isascii() and key.isdigit() and len(key) < 40 else None


def _make_root(comment: ArchivedComment) -> None:
    comment.hints[AS_WRITTEN] = comment.parent_key
    comment.parent_key = None
    comment.parent_certain = False
    comment.confidence = 0.5


def _break_circles(by_key: dict[str, ArchivedComment]) -> list[Remark]:
    """Makes the lowest id of each circle a root, so that every comment hangs on some root."""
    remarks = []
    safe: set[str] = set()
    for start in sorted(by_key, key=number_of):
        path: dict[str, None] = {}
        key: str | None = start
        while key is not None and key not in safe and key not in path:
            path[key] = None
            key = by_key[key].parent_key
        if key is not None and key in path:
            walked = list(path)
            circle = walked[walked.index(key) :]
            lowest = min(circle, key=number_of)
            _make_root(by_key[lowest])
            message = (
                f"Comments {', '.join(circle[:5])} answer each other in a circle; {lowest} begins it now."
            )
            remarks.append(Remark("parent_circle", lowest, message))
        safe.update(path)
    return remarks


def _rank(comment: ArchivedComment) -> tuple[datetime.datetime, tuple[bool, int, str]]:
    at = comment.posted_at
    if at is None and comment.posted_as_written:
        # Good enough to stand between its brothers, not to be stored.
        try:
            at = datetime.datetime.fromisoformat(comment.posted_as_written[:19]).replace(tzinfo=datetime.UTC)
        except ValueError:
            at = None
    return at or _LAST, number_of(comment.key)


def _too_old(comment: ArchivedComment, by_key: dict[str, ArchivedComment]) -> Remark | None:
    parent = by_key[comment.parent_key] if comment.parent_key is not None else None
    if parent is None or not comment.posted_at or not parent.posted_at:
        return None
    if comment.posted_at >= parent.posted_at:
        return None
    message = f"Comment {comment.key} is older than {parent.key}, which it answers."
    return Remark("older_than_parent", comment.key, message)
