"""One post of several files of a run: the comments of all of them, and of each item what the later file says.

Parts of an export overlap, and the pages of a long discussion are saved one by one. Files count in the
order in which they were given.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from forum.importing import identity
from forum.importing.formats.html.counts import reconcile
from forum.importing.formats.wxr.tree import number_of
from forum.importing.plan_items import is_made_up
from forum.importing.records import AS_WRITTEN, ArchivedArticle, ArchivedComment, Remark, SkippedItem
from forum.threads.states import Kind

CODE = "post_twice"
_EXCERPT = 200
_LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)
_COUNTS = {"count_mismatch", "no_comments"}
_TORN = {"parent_missing", "parent_inferred"}


@dataclass(slots=True)
class _Found:
    """The comments of all files by what identifies them, each with what it answers and how sure that is."""

    records: dict[str, ArchivedComment] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    sure: dict[str, tuple[bool, float]] = field(default_factory=dict)
    copies: list[SkippedItem] = field(default_factory=list)
    order: list[str] = field(default_factory=list)


def unite(records: Sequence[ArchivedArticle]) -> ArchivedArticle:
    """One article of the records of the same post, the latest last."""
    real = [record for record in records if not is_made_up(record)] or [records[-1]]
    article = _article(real)
    found = _gathered(records)
    article.comments = _in_order(found)
    together = {c.key for c in article.comments if c.parent_key is not None and c.parent_certain}
    said = dict.fromkeys(remark for record in records for remark in record.remarks)
    untrue = _COUNTS if is_made_up(article) else _COUNTS | {"post_missing"}
    article.remarks = [
        r for r in said if r.code not in untrue and not (r.code in _TORN and r.source_id in together)
    ]
    message = f"The post stands {len(records)} times in the files of this import; it is one article."
    article.remarks.append(Remark(CODE, article.source_id, message))
    if article.comments:
        reconcile(article, paged=bool(article.hints.get("more_comment_pages")))
    return article


def copies(records: Sequence[ArchivedArticle]) -> list[SkippedItem]:
    """What is left out of the records of the same post: all posts but one, all but one of each comment."""
    posts = [record for record in records if not is_made_up(record)][:-1]
    skipped = [SkippedItem(p.kind, p.source_id or p.url, CODE, p.title[:_EXCERPT]) for p in posts]
    return skipped + _gathered(records).copies


def _article(real: Sequence[ArchivedArticle]) -> ArchivedArticle:
    """The latest post, with what only earlier ones say."""
    article = replace(real[-1], addresses=list(real[-1].addresses), hints=dict(real[-1].hints))
    for earlier in reversed(real[:-1]):
        for name in ("body", "author_name", "site_name", "language"):
            if not getattr(article, name):
                setattr(article, name, getattr(earlier, name))
                if name == "body":
                    article.body_format = earlier.body_format
        if article.published_at is None and earlier.published_at is not None:
            article.published_at, article.date_precision = earlier.published_at, earlier.date_precision
            article.date_as_written = earlier.date_as_written
        if article.declared is None:
            article.declared = earlier.declared
        article.addresses += [a for a in earlier.addresses if a not in article.addresses]
        article.hints = {**earlier.hints, **article.hints}
    return article


def _gathered(records: Sequence[ArchivedArticle]) -> _Found:
    found = _Found()
    key = identity.article_key(records[-1])
    for record in records:
        keys = [one.key for one in identity.comment_keys(key, record.comments)]
        of_label = dict(zip((c.key for c in record.comments), keys, strict=True))
        for own, comment in zip(keys, record.comments, strict=True):
            named = identity.named_parent(comment)
            above = of_label[comment.parent_key] if comment.parent_key else named and named.key
            _take(found, own, comment, above)
        found.order = _merged(found.order, keys)
    return found


def _take(found: _Found, own: str, comment: ArchivedComment, above: str | None) -> None:
    if own in found.records:
        # A file that only names it says nothing of its words and place.
        silent = comment.kind == Kind.PLACEHOLDER and comment.state == "visible"
        left = comment if silent else found.records[own]
        found.copies.append(SkippedItem("comment", left.key, CODE, left.body[:_EXCERPT]))
        if silent:
            return
    lost = above is None and not comment.parent_certain
    if own not in found.records or not lost:
        found.parents[own] = above
        found.sure[own] = comment.parent_certain, comment.confidence
    found.records[own] = comment


def _merged(earlier: Sequence[str], later: Sequence[str]) -> list[str]:
    """The later file's order; what only earlier ones have stands behind what it followed there."""
    here = set(later)
    behind: dict[str | None, list[str]] = {}
    before: str | None = None
    for key in earlier:
        if key in here:
            before = key
        else:
            behind.setdefault(before, []).append(key)
    return [*behind.get(None, []), *(one for key in later for one in (key, *behind.get(key, [])))]


def _in_order(found: _Found) -> list[ArchivedComment]:
    """Parents before their replies; brothers by date where all have one, else as the files have them."""
    parents = {own: above if above in found.records else None for own, above in found.parents.items()}
    for own in _circles(parents):
        parents[own] = None
    rank = {own: place for place, own in enumerate(found.order)}
    dated = all(c.posted_at or c.kind == Kind.PLACEHOLDER for c in found.records.values())

    def place_of(own: str) -> tuple:
        comment = found.records[own]
        return (comment.posted_at or _LAST, number_of(comment.key)) if dated else (rank[own],)

    below: dict[str | None, list[str]] = {}
    for own in sorted(parents, key=place_of, reverse=True):
        below.setdefault(parents[own], []).append(own)
    labels: dict[str, str] = {}
    taken = {c.key for c in found.records.values() if c.has_id}
    ordered: list[ArchivedComment] = []
    waiting = below.get(None, [])
    while waiting:
        own = waiting.pop()
        labels[own] = _label(found.records[own], taken)
        ordered.append(_placed(found, own, parents[own], labels, len(ordered) + 1))
        waiting += below.get(own, [])
    return ordered


def _placed(
    found: _Found, own: str, above: str | None, labels: dict[str, str], position: int
) -> ArchivedComment:
    comment, (certain, confidence) = found.records[own], found.sure[own]
    hints = {name: value for name, value in comment.hints.items() if name != AS_WRITTEN}
    wanted = found.parents[own]
    if above is None and wanted is not None:
        hints[AS_WRITTEN] = wanted.removeprefix("id:")
        certain, confidence = False, min(confidence, 0.5)
    elif above is not None and comment.parent_key is None and identity.named_parent(comment):
        certain, confidence = True, 1.0
    return replace(
        comment,
        key=labels[own],
        parent_key=labels[above] if above else None,
        position=position,
        parent_certain=certain,
        confidence=confidence,
        hints=hints,
    )


def _label(comment: ArchivedComment, taken: set[str]) -> str:
    """Its own key, or where another comment without an id has that, the next that is free."""
    if comment.has_id:
        return comment.key
    number, label = 1, comment.key
    while label in taken:
        number += 1
        label = f"{comment.key}#{number}"
    taken.add(label)
    return label


def _circles(parents: dict[str, str | None]) -> Iterable[str]:
    """Of each circle that two files make together, one comment to begin it: the lowest number."""
    safe: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        own: str | None = start
        while own is not None and own not in safe and own not in path:
            path[own] = None
            own = parents[own]
        if own is not None and own in path:
            walked = list(path)
            yield min(walked[walked.index(own) :], key=lambda one: number_of(one.removeprefix("id:")))
        safe.update(path)
