"""Objections to declined edits: what is published after all takes the place of no newer words."""

import pytest

from forum.moderation import appeals, edits
from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_requests import Appeal
from forum.threads.models import Revision
from tests.moderation.desk import desk
from tests.moderation.test_appeal import answer, open_cases
from tests.posting.own import again, change, object_to, public, site

pytestmark = pytest.mark.django_db


def decide(client, comment, act: str):
    """POST what a moderator says of the edit that waits."""
    waits = Revision.objects.get(comment=comment, state="waiting")
    values = {"comment": comment.pk, "version": again(comment).version, "edit": waits.n, "decision": act}
    assert client.post("/moderation/edits/decide/", values).status_code == 303


@pytest.fixture
def declined(article, mod):
    """A public comment whose author objects to a declined edit, and the author's browser."""
    site()
    comment, vera = public(article, "First words.")
    change(vera, comment, "Second words.")
    decide(mod, comment, "decline")
    assert object_to(vera, comment).status_code == 303
    return comment, vera


def is_whole(comment) -> bool:
    """Whether an edit waits exactly where a case says so, and an objection likewise."""
    waits = Revision.objects.filter(comment=comment, state="waiting").count()
    asked = Appeal.objects.filter(decision__comment=comment, granted=None).count()
    open_ = open_cases(comment)
    return (waits, asked) == (open_.count("edit"), open_.count("appeal"))


def test_while_a_newer_edit_waits_it_is_not_granted_and_nothing_is_lost(declined, boss):
    comment, vera = declined
    assert change(vera, comment, "Third words.").status_code == 303
    page = desk(boss, "tab=appeals")
    assert "Its author has sent a newer change" in page
    assert 'value="grant"' not in page
    got = answer(boss, "grant", "Fine.")
    assert (got.status_code, "decide on that one first" in got.content.decode()) == (409, True)
    assert again(comment).body_source == "First words."
    assert sorted(open_cases(comment)) == ["appeal", "edit"]
    assert is_whole(comment)
    decide(boss, comment, "decline")  # the control: the words of then stand, and nothing newer waits
    assert 'value="grant"' in desk(boss, "tab=appeals")
    assert answer(boss, "grant").status_code == 303
    assert again(comment).body_source == "Second words."


@pytest.mark.parametrize("by", ["author", "moderator"])
def test_newer_words_are_not_written_over_and_the_decision_can_stand(declined, mod, boss, by):
    comment, vera = declined
    if by == "author":
        change(vera, comment, "Newer words.")
        decide(mod, comment, "accept")
    else:
        edits.edit(comment.pk, "Newer words.", mod.user, version=again(comment).version)
    assert "Other words stand there since" in desk(boss, "tab=appeals")
    assert answer(boss, "grant").status_code == 409
    assert again(comment).body_source == "Newer words."
    assert answer(boss, "uphold", "Your newer words stand there.").status_code == 303
    assert is_whole(comment)


def test_when_the_newer_words_are_taken_back_it_can_be_granted_again(declined, mod, boss):
    comment, _vera = declined
    made = edits.edit(comment.pk, "Call nobody.", mod.user, version=again(comment).version)
    assert answer(boss, "grant").status_code == 409
    assert mod.post("/moderation/undo/", {"id": made.pk}).status_code == 303
    assert answer(boss, "grant").status_code == 303
    assert again(comment).body_source == "Second words."


def test_words_of_the_desk_that_stood_at_the_decline_are_no_newer_ones(article, mod, boss):
    site()
    comment, vera = public(article, "First words.")
    change(vera, comment, "Second words.")
    edits.edit(comment.pk, "The desk's words.", mod.user, version=again(comment).version)
    decide(mod, comment, "decline")
    object_to(vera, comment)
    assert answer(boss, "grant").status_code == 303
    assert again(comment).body_source == "Second words."


@pytest.mark.parametrize("act", ["grant", "uphold"])
def test_whoever_saw_another_version_is_told_and_answers_nothing(declined, mod, boss, act):
    comment, _vera = declined
    for version in (again(comment).version - 1, "", "x"):
        got = answer(boss, act, "Because.", version=version)
        assert (got.status_code, "since you opened it" in got.content.decode()) == (409, True)
        assert "Because.</textarea>" in got.content.decode()
    assert Appeal.objects.get().granted is None
    assert f'name="version" value="{again(comment).version}"' in desk(boss, "tab=appeals")
    assert answer(boss, act, "Because.").status_code == 303
    late = answer(boss, act, "My words.").content.decode()  # answered meanwhile
    assert "Your answer, which nobody has read:" in late
    assert "<p>My words.</p>" in late


def test_undoing_what_was_granted_leaves_the_objection_and_no_edit_without_a_case(declined, boss):
    comment, vera = declined
    answer(boss, "grant")
    accepted = Decision.objects.get(act=Act.ACCEPT)
    assert boss.post("/moderation/undo/", {"id": accepted.pk}).status_code == 303
    assert again(comment).body_source == "First words."
    assert open_cases(comment) == ["appeal"]
    assert is_whole(comment)
    change(vera, comment, "Third words.")
    assert is_whole(comment)


def test_the_desk_asks_as_many_statements_for_six_declined_edits_as_for_two(
    article, mod, django_assert_num_queries
):
    site()
    numbers = []
    for n in range(6):
        comment, vera = public(article, f"First {n}.")
        change(vera, comment, f"Second {n}.")
        decide(mod, comment, "decline")
        object_to(vera, comment)
        numbers.append(comment.pk)
    assert Case.objects.filter(cause="appeal", closed=None).count() == 6
    for some in (numbers[:2], numbers):
        with django_assert_num_queries(2):
            assert all(one.edit and not one.why_not for one in appeals.open_on(some).values())
