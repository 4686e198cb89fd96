"""Pages of the queue: from where the last one ended, through an index, each comment exactly once."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.moderation.filters import ORDERS, order_of
from forum.threads.models import Comment
from forum.threads.states import State
from forum.web.paging import cursor_of, rows_behind
from tests.make import make_article
from tests.moderation.desk import cards, desk, following

pytestmark = pytest.mark.django_db
INDEX = "comment_queue_"  # one for each order; behind a cursor two of them serve alike
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def many(count: int, state: str = State.HELD) -> None:
    """So many comments of one article, some of the same moment and risk; the article counts them."""
    article = make_article()
    first = 20_000_000 + 1_000_000 * Comment.objects.count()
    Comment.objects.bulk_create(
        Comment(
            pk=first + n,
            tree_id=first + n,
            article=article,
            state=state,
            body_source=f"Words {n}.",
            body_html=f"<p>Words {n}.</p>",
            risk=(n * 7) % 5,
            urgent=int(n % 11 == 3),
            received_at=START + datetime.timedelta(minutes=n // 3),
            held_at=START + datetime.timedelta(minutes=(count - n) // 3),
        )
        for n in range(count)
    )
    field = "spam_count" if state == State.SPAM else "held_count"
    type(article).objects.filter(pk=article.pk).update(**{field: count})


@pytest.mark.parametrize("sort", ORDERS)
def test_all_pages_together_hold_each_comment_once_and_in_order(mod, sort):
    many(47)
    address, seen = f"/moderation/?sort={sort}", []
    for _ in range(4):
        page = desk(mod, address)
        seen += cards(page)
        address = following(page)
        if not address:
            break
    assert seen == list(Comment.objects.order_by(*order_of("held", sort)).values_list("pk", flat=True))


def test_what_is_decided_meanwhile_takes_nothing_from_the_next_page(mod):
    many(45)
    first = desk(mod)
    order = order_of("held", "oldest")
    rest = list(Comment.objects.order_by(*order).values_list("pk", flat=True))[20:40]
    mod.post("/moderation/decide/", {"comment": cards(first)[:7], "decision": "approve"})
    assert cards(desk(mod, following(first))) == rest


def explained(sql: str) -> str:
    """How the database goes about a statement."""
    with connection.cursor() as cursor:
        word = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{word} {sql}")
        return "\n".join(str(row) for row in cursor.fetchall())


def plan_of(mod, address: str) -> list[str]:
    """How the statements of a page that order comments by their arrival are answered."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        desk(mod, address)
    ordered = [q["sql"] for q in captured if "ORDER BY" in q["sql"] and "visible_below" in q["sql"]]
    assert ordered
    return [explained(sql) for sql in ordered]


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("page", [1, 2])
def test_the_page_is_read_from_the_index_of_what_waits(mod, sort, page):
    many(2000)
    many(300, State.VISIBLE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    address = f"/moderation/?sort={sort}"
    address = following(desk(mod, address)) if page == 2 else address
    for plan in plan_of(mod, address):
        assert INDEX in plan, plan
        outer = [line for line in plan.splitlines() if "forum_comment" in line and INDEX in line]
        assert outer
        assert "TEMP B-TREE FOR ORDER BY" not in plan
        assert "Sort" not in plan
        assert "Seq Scan on forum_comment" not in plan, plan
        assert "hashed SubPlan" not in plan, plan


def test_control_an_order_without_an_index_sorts(mod):
    many(2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = Comment.objects.filter(state=State.HELD).order_by("name_shown", "pk")[:20]
    plan = rows.explain()
    assert "TEMP B-TREE" in plan or "Sort" in plan


@pytest.mark.parametrize(
    "cursor", ["abc", "1", "1.2", "1.2.3.4", "-1.5", "9" * 18 + "." + "9" * 18, "1.", "%00", "1.2;", "٣.٣"]
)
def test_a_cursor_that_is_nonsense_shows_the_first_page_and_says_so(mod, cursor):
    many(3)
    page = desk(mod, f"after={cursor}")
    assert len(cards(page)) == 3
    assert "this is the first page" in page


def test_behind_the_end_the_desk_says_what_stands_before(mod):
    many(3)
    order = order_of("held", "oldest")
    last = cursor_of(Comment.objects.order_by(*order).last(), order)
    page = desk(mod, f"after={last}")
    assert cards(page) == []
    assert "To the 3 comments that wait before it" in page


@pytest.mark.parametrize(("sort", "most"), [("oldest", 2), ("risk", 3)])
def test_a_page_behind_a_cursor_takes_few_statements(sort, most, django_assert_max_num_queries):
    many(60)
    rows, order = Comment.objects.filter(state=State.HELD), order_of("held", sort)
    first = rows_behind(rows, order, "", 20)
    with django_assert_max_num_queries(most):
        second = rows_behind(rows, order, cursor_of(first[-1], order), 20)
    assert [row.pk for row in first + second] == list(rows.order_by(*order).values_list("pk", flat=True)[:40])
    assert timezone.is_aware(first[0].held_at)


STATEMENTS = 12


@pytest.mark.parametrize("count", [25, 2000])
def test_case_x8_the_desk_opens_in_bounded_statements(mod, count, django_assert_max_num_queries):
    many(count)
    desk(mod)
    with CaptureQueriesContext(connection) as captured:
        page = desk(mod)
    assert len(captured) <= STATEMENTS
    assert f"{count} comments are held" in page
    counting = [q["sql"] for q in captured if "COUNT(" in q["sql"].upper()]
    assert not [sql for sql in counting if 'FROM "forum_comment" WHERE "forum_comment"."state"' in sql]
