"""Branches are put elsewhere, within an article and to another one: the tree follows and nobody is lost."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from forum.articles.models import Article
from forum.threads import check, moving, tree
from forum.threads.models import Comment
from forum.threads.tree import Place, Truth
from tests.make import load_comments, make_article, make_comment
from tests.threads.test_tree_property import demanded, few, shapes

pytestmark = pytest.mark.django_db
SHAPE = [None, 0, 1, 1, None, 4]


def order(article: Article) -> list[tuple]:
    """Everything that decides where comments stand."""
    rows = Comment.objects.filter(article=article).in_reading_order()
    return list(rows.values_list("pk", "parent", "parent_certain", "placed_at", "order_key", *Place._fields))


def counters(article: Article) -> tuple[int, int]:
    return Article.objects.values_list("comment_count", "root_count").get(pk=article.pk)


def put(number: int, article: Article, parent: int | None, **more) -> list[int]:
    """As the desk does it, without asking whether it may be."""
    around = [number] if parent is None else [number, parent]
    with tree.locked_around(around, [article.pk]):
        top = Comment.objects.get(pk=number)
        under = None if parent is None else Comment.objects.get(pk=parent)
        return moving.put(top, article, under, **({"placed_at": timezone.now()} | more))


def assert_sound(*articles: Article) -> None:
    for article in articles:
        assert tree.broken(article.pk) == []
        assert check.examine(article.pk) == []
        places = {t.id: t for t in tree.truths_of(article.pk)}
        stored = Comment.objects.filter(article=article).values_list("pk", *Place._fields)
        wanted = demanded([Truth(*t) for t in places.values()])
        assert {n: Place(*place) for n, *place in stored} == wanted


@st.composite
def moves(draw) -> tuple[list[int | None], list[int | None], list[tuple[int, int | None, int]]]:
    """Two discussions, and for each move: which comment, under which (None: a root), of which article."""
    first, second = draw(shapes(14)), draw(shapes(10))
    every = len(first) + len(second)
    one = st.tuples(st.integers(0, every - 1), st.none() | st.integers(0, every - 1), st.integers(0, 1))
    return first, second, draw(st.lists(one, min_size=1, max_size=8))


@few
@given(moves())
def test_after_any_moves_both_trees_are_sound_and_no_comment_is_lost(drawn):
    first, second, wanted = drawn
    articles = [make_article(), make_article()]
    rows = [*load_comments(articles[0], first), *load_comments(articles[1], second)]
    before = set(Comment.objects.filter(article__in=articles).values_list("pk", "order_key", "version"))
    for which, under, where in wanted:
        top = Comment.objects.get(pk=rows[which].pk)
        parent = None if under is None else Comment.objects.get(pk=rows[under].pk)
        if parent is not None and parent.pk in moving.branches(top.article_id, [top.pk]):
            continue
        article = articles[where] if parent is None else Article.objects.get(pk=parent.article_id)
        moved = put(top.pk, article, parent.pk if parent else None)
        now = Comment.objects.filter(pk__in=moved)
        assert set(now.values_list("article", flat=True)) == {article.pk}
        assert Comment.objects.get(pk=top.pk).parent_id == (parent.pk if parent else None)
        assert_sound(*articles)
    after = Comment.objects.filter(article__in=articles).values_list("pk", "order_key", "version")
    assert set(after) == before


def test_a_branch_takes_all_of_its_replies_along_and_leaves_the_rest(article):
    rows, other = load_comments(article, SHAPE), make_article()
    assert set(put(rows[1].pk, other, None)) == {rows[1].pk, rows[2].pk, rows[3].pk}
    assert [row[0] for row in order(other)] == [rows[1].pk, rows[2].pk, rows[3].pk]
    assert [row[0] for row in order(article)] == [rows[0].pk, rows[4].pk, rows[5].pk]
    assert (counters(article), counters(other)) == ((3, 2), (3, 1))
    assert_sound(article, other)


def test_putting_it_back_gives_the_very_same_rows_and_counters(article):
    rows, other = load_comments(article, SHAPE), make_article()
    target = make_comment(other, "Words of the other article.")
    before, counted = order(article), counters(article)
    put(rows[1].pk, other, target.pk)
    assert order(article) != before
    put(rows[1].pk, article, rows[0].pk, placed_at=None)
    assert (order(article), counters(article)) == (before, counted)
    assert_sound(article, other)


def test_siblings_stand_by_time_wherever_they_are_put(article):
    first, second, third = (make_comment(article, f"Root {n}.") for n in range(3))
    put(third.pk, article, first.pk)
    put(second.pk, article, first.pk)
    assert [row[0] for row in order(article)] == [first.pk, second.pk, third.pk]


def test_a_fault_in_the_index_moves_nobody_and_is_mended_on_the_way(article):
    rows, other = load_comments(article, SHAPE), make_article()
    Comment.objects.filter(pk=rows[2].pk).update(tree_id=rows[4].pk, lft=1, rght=2)
    Comment.objects.filter(pk=rows[5].pk).update(tree_id=rows[0].pk)
    assert set(put(rows[1].pk, other, None)) == {rows[1].pk, rows[2].pk, rows[3].pk}
    assert_sound(article, other)


def test_whole_threads_are_put_over_without_a_new_index(article):
    rows, other = load_comments(article, SHAPE), make_article()
    before = order(article)
    with tree.all_locked([article.pk, other.pk]):
        assert len(moving.put_roots(article, other)) == len(rows)
    assert order(other) == before
    assert order(article) == []
    with tree.all_locked([article.pk, other.pk]):
        moving.put_roots(other, article, [rows[4].pk])
    assert [row[0] for row in order(article)] == [rows[4].pk, rows[5].pk]
    assert_sound(article, other)


def test_the_number_of_statements_does_not_grow_with_the_thread(article, django_assert_max_num_queries):
    """Rows that change are written two hundred at a time."""
    other = make_article()
    small = load_comments(article, [None, *range(3)])
    large = load_comments(article, [None, *[0] * 150])
    for top in (small[0], next(row for row in large if row.parent_id is None and row.pk > small[-1].pk)):
        with django_assert_max_num_queries(24):
            put(top.pk, other, None)


def test_a_comment_that_moves_while_its_lock_is_waited_for_is_looked_up_anew(article, monkeypatch):
    other, row = make_article(), make_comment(article)
    real, seen = tree.all_locked, []

    def overtaken(numbers):
        if not seen:
            put_quietly(row.pk, other)
        seen.append(set(numbers))
        return real(numbers)

    def put_quietly(number, to):
        Comment.objects.filter(pk=number).update(article=to)

    monkeypatch.setattr(tree, "all_locked", overtaken)
    with tree.locked_around([row.pk]) as held:
        assert set(held) == {other.pk}
    assert seen == [{article.pk}, {other.pk}]


def test_a_comment_that_is_not_there_has_no_lock(article):
    with pytest.raises(Comment.DoesNotExist), tree.locked_around([5]):
        pass
