"""Edits by authors that wait: published or declined, taken back, and what other decisions do to them."""

import pytest

from forum.moderation import decisions, edits
from forum.moderation.models import Act, Case, Decision
from forum.site.models import Mode
from forum.threads.models import Comment, Revision
from forum.threads.states import State
from tests.moderation.desk import cards, desk
from tests.notifications.people import follows, guest, waiting
from tests.posting.own import again, change, page, public, site

pytestmark = pytest.mark.django_db


@pytest.fixture
def edited(article):
    """A public comment whose author wants other words, and the author's browser."""
    site()
    comment, vera = public(article, "First words.")
    change(vera, comment, "Second words.")
    return again(comment), vera


def answer(client, comment, act: str, **fields):
    """POST what a moderator says of the edit that waits."""
    waits = Revision.objects.filter(comment=comment, state="waiting").first()
    values = {"comment": comment.pk, "version": comment.version, "edit": waits.n if waits else 2}
    return client.post("/moderation/edits/decide/", values | {"decision": act} | fields)


def open_cases(comment) -> list[str]:
    return list(Case.objects.filter(comment=comment, closed=None).values_list("cause", flat=True))


def undo(client, decision):
    return client.post("/moderation/undo/", {"id": decision.pk})


def test_the_tab_shows_what_differs_and_who_may_not_decide_may_not(edited, mod, stranger, ben):
    comment, vera = edited
    text = desk(mod, "tab=edited")
    assert cards(text) == [comment.pk]
    assert "First</del>" in text
    assert "Second</ins>" in text
    assert 'value="accept" data-key="a"' in text
    assert answer(stranger, comment, "accept").status_code == 302
    for client in (ben,):
        assert answer(client, comment, "accept").status_code == 404
    assert answer(vera, comment, "accept").status_code == 302
    assert again(comment).body_source == "First words."


def test_it_is_published_and_taken_back_and_waits_again(edited, mod, stranger, article):
    comment, vera = edited
    assert answer(mod, comment, "accept").status_code == 303
    decision = Decision.objects.get()
    after = again(comment)
    assert (decision.act, decision.actor, decision.comment_version) == (Act.ACCEPT, mod.user, after.version)
    assert (after.body_source, after.state) == ("Second words.", State.VISIBLE)
    assert open_cases(comment) == []
    text = stranger.get(article.path).content.decode()
    assert "Second words." in text
    assert "edited by a moderator" not in text
    assert undo(mod, decision).status_code == 303
    after = again(comment)
    assert after.body_source == "First words."
    assert after.edited_at is None
    assert open_cases(comment) == ["edit"]
    assert "Second</ins>" in desk(mod, "tab=edited")
    assert "Your change waits" in page(vera, comment)
    assert answer(mod, after, "accept").status_code == 303
    assert again(comment).body_source == "Second words."


def test_it_is_declined_with_a_reason_for_its_author_and_taken_back(edited, mod):
    comment, vera = edited
    assert answer(mod, comment, "decline", reason="The first was clearer.").status_code == 303
    decision = Decision.objects.get()
    assert (decision.act, decision.reason) == (Act.DECLINE, "The first was clearer.")
    assert again(comment).body_source == "First words."
    assert open_cases(comment) == []
    text = page(vera, comment)
    assert "keep the words that stood there before your change" in text
    assert "The first was clearer." in text
    assert f"/comments/{comment.pk}/appeal/" in text
    assert undo(mod, decision).status_code == 303
    assert open_cases(comment) == ["edit"]
    assert "The first was clearer." not in page(vera, comment)
    assert "Your change waits" in page(vera, comment)


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_who_saw_an_older_version_is_told_and_changes_nothing(edited, mod, act):
    comment, vera = edited
    change(vera, comment, "Third words.")
    for fields in (
        {"edit": 2},
        {"version": again(comment).version, "edit": 2},
        {"version": "x"},
        {"edit": ""},
    ):
        assert answer(mod, comment, act, **fields).status_code == 409
    assert answer(mod, again(comment), "nonsense").status_code == 400
    assert answer(mod, Comment(pk=999, version=1), act).status_code == 409
    assert not Decision.objects.exists()
    assert answer(mod, again(comment), act).status_code == 303


@pytest.mark.parametrize("act", ["remove", "spam"])
def test_hiding_the_comment_refuses_the_edit_and_undo_opens_it_again(edited, mod, act):
    comment, _vera = edited
    decision = decisions.decide(act, comment.pk, mod.user)
    assert open_cases(comment) == []
    assert Revision.objects.get(n=2).state == "refused"
    assert answer(mod, again(comment), "accept").status_code == 409
    undo(mod, decision)
    assert open_cases(comment) == ["edit"]
    assert answer(mod, again(comment), "accept").status_code == 303
    assert again(comment).body_source == "Second words."


def test_control_undoing_what_ended_no_edit_opens_none(edited, mod):
    comment, _vera = edited
    answer(mod, comment, "decline")
    undo(mod, decisions.decide("remove", comment.pk, mod.user))
    assert open_cases(comment) == []
    assert Revision.objects.get(n=2).state == "refused"


def test_holding_leaves_it_and_words_changed_while_held_take_its_place(edited, mod):
    comment, vera = edited
    decisions.decide("hold", comment.pk, None)
    assert open_cases(comment) == ["edit"]
    assert change(vera, comment, "Words while held.").status_code == 303
    assert open_cases(comment) == ["new"]  # what waits has a case that says why
    assert again(comment).body_source == "Words while held."


def test_an_edit_by_the_desk_meanwhile_stays_in_the_history_and_comes_back(edited, mod):
    comment, _vera = edited
    edits.edit(comment.pk, "The desk's words.", mod.user, version=comment.version)
    assert open_cases(comment) == ["edit"]
    assert answer(mod, comment, "accept").status_code == 409
    assert answer(mod, again(comment), "accept").status_code == 303
    assert again(comment).body_source == "Second words."
    undo(mod, Decision.objects.get(act=Act.ACCEPT))
    assert again(comment).body_source == "The desk's words."
    stood = Revision.objects.filter(state="published").order_by("n").values_list("body_source", flat=True)
    assert list(stood) == ["First words.", "The desk's words.", "Second words.", "The desk's words."]


def test_letters_that_wait_about_the_comment_say_the_published_words(article, mod):
    follows(guest("Fan"), on=article)
    site(Mode.HOLD_ALL)
    comment, vera = public(article, "First words.")
    decisions.decide("hold", comment.pk, None)
    decisions.decide("approve", comment.pk, mod.user)
    change(vera, comment, "Second words.")
    assert "First words." in waiting("fan@guest.example")[0].text
    answer(mod, again(comment), "accept")
    (letter,) = waiting("fan@guest.example")
    assert "Second words." in letter.text
    assert "First words." not in letter.text


def test_a_declined_edit_stands_in_no_public_page_and_not_among_the_texts_that_stood(edited, mod, stranger):
    comment, _vera = edited
    answer(mod, comment, "decline")
    assert "Second words." not in stranger.get(comment.article.path).content.decode()
    assert "What it said before" not in mod.get(f"/moderation/comments/{comment.pk}/").content.decode()
