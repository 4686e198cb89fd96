"""The tree's algebra and its lock: lft, rght, level, tree_id and root_key follow from parent and order.

django-mptt's own insert takes `max(tree_id) + 1` and shifts its neighbours without a lock, and its
rebuild orders siblings by the numbers that it should repair; so nothing here calls them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Case, F, IntegerField, QuerySet, When

from forum.articles.models import Article
from forum.threads.models import FIRST_NUMBER, Comment


class Truth(NamedTuple):
    """What a comment's place follows from."""

    id: int
    parent_id: int | None
    order_key: int


class Place(NamedTuple):
    """A comment's place in the index."""

    tree_id: int
    lft: int
    rght: int
    level: int
    root_key: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """Places by comment number; `cut` are comments whose parent is missing, elsewhere or in a circle."""

    places: dict[int, Place]
    cut: set[int]


@contextmanager
def locked(article_id: int) -> Iterator[Article]:
    """A transaction that holds the lock of one discussion; yields the article as it is under the lock.

    PostgreSQL locks the article's row. SQLite has no row locks: there the connection's
    `transaction_mode=IMMEDIATE` takes the database's write lock when the transaction begins.
    Raises Article.DoesNotExist.
    """
    with transaction.atomic():
        yield Article.objects.select_for_update(no_key=True).get(pk=article_id)


@contextmanager
def all_locked(article_ids: Iterable[int]) -> Iterator[dict[int, Article]]:
    """As `locked` for several discussions, by number, in one statement.

    They are always locked in ascending order, so that no two of these wait for each other. The texts of
    the articles are not read. Raises Article.DoesNotExist when one is missing.
    """
    with transaction.atomic():
        wanted = set(article_ids)
        rows = Article.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
        found = {article.pk: article for article in rows.defer("body_source", "body_html")}
        if len(found) < len(wanted):
            raise Article.DoesNotExist
        yield found


@contextmanager
def locked_around(
    numbers: Collection[int], article_ids: Collection[int] = ()
) -> Iterator[dict[int, Article]]:
    """The locks of the discussions in which some comments stand, and of further ones; articles by number.

    A comment may be moved while its lock is waited for: then it is looked up anew. Raises
    Comment.DoesNotExist when one of them has no row.
    """
    while True:
        where = _articles_of(numbers)
        with all_locked({*where.values(), *article_ids}) as articles:
            if _articles_of(numbers) == where:
                yield articles
                return


def _articles_of(numbers: Collection[int]) -> dict[int, int]:
    where = dict(Comment.objects.filter(pk__in=numbers).values_list("pk", "article_id"))
    if len(where) < len(set(numbers)):
        raise Comment.DoesNotExist
    return where


def take_numbers(count: int) -> list[int]:
    """Fresh comment numbers in ascending order; a number is never given twice, even after an undo."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence('forum_comment', 'id')) FROM generate_series(1, %s)"
            cursor.execute(sql, [count])
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'forum_comment'")
        row = cursor.fetchone()
        last = max(row[0] if row else 0, FIRST_NUMBER - 1)
        sql = (
            "UPDATE sqlite_sequence SET seq = %s WHERE name = 'forum_comment'"
            if row
            else "INSERT INTO sqlite_sequence (seq, name) VALUES (%s, 'forum_comment')"
        )
        cursor.execute(sql, [last + count])
        return list(range(last + 1, last + count + 1))


def make_room(parent: Comment | None, comment: Comment) -> None:
    """Give an unsaved comment, numbered and with its order key, its place under `parent`.

    Shifts what stands behind it. Call it under the lock and with a parent that was read under it.
    """
    if parent is None:
        comment.tree_id, comment.root_key = comment.pk, comment.order_key
        comment.lft, comment.rght, comment.level = 1, 2, 0
        return
    after = Comment.objects.filter(parent=parent, order_key__gt=comment.order_key)
    at = after.order_by("order_key", "id").values_list("lft", flat=True).first() or parent.rght
    Comment.objects.filter(tree_id=parent.tree_id, rght__gte=at).update(
        lft=Case(When(lft__gte=at, then=F("lft") + 2), default=F("lft"), output_field=IntegerField()),
        rght=F("rght") + 2,
    )
    comment.tree_id, comment.root_key = parent.tree_id, parent.root_key
    comment.lft, comment.rght, comment.level = at, at + 1, parent.level + 1


def number(rows: Iterable[Truth]) -> Numbering:
    """The one index that parents and order keys demand; ties go by number.

    A comment whose parent is not among `rows` becomes a root. A circle is opened at its lowest number.
    Works without recursion, in time that grows with the number of rows and the sorting of siblings.
    """
    truths = {row.id: row for row in rows}
    parents = {row.id: row.parent_id for row in truths.values()}
    cut = {n for n, parent in parents.items() if parent is not None and parent not in truths}
    cut |= _circle_openers(parents)
    children: dict[int | None, list[int]] = {}
    for n in sorted(truths, key=lambda n: (truths[n].order_key, n)):
        children.setdefault(None if n in cut else parents[n], []).append(n)
    places: dict[int, Place] = {}
    for root in children.get(None, []):
        _number_tree(root, truths[root].order_key, children, places)
    return Numbering(places, cut)


def _number_tree(
    root: int, root_key: int, children: dict[int | None, list[int]], places: dict[int, Place]
) -> None:
    counter, opened = 1, {root: 1}
    stack = [(root, iter(children.get(root, [])))]
    while stack:
        node, rest = stack[-1]
        counter += 1
        child = next(rest, None)
        if child is None:
            stack.pop()
            places[node] = Place(root, opened[node], counter, len(stack), root_key)
        else:
            opened[child] = counter
            stack.append((child, iter(children.get(child, []))))


def _circle_openers(parents: dict[int, int | None]) -> set[int]:
    done: set[int] = set()
    openers: set[int] = set()
    for start in parents:
        path: list[int] = []
        on_path: set[int] = set()
        node: int | None = start
        while node is not None and node in parents and node not in done and node not in on_path:
            path.append(node)
            on_path.add(node)
            node = parents[node]
        if node in on_path:
            openers.add(min(path[path.index(node) :]))
        done |= on_path
    return openers


def truths_of(article_id: int, trees: Collection[int] | None = None) -> list[Truth]:
    """Parent and order of every comment of an article, or of some of its trees."""
    rows = _rows(article_id, trees).values_list("id", "parent_id", "order_key")
    return [Truth(*row) for row in rows]


def trees_of(numbers: Collection[int]) -> set[int]:
    """The trees in which stored comments stand."""
    return set(Comment.objects.filter(pk__in=numbers).values_list("tree_id", flat=True))


def _rows(article_id: int, trees: Collection[int] | None) -> QuerySet[Comment]:
    rows = Comment.objects.filter(article_id=article_id)
    return rows if trees is None else rows.filter(tree_id__in=trees)


def deepest_first(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers in portions to delete one after the other: a parent never before what answers it."""
    levels: dict[int, list[int]] = {}
    for start in range(0, len(numbers), 500):
        rows = Comment.objects.filter(pk__in=numbers[start : start + 500]).values_list("level", "pk")
        for level, number in rows:
            levels.setdefault(level, []).append(number)
    return [
        levels[level][start : start + 500]
        for level in sorted(levels, reverse=True)
        for start in range(0, len(levels[level]), 500)
    ]


def renumber(article_id: int, trees: Collection[int] | None = None) -> int:
    """Write the index of an article anew from parents and order; returns how many rows it changed.

    Call it under the lock. With `trees` only these, which have to hold the parents of all in them. A
    comment whose parent is missing, elsewhere or in a circle becomes a root whose parent is uncertain.
    """
    numbering = number(truths_of(article_id, trees))
    if numbering.cut:
        _cut_loose(numbering.cut, numbering.places)
    changed = []
    for comment in _rows(article_id, trees).only("id", *Place._fields).iterator():
        place = numbering.places[comment.pk]
        if place != tuple(getattr(comment, name) for name in Place._fields):
            for name, value in place._asdict().items():
                setattr(comment, name, value)
            changed.append(comment)
    Comment.objects.bulk_update(changed, Place._fields, batch_size=200)
    return len(changed) + len(numbering.cut)


def _cut_loose(numbers: set[int], places: dict[int, Place]) -> None:
    for n in numbers:
        place = places[n]
        Comment.objects.filter(pk=n).update(parent=None, parent_certain=False, **place._asdict())


def broken(article_id: int) -> list[int]:
    """Numbers of the comments whose index does not follow from parents and order keys."""
    rows = list(
        Comment.objects.filter(article_id=article_id).values_list(
            "id", "parent_id", "order_key", *Place._fields
        )
    )
    numbering = number(Truth(*row[:3]) for row in rows)
    wrong = {row[0] for row in rows if Place(*row[3:]) != numbering.places[row[0]]}
    return sorted(wrong | numbering.cut)
