"""Finds and mends discussions whose tree or counters do not follow from what was written."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F

from forum.articles.models import Article
from forum.threads import tree, writing
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import State

AT_ONCE = 200


class What(StrEnum):
    """What can be wrong with a discussion."""

    MISSING = "missing parent"
    ELSEWHERE = "parent elsewhere"
    CIRCLE = "circle"
    INDEX = "index"
    COUNTER = "counter"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: what, where (the article's path and, but for counters, the comment)."""

    what: What
    path: str
    comment: int | None
    saying: str

    def __str__(self) -> str:
        return f"{self.path}: {self.saying}"


@dataclass(frozen=True, slots=True)
class Repair:
    """The faults that a repair found in an article and those that it left."""

    found: list[Fault]
    left: list[Fault]


def article_ids() -> Iterator[int]:
    """The number of every article, in ascending order, a few at a time and with no query left open."""
    last = 0
    while page := list(
        Article.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield from page
        last = page[-1]


def examine(article_id: int) -> list[Fault]:
    """The faults of an article; none for one that is no longer there.

    Looks without the lock, and again under it when something seems wrong: a comment written between
    two looks is no fault.
    """
    if not _seems_wrong(article_id):
        return []
    try:
        with tree.locked(article_id) as article:
            return _faults(article)
    except Article.DoesNotExist:
        return []


def repair(article_id: int) -> Repair:
    """Examine an article and mend its index, parents and counters in one transaction.

    A comment whose parent is missing, elsewhere or in a circle becomes a root; no row goes away. What is held
    since nobody knows when waits from its arrival.
    """
    if not _seems_wrong(article_id):
        return Repair([], [])
    try:
        with tree.locked(article_id) as article:
            found = _faults(article)
            if found:
                tree.renumber(article_id)
                _waiting_since_never(article_id).update(held_at=F("received_at"))
                writing.recount([article_id])
                article.refresh_from_db()
            return Repair(found, _faults(article) if found else [])
    except Article.DoesNotExist:
        return Repair([], [])


def _seems_wrong(article_id: int) -> bool:
    article = Article.objects.filter(pk=article_id).only("path", "comment_count", "root_count").first()
    if article is None:
        return False
    looks = tree.broken(article_id) or _wrong_counters(article) or _waiting_since_never(article_id).exists()
    return bool(looks)


def _faults(article: Article) -> list[Fault]:
    return [*_tree_faults(article), *_wrong_counters(article), *_wait_faults(article)]


def _waiting_since_never(article_id: int) -> CommentQuerySet:
    return Comment.objects.filter(article=article_id, state=State.HELD, held_at=None)


def _wait_faults(article: Article) -> list[Fault]:
    return [
        Fault(What.WAIT, article.path, number, f"comment {number} is held and does not say since when.")
        for number in _waiting_since_never(article.pk).order_by("pk").values_list("pk", flat=True)
    ]


def _wrong_counters(article: Article) -> list[Fault]:
    public = Comment.objects.public().filter(article=article)
    counted = {
        "comment_count": ("public comments", public.count()),
        "root_count": ("public comments at the top level", public.filter(parent__isnull=True).count()),
    }
    return [
        Fault(
            What.COUNTER,
            article.path,
            None,
            f"the article's number of {noun} is {getattr(article, field)} where {number} belongs.",
        )
        for field, (noun, number) in counted.items()
        if getattr(article, field) != number
    ]


def _tree_faults(article: Article) -> Iterator[Fault]:
    wrong = tree.broken(article.pk)
    if not wrong:
        return
    truths = {truth.id: truth for truth in tree.truths_of(article.pk)}
    numbering = tree.number(truths.values())
    stored = _stored_places(article)
    for n in wrong:
        if n not in numbering.cut:
            yield _index_fault(article, n, stored[n], numbering.places[n])
        elif truths[n].parent_id in truths:
            yield _circle_fault(article, n, truths)
        else:
            yield _parent_fault(article, n, truths[n].parent_id)


def _stored_places(article: Article) -> dict[int, tree.Place]:
    rows = Comment.objects.filter(article=article).values_list("id", *tree.Place._fields)
    return {n: tree.Place(*place) for n, *place in rows}


def _index_fault(article: Article, n: int, stored: tree.Place, due: tree.Place) -> Fault:
    differing = [
        f"{name} {is_value} where {due_value} belongs"
        for name, is_value, due_value in zip(due._fields, stored, due, strict=True)
        if is_value != due_value
    ]
    saying = f"comment {n} is misplaced in the reading order ({', '.join(differing)})."
    return Fault(What.INDEX, article.path, n, saying)


def _circle_fault(article: Article, n: int, truths: dict[int, tree.Truth]) -> Fault:
    round_trip, node = [n], truths[n].parent_id
    while node is not None and node != n:
        round_trip.append(node)
        node = truths[node].parent_id
    saying = f"comment {n} answers itself."
    if len(round_trip) > 1:
        saying = f"comment {n} stands in a circle of {len(round_trip)} comments that answer each other."
    return Fault(What.CIRCLE, article.path, n, saying)


def _parent_fault(article: Article, n: int, parent_id: int | None) -> Fault:
    elsewhere = Comment.objects.filter(pk=parent_id).values_list("article__path", flat=True).first()
    if elsewhere is None:
        saying = f"comment {n} answers comment {parent_id}, which does not exist."
        return Fault(What.MISSING, article.path, n, saying)
    saying = f"comment {n} answers comment {parent_id}, which belongs to another article, {elsewhere}."
    return Fault(What.ELSEWHERE, article.path, n, saying)
