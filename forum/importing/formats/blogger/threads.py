"""Comments of one post: equal ones made one, parents found, circles cut, put in reading order."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from forum.importing.formats.blogger.comments import WrittenComment, archived
from forum.importing.formats.blogger.dates import instant, is_doubtful
from forum.importing.formats.blogger.ids import rank
from forum.importing.records import AS_WRITTEN, ArchivedComment, Remark, SkippedItem

EXCERPT = 100
_LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)
_FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC)
_Version = tuple[datetime.datetime, ArchivedComment]


@dataclass(slots=True)
class Thread:
    """The comments of one post in reading order, with what was found wrong and what was left out."""

    comments: list[ArchivedComment] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    skipped: list[SkippedItem] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)


def make_thread(
    found: Iterable[WrittenComment], by_authors: set[str], places: Mapping[str, str] | None = None
) -> Thread:
    """The thread of comments that come in any order; the same whatever the order was (C4).

    Parents stand before their replies, siblings by date, then by id. A comment whose parent is not
    among them, or that answers itself, becomes a root and keeps what it named in its hints.
    `places` are the posts of all comments of the feed, by id.
    """
    thread = Thread()
    comments = _without_repeats(_versions(found, thread, by_authors), thread)
    by_key = {comment.key: comment for comment in comments}
    _cut_missing(by_key, thread, places or {})
    _cut_circles(by_key, thread)
    thread.comments = _in_order(comments)
    for place, comment in enumerate(thread.comments, 1):
        comment.position = place
    _remark_on_dates(by_key, thread)
    thread.remarks.sort(key=lambda remark: (remark.code, rank(remark.source_id), remark.message))
    thread.skipped.sort(key=lambda item: (rank(item.source_id), item.code, item.excerpt))
    return thread


def _versions(
    found: Iterable[WrittenComment], thread: Thread, by_authors: set[str]
) -> dict[str, list[_Version]]:
    """The comments by id, each with its last change; those without an id all stand under ""."""
    versions: dict[str, list[_Version]] = {}
    for written in found:
        if written.post_page:
            thread.pages.add(written.post_page)
        comment = archived(written, by_authors)
        updated = instant(written.updated) or _FIRST
        # Most comments never change: one object for both dates saves memory in a long thread.
        version = (comment.posted_at if updated == comment.posted_at else updated, comment)
        if comment.key in versions:
            versions[comment.key].append(version)
        else:
            versions[comment.key] = [version]
    return versions


def _without_repeats(versions: dict[str, list[_Version]], thread: Thread) -> list[ArchivedComment]:
    """One comment for each id (G9); other words under the same id are kept as a second comment (C8)."""
    kept = []
    taken = set(versions)
    for key in tuple(versions):
        same = versions.pop(key)
        same.sort(key=_rank_of_version, reverse=True)
        if not key:
            kept += _with_keys(same, taken)
            continue
        bodies: set[str] = set()
        for _, comment in same:
            if comment.body in bodies:
                excerpt = comment.body[:EXCERPT]
                thread.skipped.append(SkippedItem("comment", key, "duplicate", excerpt))
                continue
            bodies.add(comment.body)
            kept.append(comment)
            if len(bodies) > 1:
                comment.key, comment.has_id = _free_key(key, len(bodies), taken), False
                message = f"The archive has the id {key} more than once with different words; all were kept."
                thread.remarks.append(Remark("duplicate_id", comment.key, message))
    return kept


def _rank_of_version(version: _Version) -> tuple:
    """Orders versions by their last change; the rest only makes the order certain."""
    updated, comment = version
    said = (comment.body, comment.author_name, comment.author_url, comment.author_key, comment.state)
    place = (comment.parent_key or "", comment.address, comment.posted_as_written, str(comment.hints))
    return updated, comment.posted_at or _FIRST, comment.by_blog_author, comment.body_format, said, place


def _with_keys(nameless: list[_Version], taken: set[str]) -> list[ArchivedComment]:
    """Comments without an id get a key of their own; nothing can answer them, and equal ones all stay."""
    for number, (_, comment) in enumerate(reversed(nameless), 1):
        comment.key = _free_key("", number, taken)
    return [comment for _, comment in nameless]


def _free_key(key: str, number: int, taken: set[str]) -> str:
    while f"{key}#{number}" in taken:
        number += 1
    taken.add(f"{key}#{number}")
    return f"{key}#{number}"


def _cut_missing(by_key: dict[str, ArchivedComment], thread: Thread, places: Mapping[str, str]) -> None:
    for comment in by_key.values():
        if comment.parent_key is not None and comment.parent_key not in by_key:
            post = places.get(comment.parent_key)
            why = f"stands under another post ({post})" if post else "is not among the comments of its post"
            message = f"Answers comment {comment.parent_key}, which {why}; it was placed at the top level."
            _make_root(comment, Remark("parent_missing", comment.key, message), thread)


def _cut_circles(by_key: dict[str, ArchivedComment], thread: Thread) -> None:
    """Breaks each circle of answers at its lowest id (C7)."""
    done: set[str] = set()
    for start in by_key:
        trail: list[str] = []
        on_trail: set[str] = set()
        key: str | None = start
        while key is not None and key not in done and key not in on_trail:
            trail.append(key)
            on_trail.add(key)
            key = by_key[key].parent_key
        if key in on_trail:
            lowest = min(trail[trail.index(key) :], key=rank)
            message = "Answers itself by way of its own answers; it was placed at the top level."
            _make_root(by_key[lowest], Remark("parent_circle", lowest, message), thread)
        done |= on_trail


def _make_root(comment: ArchivedComment, remark: Remark, thread: Thread) -> None:
    comment.hints[AS_WRITTEN] = comment.parent_key
    comment.parent_key, comment.parent_certain, comment.confidence = None, False, 0.0
    thread.remarks.append(remark)


def _in_order(comments: list[ArchivedComment]) -> list[ArchivedComment]:
    answers: dict[str | None, list[ArchivedComment]] = defaultdict(list)
    for comment in comments:
        answers[comment.parent_key].append(comment)
    for siblings in answers.values():
        siblings.sort(key=_last_first, reverse=True)
    ordered, open_ones = [], answers.pop(None, [])
    while open_ones:  # no recursion: a chain may be longer than the stack
        comment = open_ones.pop()
        ordered.append(comment)
        open_ones += answers.get(comment.key, ())
    return ordered


def _last_first(comment: ArchivedComment) -> tuple[datetime.datetime, tuple[bool, int, str]]:
    return comment.posted_at or _LAST, rank(comment.key)


def _remark_on_dates(by_key: dict[str, ArchivedComment], thread: Thread) -> None:
    for comment in thread.comments:
        parent = by_key.get(comment.parent_key or "")
        if comment.posted_at is None:
            written = comment.posted_as_written or "nothing"
            remark = Remark("date_unreadable", comment.key, f"Its date says “{written[:60]}”, which is none.")
        elif is_doubtful(comment.posted_at):
            remark = Remark("date_doubtful", comment.key, f"Its date cannot be: {comment.posted_as_written}.")
        elif parent and parent.posted_at and comment.posted_at < parent.posted_at:
            remark = Remark("older_than_parent", comment.key, "It is older than the comment that it answers.")
        else:
            continue
        thread.remarks.append(remark)
