"""Trying a whole policy on the replies of some days, beside what moderators decided on them."""

import datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.accounts.models import Author
from forum.moderation import decisions, rehearsal
from forum.moderation.models import Decision
from forum.moderation.models_policy import PolicyChange, Rehearsal
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from tests.make import load_comments, make_article, make_comment, make_user
from tests.moderation.bare_rules import no_rules  # noqa: F401
from tests.moderation.desk import hold

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def trial(user, days: int = 30, **proposal) -> Rehearsal:
    tried = rehearsal.start(Rehearsal.Kind.POLICY, proposal, user, days=days)
    rehearsal.run(tried)
    tried.refresh_from_db()
    return tried


@pytest.fixture
def vera(db) -> Author:
    """Somebody with an account, whom a moderator has trusted for a long time."""
    author = make_user("vera").author
    author.trusted_at = timezone.now() - datetime.timedelta(days=60)
    author.save()
    return author


@pytest.fixture
def replies(article, mod, vera) -> dict[str, Comment]:
    """Six replies that were held; of a trusted person's two one was approved, one refused."""
    load_comments(article, [None, None])
    made = {
        "good": hold(article, "Good words.", author=vera),
        "bad": hold(article, "Bad words.", author=vera),
        "welcome": hold(article, "Welcome words.", name="Otto"),
        "spam": hold(article, "Buy pills.", name="Pill"),
        "open": hold(article, "Nobody has looked.", name="Ida"),
        "old": hold(article, "Long ago.", author=vera),
    }
    for name, act in (("good", "approve"), ("bad", "reject"), ("welcome", "approve"), ("spam", "spam")):
        decisions.decide(act, made[name].pk, mod.user)
    long_ago = timezone.now() - datetime.timedelta(days=40)
    Comment.objects.filter(pk=made["old"].pk).update(received_at=long_ago)
    return made


def test_a_policy_is_tried_beside_what_people_decided(boss, replies):
    tried = trial(boss.user, mode="hold_newcomers")
    assert tried.result["counts"] == {
        "looked": 5,
        "held_now": 5,
        "held_then": 3,
        "missed": 1,
        "bothered": 1,
        "spared": 1,
        "caught": 1,
        "not_taken": 0,
    }
    assert tried.result["missed"] == [replies["bad"].pk]
    assert tried.result["bothered"] == [replies["welcome"].pk]
    page = text_of(boss.get(f"/moderation/rehearsals/{tried.pk}/"))
    assert "Of 5 replies in 30 days, this policy would have held 3 instead of 5." in page
    assert "That is 2 fewer to look at" in page
    assert "Bad words." in page
    assert "Good words." not in page


def test_control_the_policy_that_holds_all_bothers_with_everything(boss, replies):
    counts = trial(boss.user, mode="hold_all").result["counts"]
    assert (counts["held_then"], counts["missed"], counts["bothered"]) == (5, 0, 2)


def test_the_period_is_what_was_chosen(boss, replies):
    assert trial(boss.user, days=90, mode="open").result["counts"]["looked"] == 6


def test_a_decision_that_was_undone_counts_no_more(boss, mod, replies):
    decision = Decision.objects.get(comment=replies["bad"])
    decisions.undo_some([decision.pk], mod.user)
    counts = trial(boss.user, mode="open").result["counts"]
    assert (counts["missed"], counts["spared"]) == (1, 2)  # the spam, and what was approved


def test_who_is_trusted_by_now_was_a_newcomer_once(boss, mod, article):
    otto = make_user("otto").author
    made = [hold(article, f"Words number {n}.", author=otto) for n in range(3)]
    for n, comment in enumerate(made):
        day = timezone.now() - datetime.timedelta(days=10 - n)
        Comment.objects.filter(pk=comment.pk).update(received_at=day)
        decided = decisions.decide("approve", comment.pk, mod.user)
        Decision.objects.filter(pk=decided.pk).update(at=day + datetime.timedelta(hours=1))
    counts = trial(boss.user, mode="hold_newcomers", trust_after=2).result["counts"]
    assert (counts["bothered"], counts["spared"]) == (2, 1)
    counts = trial(boss.user, mode="hold_newcomers", trust_after=1).result["counts"]
    assert (counts["bothered"], counts["spared"]) == (1, 2)
    counts = trial(boss.user, mode="hold_newcomers", trust_after=4).result["counts"]
    assert (counts["bothered"], counts["spared"]) == (3, 0)


def test_a_closed_site_would_have_taken_nothing_but_an_article_keeps_its_own_mode(boss, replies, article):
    assert trial(boss.user, mode="closed").result["counts"]["not_taken"] == 5
    article.mode = "open"
    article.save()
    assert trial(boss.user, mode="hold_all").result["counts"]["held_then"] == 0


def live(article, days: float, **fields) -> Comment:
    """A reply that came, and was public at once, so many days ago."""
    comment = make_comment(article, f"Words of {days} days ago.", **fields)
    moment = timezone.now() - datetime.timedelta(days=days)
    Comment.objects.filter(pk=comment.pk).update(received_at=moment, public_at=moment)
    return comment


def not_taken(user, **proposal) -> int:
    return trial(user, mode="open", **proposal).result["counts"]["not_taken"]


def test_replies_to_discussions_that_age_had_closed_would_not_have_been_taken(boss, article):
    live(article, 80)
    live(article, 3)
    live(article, 2)  # the one before would not have been there to keep it open
    assert not_taken(boss.user, close_after_days=14) == 2
    assert not_taken(boss.user, close_after_days=78) == 0
    assert not_taken(boss.user) == 0
    tried = Rehearsal.objects.order_by("pk").first()
    page = text_of(boss.get(f"/moderation/rehearsals/{tried.pk}/"))
    assert "2 replies would not have been taken at all." in page
    assert "The limits for an hour are not tried" in page


def test_the_age_counts_from_the_last_public_comment_then_else_from_the_import(boss, article):
    rows = load_comments(article, [None])
    long_ago = timezone.now() - datetime.timedelta(days=50)
    Comment.objects.filter(pk=rows[0].pk).update(received_at=long_ago)
    first = live(article, 25)
    live(article, 12)
    assert not_taken(boss.user, close_after_days=20) == 2
    assert not_taken(boss.user, close_after_days=26) == 0
    Comment.objects.filter(pk=first.pk).update(state="removed")
    assert not_taken(boss.user, close_after_days=26) == 1
    Comment.objects.filter(pk=rows[0].pk).delete()
    assert not_taken(boss.user, close_after_days=20) == 0  # nothing to count from


def test_what_had_waited_and_became_public_meanwhile_keeps_its_discussion_open(boss, article):
    waited = live(article, 80)
    live(article, 3)
    assert not_taken(boss.user, close_after_days=14) == 1
    Comment.objects.filter(pk=waited.pk).update(public_at=timezone.now() - datetime.timedelta(days=9))
    assert not_taken(boss.user, close_after_days=14) == 0


def test_nothing_is_written_but_the_result(boss, replies):
    before = list(Comment.objects.order_by("pk").values())
    decided = Decision.objects.count()
    trial(boss.user, mode="open")
    assert list(Comment.objects.order_by("pk").values()) == before
    assert Decision.objects.count() == decided
    assert not PolicyChange.objects.exists()
    assert SitePolicy.objects.current().mode == "hold_all"


def test_what_was_tried_is_saved_from_its_result_unless_somebody_was_quicker(boss, replies):
    fields = dict(boss.get("/moderation/policy/").context["form"].initial)
    sent = {name: "" if value is None else value for name, value in fields.items() if value is not False}
    answer = boss.post("/moderation/policy/", sent | {"mode": "open", "try": "yes", "days": "7"})
    page = boss.get(answer["Location"])
    saved = dict(page.context["sent"]) | {"seen": page.context["seen"], "save": "yes"}
    assert boss.post("/moderation/policy/", saved).status_code == 303
    assert SitePolicy.objects.current().mode == "open"
    assert boss.post("/moderation/policy/", saved | {"trust_after": "9"}).status_code == 409
    again = boss.get(f"/moderation/policy/?rehearsal={Rehearsal.objects.get().pk}")
    assert again.context["form"]["mode"].value() == "open"


def test_the_statements_around_the_rules_do_not_grow_with_the_replies(boss, article):
    counted = []
    for count in (2, 12):
        for n in range(count):
            make_comment(article, f"Words {n}.")
            make_comment(make_article(), f"Words {n}.")
        proposal = {"mode": "open", "close_after_days": 5}
        tried = rehearsal.start(Rehearsal.Kind.POLICY, proposal, boss.user, days=7)
        with CaptureQueriesContext(connection) as seen:
            rehearsal.run(tried)
        counted.append(len(seen))
    assert counted[0] == counted[1]
