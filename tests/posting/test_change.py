"""Authors change their words: held ones until decided, public ones for a while (cases X1 and X6)."""

import datetime

import pytest
from django.utils import timezone

from forum.moderation import bans, decisions, rules
from forum.moderation.models import Act, Case, Decision, RuleHit
from forum.posting import edits
from forum.site.models import Mode
from forum.threads.models import Comment, Revision
from forum.threads.states import State
from tests.make import make_comment
from tests.posting.own import again, browser_of, change, page, post, proved, public, site, waits

pytestmark = pytest.mark.django_db
LINK = "Look at https://pills.example/cheap for more."


def texts(comment) -> list[tuple[str, str]]:
    return list(comment.revisions.order_by("n").values_list("body_source", "state"))


def test_held_words_are_replaced_kept_and_judged_anew(article, stranger, ben):
    site()
    comment, vera = waits(article, "First words.")
    assert not RuleHit.objects.filter(rule="link").exists()
    answer = change(vera, comment, LINK)
    after = again(comment)
    assert (answer.status_code, answer["Location"]) == (303, f"/comments/{comment.pk}/status/?done=kept")
    assert (after.body_source, after.state, after.version) == (LINK, State.HELD, comment.version + 1)
    assert after.edited_at is None  # nobody has read others
    assert texts(comment) == [("First words.", "published"), (LINK, "published")]
    assert RuleHit.objects.filter(rule="link", case__comment=comment, case__closed=None).exists()
    assert after.risk > comment.risk
    change(vera, comment, "Harmless words.")
    assert not RuleHit.objects.filter(rule="link").exists()
    assert again(comment).risk == comment.risk
    for other in (stranger, ben):
        assert change(other, comment, "Mine.").status_code == 404
    assert again(comment).body_source == "Harmless words."


def test_case_x1_a_public_text_is_judged_by_what_will_be_published(article, stranger):
    site(Mode.OPEN)
    comment, vera = public(article, "First words.")
    assert change(vera, comment, "Second words.")["Location"].endswith("?done=published")
    after = again(comment)
    assert (after.body_source, after.version) == ("Second words.", comment.version + 1)
    text = stranger.get(article.path).content.decode()
    assert "Second words." in text
    assert '<span class="tag">edited</span>' in text
    assert not Case.objects.exists()
    site(Mode.HOLD_ALL)
    assert change(vera, comment, LINK)["Location"].endswith("?done=waits")
    after = again(comment)
    assert (after.body_source, after.state) == ("Second words.", State.VISIBLE)
    assert after.version == comment.version + 2
    assert "pills.example" not in stranger.get(article.path).content.decode()
    case = Case.objects.get(cause=Case.Cause.EDIT, closed=None)
    assert "link" in case.hits.values_list("rule", flat=True)
    assert "pills.example" in page(vera, comment)


def test_control_rules_that_see_the_old_text_would_let_it_through(article, monkeypatch, stranger):
    site(Mode.HOLD_ALL)
    comment, vera = public(article)
    passes = rules.Verdict(State.VISIBLE, "open")
    monkeypatch.setattr(rules, "screen", lambda *args, **kwargs: passes)
    change(vera, comment, LINK)
    assert "pills.example" in stranger.get(article.path).content.decode()


def test_an_edit_that_waits_is_changed_and_taken_back(article, stranger):
    site()
    comment, vera = public(article, "Public words.")
    change(vera, comment, "Second words.")
    assert "Second words." in page(vera, comment, "change")
    change(vera, comment, "Third words.")
    assert texts(comment)[-2:] == [("Second words.", "refused"), ("Third words.", "waiting")]
    assert Case.objects.filter(cause=Case.Cause.EDIT, closed=None).count() == 1
    assert post(stranger, comment, "change/take-back").status_code == 404
    answer = post(vera, comment, "change/take-back")
    assert answer["Location"].endswith("?done=taken_back")
    assert not Revision.objects.filter(state="waiting").exists()
    assert not Case.objects.filter(closed=None).exists()
    assert again(comment).body_source == "Public words."
    assert post(vera, comment, "change/take-back").status_code == 409


def test_an_edit_that_waits_can_be_worked_on_when_the_time_is_over_but_does_not_pass_by_itself(article):
    site()
    comment, vera = public(article)
    change(vera, comment, "Second words.")
    Comment.objects.filter(pk=comment.pk).update(public_at=timezone.now() - datetime.timedelta(hours=1))
    site(Mode.OPEN)
    assert change(vera, comment, "Third words.")["Location"].endswith("?done=waits")
    assert again(comment).body_source == "Public words."


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("late", "The time in which words can be changed is over."),
        ("answered", "Somebody has answered it"),
        ("read only", "This archive is read only"),
        ("decided", "It is decided"),
    ],
)
def test_what_cannot_be_changed_says_why_and_keeps_the_text(article, mod, case, sentence):
    site(Mode.READ_ONLY if case == "read only" else Mode.OPEN)
    comment, vera = public(article, "Public words.")
    if case == "late":
        past = timezone.now() - datetime.timedelta(minutes=16)
        Comment.objects.filter(pk=comment.pk).update(public_at=past)
    elif case == "answered":
        make_comment(article, "An answer.", parent=comment)
    elif case == "decided":
        decisions.decide("remove", comment.pk, mod.user)
    answer = change(vera, comment, "Words that I typed for an hour.")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert sentence in text
    assert "Words that I typed for an hour." in text
    assert again(comment).body_source == "Public words."
    assert sentence in page(vera, comment, "change")


def test_a_held_answer_or_a_closed_discussion_does_not_end_the_time(article):
    site(Mode.CLOSED)
    comment, vera = public(article)
    make_comment(article, "An answer that waits.", parent=comment, state="held")
    assert change(vera, comment, "Second words.").status_code == 303
    site(Mode.CLOSED, edit_minutes=0)
    assert change(vera, comment, "Third words.", version=again(comment).version + 1).status_code == 409


def test_who_was_too_slow_keeps_the_text_and_overwrites_nothing(article, mod):
    site()
    comment, vera = waits(article, "First words.")
    decisions.decide("approve", comment.pk, mod.user)
    answer = change(vera, comment, "Slow words.", version=comment.version)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Something has happened to it since you opened this page." in text
    assert "Slow words.</textarea>" in text
    assert again(comment).body_source == "First words."
    assert not Revision.objects.exists()


def test_a_moderator_who_decides_on_the_words_before_is_told(article, mod):
    comment, vera = waits(article)
    change(vera, comment, "Other words.")
    fields = {"comment": comment.pk, "decision": "approve", f"version-{comment.pk}": comment.version}
    assert mod.post("/moderation/decide/", fields).status_code == 409
    assert again(comment).state == State.HELD
    fields[f"version-{comment.pk}"] = again(comment).version
    assert mod.post("/moderation/decide/", fields).status_code == 303


def test_the_button_pressed_twice_is_one_change_and_the_same_words_are_none(article):
    comment, vera = waits(article, "First words.")
    first = change(vera, comment, "Second words.")
    second = change(vera, comment, "Second words.", version=comment.version)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert len(texts(comment)) == 2
    answer = change(vera, comment, "Second words.")
    assert answer.status_code == 422
    assert "These are the words that stand there already." in answer.content.decode()


@pytest.mark.parametrize(("typed", "said"), [("", "Please write something"), ("x" * 20_001, "20,001")])
def test_words_that_do_not_do_come_back(article, typed, said):
    comment, vera = waits(article, "First words.")
    answer = change(vera, comment, typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert typed in answer.content.decode()
    assert again(comment).body_source == "First words."


def test_case_x6_a_form_of_another_site_or_an_old_sign_in_keeps_the_text(article, ben):
    comment = make_comment(article, "Mine.", author=ben.user.author, state="held")
    values = {"body": "Typed words.", "version": comment.version}
    foreign = ben.post(f"/comments/{comment.pk}/change/", values, headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, "Typed words." in foreign.content.decode()) == (403, True)
    strict = type(ben)(enforce_csrf_checks=True)
    strict.cookies = ben.cookies
    old = strict.post(f"/comments/{comment.pk}/change/", values)
    assert (old.status_code, "Typed words." in old.content.decode()) == (403, True)
    assert again(comment).body_source == "Mine."
    # Whose session is over is known by the cookie that came with the reply.
    assert browser_of(comment).post(f"/comments/{comment.pk}/change/", values).status_code == 303


def test_somebody_banned_changes_held_words_and_no_public_ones(article, mod):
    site(Mode.OPEN)
    comment, vera = public(article, author=proved())
    bans.over_person(comment.author_id, bans.Order("week", decisions.Grounds(reason="Rude.")), mod.user)
    answer = change(vera, comment, "Ruder words.")
    assert answer.status_code == 403
    assert "Rude." in answer.content.decode()
    assert "Ruder words." in answer.content.decode()
    held, kim = waits(article, author=comment.author)
    assert change(kim, held, "Kinder words.").status_code == 303


def test_a_banned_network_changes_no_public_words(article, mod):
    site(Mode.OPEN)
    comment, vera = public(article, "First words.")
    order = bans.Order("day", decisions.Grounds(reason="A wave of spam."))
    ban = bans.over_many("network", "127.0.0.0/24", order, mod.user)
    assert change(vera, comment, "Second words.").status_code == 403
    assert again(comment).body_source == "First words."
    bans.lift(ban.pk, mod.user)
    assert change(vera, comment, "Second words.").status_code == 303  # the control


def test_a_text_that_a_moderator_gave_says_so_and_one_of_its_author_does_not(article, mod, stranger):
    site(Mode.OPEN)
    comment, vera = public(article)
    change(vera, comment, "Second words.")
    assert "edited by a moderator" not in stranger.get(article.path).content.decode()
    values = {"body": "Third words.", "version": again(comment).version}
    mod.post(f"/moderation/comments/{comment.pk}/edit/", values)
    assert "edited by a moderator" in stranger.get(article.path).content.decode()
    mod.post("/moderation/undo/", {"id": Decision.objects.get(act=Act.EDIT).pk})
    assert again(comment).body_source == "Second words."


def test_nobody_fills_the_site_with_changes(article, monkeypatch):
    monkeypatch.setattr(edits, "MOST_TEXTS", 4)
    comment, vera = waits(article, "First words.")
    answers = [change(vera, comment, f"Words {n}.") for n in range(5)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 409, 409]
    assert "so often" in answers[-1].content.decode()
    assert "Words 4." in answers[-1].content.decode()
    assert comment.revisions.count() == 4


def test_the_words_are_cleaned_like_all_others(article):
    site(Mode.OPEN)
    comment, vera = public(article)
    change(vera, comment, "<script>alert(1)</script> **plain**")
    assert "<script" not in again(comment).body_html
    assert edits.closes_at(again(comment), site()) is not None
