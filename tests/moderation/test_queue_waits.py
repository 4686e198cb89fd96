"""How long something has waited: since it was held, wherever the desk or its author reads of it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.mail.models import Letter
from forum.moderation import decisions, letters, queries
from forum.moderation.models import Decision
from forum.moderation.models_people import DeskLetters
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.states import State
from tests.archive import archived_comment
from tests.make import make_comment
from tests.moderation.desk import cards, desk, hold
from tests.posting.own import page as own_page
from tests.posting.own import waits

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def aged(comment: Comment, received: int, held: int | None = None) -> Comment:
    """A comment that was received, and held, so many days ago."""
    now = timezone.now()
    Comment.objects.filter(pk=comment.pk).update(
        received_at=now - received * DAY, **({} if held is None else {"held_at": now - held * DAY})
    )
    return comment


@pytest.mark.parametrize("make", [make_comment, archived_comment])
def test_words_hidden_by_reports_have_waited_since_they_were_hidden(article, ben, mod, make):
    SitePolicy.objects.create(pk=1, reports_to_hide=1, alarm_after_hours=24)
    hidden = aged(make(article), 100)
    late, vera = waits(article)
    aged(late, 2, 2)
    ben.post(f"/comments/{hidden.pk}/report/", {"reason": "harm"})
    assert Comment.objects.get(pk=hidden.pk).state == State.HELD
    page = desk(mod)
    assert cards(page) == [late.pk, hidden.pk]
    assert "The oldest reply has waited 2\xa0days." in page
    assert "waiting for less than a minute" in page
    assert "months" not in page
    assert cards(desk(mod, "older=24")) == [late.pk]
    assert cards(desk(mod, "sort=newest")) == [hidden.pk, late.pk]
    assert "<dt>The oldest has waited</dt><dd>2 days</dd>" in desk(mod, "/moderation/statistics/")
    assert "wait before it" not in own_page(vera, late)
    assert queries.waiting_before(Comment.objects.get(pk=hidden.pk)) == 1
    letters.choose(mod.user, DeskLetters.Pace.AT_ONCE)
    DeskLetters.objects.update(told_at=timezone.now() - DAY)
    letters.write_due(timezone.now())
    assert "The oldest held comment has waited for 2\xa0days." in Letter.objects.get().text
    aged(hidden, 100, 100)  # the control
    assert "The oldest reply has waited 3\xa0months" in desk(mod)
    assert "wait before it" in own_page(vera, late)


def test_an_undo_lets_the_wait_go_on_and_leaves_the_place_as_it_was(article, mod):
    first, second = aged(hold(article, "One."), 3, 3), aged(hold(article, "Two."), 1, 1)
    done = decisions.decide("approve", first.pk, mod.user)
    decisions.undo_some([done.pk], mod.user)
    assert cards(desk(mod)) == [first.pk, second.pk]
    assert timezone.now() - Comment.objects.get(pk=first.pk).held_at < 3.1 * DAY


def test_what_was_public_for_long_has_not_waited_all_the_while(article, mod):
    first, second = aged(hold(article, "One."), 100, 100), aged(hold(article, "Two."), 3, 3)
    done = decisions.decide("approve", first.pk, mod.user)
    Decision.objects.update(at=timezone.now() - 99 * DAY)  # it had waited for a day
    decisions.undo_some([done.pk], mod.user)
    assert cards(desk(mod)) == [second.pk, first.pk]
    waited = timezone.now() - Comment.objects.get(pk=first.pk).held_at
    assert 0.9 * DAY < waited < 1.1 * DAY


def test_undoing_many_takes_as_many_statements_as_undoing_two(article, mod, django_assert_num_queries):
    def undone(count: int) -> list[int]:
        held = [hold(article, f"Words {n}.") for n in range(count)]
        return [decisions.decide("approve", comment.pk, mod.user).pk for comment in held]

    few = undone(2)
    with CaptureQueriesContext(connection) as captured:
        decisions.undo_some(few, mod.user)
    many = undone(12)
    with django_assert_num_queries(len(captured)):
        decisions.undo_some(many, mod.user)


@pytest.mark.parametrize("query", ["", "q=words"])
def test_what_was_held_since_has_come_since_and_what_is_on_the_list_has_not(article, mod, query):
    public = aged(make_comment(article, "Public words."), 9)
    here, other = hold(article, "Words that wait."), hold(article, "Other words.")
    page = desk(mod, query)
    address = page.partition('name="next" value="')[2].partition("#")[0]
    assert "come since" not in desk(mod, address)
    decisions.decide("hold", public.pk, None)
    Comment.objects.filter(pk=here.pk).update(held_at=timezone.now())  # as after an undo
    page = desk(mod, address)
    assert "1 more has come since." in page
    assert cards(page) == [here.pk, other.pk]


def test_the_tab_of_spam_goes_by_arrival(article, mod):
    old, new = make_comment(article, "Old.", state="spam"), make_comment(article, "New.", state="spam")
    aged(old, 9, 1), aged(new, 2, 5)
    assert cards(desk(mod, "tab=spam")) == [old.pk, new.pk]
    assert cards(desk(mod, "tab=spam&older=72")) == [old.pk]
