"""Whatever shape a discussion has and however it comes in, parents and order keys decide the tree."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.articles.models import Article
from forum.threads import tree, writing
from forum.threads.models import Comment
from forum.threads.states import Origin, State
from forum.threads.tree import Place, Truth
from tests.make import make_article

few = settings(
    max_examples=15,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
many = settings(max_examples=300, deadline=None, database=None)


def demanded(truths: list[Truth]) -> dict[int, Place]:
    """The oracle: walk down from each root through replies sorted by order key and number."""
    places: dict[int, Place] = {}

    def visit(node: Truth, root: Truth, level: int, at: int) -> int:
        end = at + 1
        for reply in sorted_replies(truths, node.id):
            end = visit(reply, root, level + 1, end)
        places[node.id] = Place(root.id, at, end, level, root.order_key)
        return end + 1

    for root in sorted_replies(truths, None):
        visit(root, root, 0, 1)
    return places


def sorted_replies(truths: list[Truth], parent: int | None) -> list[Truth]:
    replies = [truth for truth in truths if truth.parent_id == parent]
    return sorted(replies, key=lambda truth: (truth.order_key, truth.id))


@st.composite
def shapes(draw, longest: int = 60) -> list[int | None]:
    """For each comment the index of its parent, an earlier one, or None: chains, fans, all between."""
    size = draw(st.integers(1, longest))
    kind = draw(st.sampled_from(["any", "chain", "fan", "deep", "roots"]))
    if kind == "chain":
        return [None, *range(size - 1)]
    if kind == "fan":
        return [None, *[0] * (size - 1)]
    if kind == "roots":
        return [None] * size
    reach = 3 if kind == "deep" else size
    drawn = [draw(st.integers(max(-1, i - reach), i - 1)) for i in range(size)]
    return [None if parent < 0 else parent for parent in drawn]


@st.composite
def forests(draw, longest: int = 60) -> list[Truth]:
    """Rows in any order, with numbers in any order and order keys that may be equal."""
    shape = draw(shapes(longest))
    numbers = draw(st.permutations(range(1, len(shape) + 1)))
    keys = draw(st.lists(st.integers(0, len(shape)), min_size=len(shape), max_size=len(shape)))
    rows = [
        Truth(numbers[i], None if parent is None else numbers[parent], keys[i])
        for i, parent in enumerate(shape)
    ]
    return draw(st.permutations(rows))


@many
@given(forests())
def test_numbers_follow_from_parents_and_order_keys_alone(rows):
    numbering = tree.number(rows)
    assert numbering.places == demanded(rows)
    assert numbering.cut == set()


@many
@given(forests())
def test_each_comment_stands_inside_its_parent_and_takes_two_numbers_of_its_tree(rows):
    places = tree.number(rows).places
    for row in rows:
        place = places[row.id]
        if row.parent_id is not None:
            parent = places[row.parent_id]
            assert parent.lft < place.lft < place.rght < parent.rght
            assert (place.tree_id, place.level) == (parent.tree_id, parent.level + 1)
    for root in {place.tree_id for place in places.values()}:
        numbers = [n for place in places.values() if place.tree_id == root for n in place[1:3]]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


@many
@given(st.lists(st.one_of(st.none(), st.integers(0, 25)), min_size=1, max_size=20))
def test_circles_and_missing_parents_are_cut_once_and_nothing_is_lost(parents):
    rows = [Truth(i, parent, i) for i, parent in enumerate(parents)]
    numbering = tree.number(rows)
    mended = [row._replace(parent_id=None) if row.id in numbering.cut else row for row in rows]
    assert numbering.places == demanded(mended)
    assert set(numbering.places) == {row.id for row in rows}
    assert numbering.cut == {min(circle_or_end(parents, i)) for i in range(len(parents))} - {
        i for i, parent in enumerate(parents) if parent is None
    }


def circle_or_end(parents: list[int | None], start: int) -> set[int]:
    """Where the way up from a comment ends: in a circle, or at the last comment that there is."""
    node = start
    for _ in parents:
        parent = parents[node]
        if parent is None or parent >= len(parents):
            return {node}
        node = parent
    circle = {node}
    while (node := parents[node]) not in circle:
        circle.add(node)
    return circle


def test_a_chain_of_thousands_needs_no_recursion():
    rows = [Truth(i, i - 1 or None, 0) for i in range(1, 5001)]
    assert tree.number(rows).places[5000] == Place(1, 5000, 5001, 4999, 0)


# --- Through the database ----------------------------------------------------------------------------


def unsaved(article: Article, rows: list[Truth]) -> list[Comment]:
    return [
        Comment(
            pk=row.id,
            article=article,
            parent_id=row.parent_id,
            order_key=row.order_key,
            state=State.VISIBLE,
            origin=Origin.ARCHIVE,
            received_at=timezone.now(),
        )
        for row in rows
    ]


def with_fresh_numbers(rows: list[Truth]) -> list[Truth]:
    """The same forest with numbers that the database has not given yet, in the same order."""
    numbers = dict(zip(sorted(row.id for row in rows), tree.take_numbers(len(rows)), strict=True))
    return [Truth(numbers[row.id], numbers.get(row.parent_id), row.order_key) for row in rows]


def load(article: Article, rows: list[Truth], moved: list[Truth] = ()) -> None:
    with tree.locked(article.pk) as locked:
        writing.load(locked, unsaved(locked, rows), moved=unsaved(locked, moved))


def assert_tree_is(article: Article, rows: list[Truth]) -> None:
    """The stored index is the one that the oracle demands, and reading order follows it."""
    places = demanded(rows)
    stored = Comment.objects.filter(article=article).in_reading_order()
    found = [(n, Place(*place)) for n, *place in stored.values_list("id", *Place._fields)]
    wanted = sorted(places.items(), key=lambda item: (item[1].root_key, item[1].tree_id, item[1].lft))
    assert found == wanted
    assert set(tree.truths_of(article.pk)) == set(rows)
    assert tree.broken(article.pk) == []


@pytest.mark.django_db
@few
@given(forests())
def test_rows_loaded_in_one_go_in_any_order_make_the_tree(rows):
    article = make_article()
    rows = with_fresh_numbers(rows)
    load(article, rows)
    assert_tree_is(article, rows)


@pytest.mark.django_db
@few
@given(forests(), st.data())
def test_rows_loaded_in_two_portions_make_the_same_tree(rows, data):
    article = make_article()
    rows = with_fresh_numbers(rows)
    parents = {row.id: row.parent_id for row in rows}
    first: set[int | None] = set()
    for node in data.draw(st.sets(st.sampled_from(sorted(parents)))):
        while node is not None:
            first.add(node)
            node = parents[node]
    load(article, [row for row in rows if row.id in first])
    load(article, [row for row in rows if row.id not in first])
    assert_tree_is(article, rows)


@pytest.mark.django_db
@few
@given(shapes())
def test_replies_written_one_by_one_make_the_tree(shape):
    article, written = make_article(), []
    for parent in shape:
        with tree.locked(article.pk) as locked:
            draft = writing.Draft(body="words", name="Ann")
            answered = None if parent is None else written[parent].pk
            written.append(writing.add(locked, answered, draft, State.VISIBLE))
    assert_tree_is(article, [Truth(c.pk, c.parent_id, c.order_key) for c in written])


@pytest.mark.django_db
@few
@given(shapes(30), st.data())
def test_replies_whose_clock_jumps_make_the_tree_all_the_same(shape, data):
    """Two machines' clocks differ, and a clock may stand still or be set back."""
    article, written = make_article(), []
    base = timezone.now()
    for parent in shape:
        now = base + datetime.timedelta(seconds=data.draw(st.integers(-3, 3)))
        with pytest.MonkeyPatch.context() as patch, tree.locked(article.pk) as locked:
            patch.setattr(writing.timezone, "now", lambda now=now: now)
            draft = writing.Draft(body="words", name="Ann")
            answered = None if parent is None else written[parent].pk
            written.append(writing.add(locked, answered, draft, State.VISIBLE))
    assert_tree_is(article, [Truth(c.pk, c.parent_id, c.order_key) for c in written])


@st.composite
def replacements(draw, rows: list[Truth], new: list[Truth]) -> list[Truth]:
    """Other parents and order keys for the same rows and some new ones; any root may become a reply."""
    spread = draw(st.permutations([*rows, *new]))
    first = spread[0]
    wanted = [Truth(first.id, None, draw(st.integers(-9, 9)))]
    for i, row in enumerate(spread[1:], start=1):
        parent = None if draw(st.booleans()) else spread[draw(st.integers(0, i - 1))].id
        wanted.append(Truth(row.id, parent, draw(st.integers(-9, 9))))
    return wanted


def assert_second_load_makes(article: Article, rows: list[Truth], wanted: list[Truth]) -> None:
    """Load `rows`, then `wanted`, which holds them all again and new ones beside them."""
    load(article, rows)
    stored = {row.id for row in rows}
    new = [row for row in wanted if row.id not in stored]
    load(article, new, moved=[row for row in wanted if row.id in stored and row not in rows])
    assert_tree_is(article, wanted)


@pytest.mark.django_db
@few
@given(forests(30), st.data())
def test_rows_that_a_second_load_moves_stand_where_they_now_belong(rows, data):
    rows = with_fresh_numbers(rows)
    new = with_fresh_numbers([Truth(n, None, 0) for n in range(1, 6)])
    assert_second_load_makes(make_article(), rows, data.draw(replacements(rows, new)))


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), [(1, None), (None, 1)])
def test_a_second_load_makes_a_reply_of_a_root_and_a_root_of_a_reply(article, before, after):
    first, second = tree.take_numbers(2)
    numbers = {None: None, 1: first}
    rows = [Truth(first, None, 1), Truth(second, numbers[before], 2)]
    wanted = [Truth(first, None, 1), Truth(second, numbers[after], 2)]
    assert_second_load_makes(article, rows, wanted)
