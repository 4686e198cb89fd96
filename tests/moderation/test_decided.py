"""What has been decided: newest first, by whom and how, what was done together as one, each to be undone."""

import uuid

import pytest

from forum.moderation.models import Batch, Decision
from forum.threads.states import State
from tests.make import make_comment
from tests.moderation.desk import desk, following, hold

pytestmark = pytest.mark.django_db
DECIDED = "/moderation/decided/"
STATEMENTS = 12


def decide(client, act: str, *comments) -> None:
    """Decide on comments as one form does."""
    numbers = [comment.pk for comment in comments]
    assert client.post("/moderation/decide/", {"comment": numbers, "decision": act}).status_code == 303


def shown(page: str) -> list[str]:
    """The names in the list of decisions, in its order."""
    rows = page.split('<div class="decision">')[1:]
    return [row.partition("comment by ")[2].partition("<")[0] for row in rows]


def test_all_pages_together_hold_each_decision_once_newest_first(article, mod):
    for n in range(43):
        decide(mod, "approve", hold(article, f"Words {n}.", name=f"N{n}"))
    address, seen = DECIDED, []
    while address:
        page = desk(mod, address)
        seen += shown(page)
        address = following(page)
    assert seen == [f"N{n}" for n in reversed(range(43))]


def test_mine_are_mine_and_others_can_be_asked_for(article, mod, boss):
    decide(mod, "approve", hold(article, "One.", name="Ann"))
    decide(boss, "spam", hold(article, "Two.", name="Bob"))
    assert shown(desk(mod, DECIDED)) == ["Bob", "Ann"]
    assert shown(desk(mod, f"{DECIDED}?mine=1")) == ["Ann"]
    assert shown(desk(mod, f"{DECIDED}?actor={boss.user.pk}")) == ["Bob"]
    assert shown(desk(mod, f"{DECIDED}?act=approve")) == ["Ann"]
    assert shown(desk(mod, f"{DECIDED}?act=approve&actor={boss.user.pk}")) == []


@pytest.mark.parametrize(
    "query", ["actor=abc", "actor=" + "9" * 40, "act=nothing", "batch=abc", "after=x", "after=1.2.3"]
)
def test_nonsense_in_the_address_is_left_out(article, mod, query):
    decide(mod, "approve", hold(article))
    assert shown(desk(mod, f"{DECIDED}?{query}")) == ["Ann"]


def test_what_was_decided_together_stands_as_one_with_one_undo(article, mod, boss):
    decide(mod, "approve", hold(article, "Alone.", name="Solo"))
    rows = [hold(article, f"Words {n}.") for n in range(25)]
    decide(boss, "reject", *rows)
    page = desk(mod, DECIDED)
    batch = Batch.objects.get()
    assert len(shown(page)) == 2
    assert "Reject: batch of 25" in page
    assert "boss" in page
    assert page.count(f'name="batch" value="{batch.pk}"') == 1
    each = desk(mod, f"{DECIDED}?batch={batch.pk}")
    assert len(shown(each)) == 20
    assert len(shown(desk(mod, following(each)))) == 5
    assert mod.post("/moderation/undo/", {"batch": batch.pk}).status_code == 303
    page = desk(mod, DECIDED)
    assert article.comments.filter(state=State.HELD).count() == 25
    assert f'name="batch" value="{batch.pk}"' not in page
    assert len(shown(page)) == 3


def test_a_batch_that_runs_cannot_be_undone_yet(article, mod):
    decide(mod, "reject", hold(article, "One."), hold(article, "Two."))
    Batch.objects.update(ended_at=None)
    assert 'name="batch"' not in desk(mod, DECIDED)


def test_an_unknown_batch_is_empty(article, mod):
    decide(mod, "approve", hold(article))
    assert shown(desk(mod, f"{DECIDED}?batch={uuid.uuid4()}")) == []


def test_the_last_decisions_stand_in_the_queue_a_batch_as_one(article, mod):
    decide(mod, "reject", *(hold(article, f"Words {n}.") for n in range(9)))
    decide(mod, "approve", hold(article, "Alone.", name="Solo"))
    page = desk(mod)
    last = page.partition("Your last decisions")[2].partition("</details>")[0]
    assert last.count('<div class="decision">') == 2
    assert Decision.objects.count() == 10
    assert "batch of 9" in last


@pytest.mark.parametrize("count", [2, 20])
def test_statements_do_not_grow_with_the_decisions(article, mod, count, django_assert_max_num_queries):
    for n in range(count):
        decide(mod, "reject", hold(article, f"A {n}."), hold(article, f"B {n}."))
    desk(mod, DECIDED)
    with django_assert_max_num_queries(STATEMENTS):
        assert desk(mod, DECIDED).count('name="batch"') == count


def test_a_desk_without_decisions_says_so(db, mod):
    assert "Nothing has been decided yet." in desk(mod, DECIDED)


def test_words_of_the_system_and_of_long_names_are_shown(article, mod, stranger):
    make_comment(article, "Words.", name="x" * 100)
    decide(mod, "remove", article.comments.get())
    assert "x" * 100 in desk(mod, DECIDED)
