"""Deciding on many: a selection, a whole filter, what is left alone, going on, and taking all of it back."""

import re

import pytest

from forum.moderation import bulk, cases, decisions, edits
from forum.moderation.models import Act, Batch, Case, Decision
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import make_article, make_comment

pytestmark = pytest.mark.django_db


def held(article, count: int) -> list[Comment]:
    """Held comments with their cases."""
    made = [make_comment(article, f"Words {n}.", state=State.HELD) for n in range(count)]
    cases.open_cases([comment.pk for comment in made], Case.Cause.NEW)
    return made


def versions(comments) -> dict[str, int]:
    return {f"version-{comment.pk}": comment.version for comment in comments}


def send(client, act: str, comments=(), **fields):
    """POST a decision on many comments, already confirmed."""
    values = {"decision": act, "comment": [c.pk for c in comments], "sure": "yes"} | versions(comments)
    return client.post("/moderation/bulk/", values | fields)


def preview(client, act: str, **fields):
    """POST for the page that counts, and give what its form sends next."""
    page = client.post("/moderation/bulk/", {"decision": act} | fields)
    return re.findall(r'name="seen" value="(\w+)"', page.content.decode())


def states() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def test_a_selection_is_first_counted_and_nothing_is_done(article, mod):
    made = held(article, 3)
    values = {"decision": "approve", "comment": [c.pk for c in made]} | versions(made)
    page = mod.post("/moderation/bulk/", values)
    assert page.status_code == 200
    assert "Approve 3 comments?" in page.content.decode()
    assert states() == ["held"] * 3
    assert not Batch.objects.exists()


def test_a_confirmed_selection_is_decided_with_a_decision_each_under_one_batch(article, mod):
    made = held(article, 3)
    answer = send(mod, "approve", made)
    batch = Batch.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/")
    assert states() == ["visible"] * 3
    assert (batch.done, batch.left, batch.chosen, batch.actor) == (3, [], [], mod.user)
    written = Decision.objects.filter(batch=batch.pk, act=Act.APPROVE, actor=mod.user)
    assert sorted(written.values_list("comment", flat=True)) == [c.pk for c in made]
    assert not Case.objects.filter(closed=None).exists()
    assert "Approved: 3 comments." in mod.get("/moderation/").content.decode()
    article.refresh_from_db()
    assert (article.comment_count, article.held_count) == (3, 0)


def test_case_x12_a_stale_row_is_left_alone_and_named(article, mod, boss):
    made = held(article, 3)
    decisions.decide("reject", made[1].pk, boss.user)
    answer = send(mod, "approve", made)
    assert answer.status_code == 303
    assert states() == ["visible", "rejected", "visible"]
    assert Batch.objects.get().left == [made[1].pk]
    assert f"Left alone: comment {made[1].pk}" in mod.get("/moderation/").content.decode()


def test_control_without_the_versions_the_changed_row_would_be_decided(article, mod, boss):
    made = held(article, 2)
    decisions.decide("approve", made[1].pk, boss.user)
    decisions.undo_some(list(Decision.objects.values_list("pk", flat=True)), boss.user)
    assert send(mod, "approve", made).status_code == 303
    assert states() == ["visible", "held"]
    send(mod, "approve", (), comment=[made[1].pk])
    assert states() == ["visible", "visible"]


def test_a_whole_filter_is_decided_when_it_has_not_grown(article, mod):
    held(article, 4)
    held(make_article("Elsewhere"), 1)
    asked = {"filter": f"tab=held&article={article.pk}", "count": 4}
    (seen,) = preview(mod, "spam", **asked)
    answer = send(mod, "spam", **asked, seen=seen)
    assert answer.status_code == 303
    assert states() == ["spam"] * 4 + ["held"]


def test_a_filter_that_has_grown_is_refused_and_nothing_is_done(article, mod):
    held(article, 3)
    answer = send(mod, "spam", filter=f"tab=held&article={article.pk}", count=2)
    assert answer.status_code == 409
    assert "have changed since you looked" in answer.content.decode()
    assert states() == ["held"] * 3


@pytest.mark.parametrize("change", ["swapped", "edited"])
def test_a_filter_whose_comments_are_others_by_now_is_refused(article, mod, boss, change):
    made = held(article, 2)
    asked = {"filter": f"tab=held&article={article.pk}", "count": 2}
    (seen,) = preview(mod, "approve", **asked)
    if change == "swapped":
        decisions.decide("reject", made[0].pk, boss.user)
        held(article, 1)
    else:
        edits.edit(made[0].pk, "Buy pills.", boss.user, version=made[0].version)
    assert send(mod, "approve", **asked, seen=seen).status_code == 409
    assert "visible" not in states()


def test_the_first_of_a_very_long_filter_are_decided(article, mod):
    held(article, 4)
    asked = {"filter": f"tab=held&article={article.pk}&q=Words", "first": 3}
    (seen,) = preview(mod, "approve", **asked)
    assert send(mod, "approve", **asked, seen=seen).status_code == 303
    assert states() == ["visible"] * 3 + ["held"]


@pytest.mark.parametrize("given", ["", "artcle=99", "q=" + "x" * 6000])
def test_a_filter_that_cannot_be_read_decides_on_nothing(article, mod, given):
    held(article, 1)
    answer = send(mod, "approve", filter=given, count=1)
    assert answer.status_code == 422
    assert "This filter cannot be read" in answer.content.decode()
    assert states() == ["held"]


def test_a_batch_that_nobody_works_on_is_ended_by_cancelling(article, mod):
    made = held(article, 2)
    batch = bulk.start("approve", {c.pk: c.version for c in made}, mod.user)
    bulk.ask(batch)
    mod.post(f"/moderation/batches/{batch.pk}/go-on/", {"cancel": "yes"})
    assert Batch.objects.get().ended_at is not None
    assert "The rest was cancelled." in mod.get(f"/moderation/batches/{batch.pk}/").content.decode()


def test_an_undo_that_found_nothing_to_take_back_can_be_tried_again(article, mod):
    made = held(article, 1)
    send(mod, "approve", made)
    batch = Batch.objects.get()
    change = edits.edit(made[0].pk, "Other words.", mod.user, version=made[0].version + 1)
    mod.post("/moderation/undo/", {"batch": str(batch.pk)})
    assert states() == ["visible"]
    assert Batch.objects.count() == 1
    assert change.revision == 2


def test_more_than_five_thousand_are_named_and_not_forgotten(article, mod):
    made = held(article, 1)
    numbers = [*range(1, 5_001), made[0].pk]
    answer = mod.post("/moderation/decide/", {"comment": numbers, "decision": "approve"})
    assert f"Left alone: comment {made[0].pk}" in mod.get(answer["Location"]).content.decode()
    bulk.run(Batch.objects.get())
    assert states() == ["held"]


@pytest.mark.parametrize("fields", [{}, {"comment": "nonsense"}, {"filter": "article=9", "count": "0"}])
def test_nothing_chosen_is_said_and_nothing_is_done(article, mod, fields):
    held(article, 1)
    answer = mod.post("/moderation/bulk/", {"decision": "approve", "sure": "yes"} | fields)
    assert answer.status_code in {409, 422}
    assert states() == ["held"]


def test_a_whole_batch_is_undone_at_once_with_its_cases_and_counters(article, mod):
    made = held(article, 3)
    send(mod, "approve", made)
    answer = mod.post("/moderation/undo/", {"batch": str(Batch.objects.get().pk)})
    assert answer.status_code == 303
    assert states() == ["held"] * 3
    assert Case.objects.filter(closed=None).count() == 3
    assert not Comment.objects.exclude(public_at=None).exists()
    article.refresh_from_db()
    assert (article.comment_count, article.held_count) == (0, 3)


def test_what_has_changed_since_stays_when_a_batch_is_undone(article, mod, boss):
    made = held(article, 3)
    send(mod, "approve", made)
    batch = Batch.objects.get()
    decisions.decide("remove", made[0].pk, boss.user)
    mod.post("/moderation/undo/", {"batch": str(batch.pk)})
    assert states() == ["removed", "held", "held"]
    assert Batch.objects.get(undoes=batch).left == [made[0].pk]


def test_a_batch_is_undone_once(article, mod):
    send(mod, "approve", held(article, 2))
    batch = Batch.objects.get()
    assert mod.post("/moderation/undo/", {"batch": str(batch.pk)}).status_code == 303
    assert mod.post("/moderation/undo/", {"batch": str(batch.pk)}).status_code == 409
    undoing = Batch.objects.get(undoes=batch)
    assert mod.post("/moderation/undo/", {"batch": str(undoing.pk)}).status_code == 409
    assert mod.post("/moderation/undo/", {"batch": "nonsense"}).status_code == 404


def test_a_batch_that_broke_off_goes_on_where_it_stopped(article, mod, monkeypatch):
    made = held(article, 5)
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    batch = bulk.start("approve", {c.pk: c.version for c in made}, mod.user)

    def kill(done, total):
        if done == 4:
            raise SystemError

    with pytest.raises(SystemError):
        bulk.run(batch, kill)
    assert states().count("visible") == 4
    bulk.run(batch)
    after = Batch.objects.get()
    assert states() == ["visible"] * 5
    assert (after.done, after.left) == (5, [])
    assert after.ended_at is not None
    assert Decision.objects.count() == 5


def test_the_number_of_statements_does_not_grow_with_the_batch(article, mod, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    for count in (2, 60):
        made = held(article, count)
        batch = bulk.start("approve", {c.pk: c.version for c in made}, mod.user)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            bulk.run(batch)
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 22


def test_a_stranger_and_a_reader_decide_on_nothing(article, stranger, ben):
    made = held(article, 2)
    assert send(stranger, "approve", made).status_code == 302
    assert send(ben, "approve", made).status_code == 404
    assert states() == ["held"] * 2


def test_a_large_batch_is_done_by_a_worker_and_shows_how_far_it_is(article, mod, monkeypatch):
    made = held(article, 3)
    monkeypatch.setattr(bulk, "WHILE_WAITING", 2)
    answer = send(mod, "approve", made)
    batch = Batch.objects.get()
    assert answer["Location"] == f"/moderation/batches/{batch.pk}/"
    page = mod.get(answer["Location"])
    assert page.status_code == 200
    assert mod.get("/moderation/batches/00000000-0000-0000-0000-000000000000/").status_code == 404
