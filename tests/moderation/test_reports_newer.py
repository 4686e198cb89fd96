"""Reports beside what happens later: an undo with newer ones open, other words, and what stays urgent."""

import pytest
from django.test import Client

from forum.moderation import decisions, edits, undo
from forum.moderation.models import Act, Case
from forum.moderation.models_policy import Rule
from forum.moderation.models_requests import Report
from tests.make import make_user
from tests.moderation.desk import cards, desk
from tests.moderation.test_reports import say
from tests.moderation.test_reports_settled import reader
from tests.posting.own import again, change, page, public, site

pytestmark = pytest.mark.django_db
HELP = "findahelpline.com"


@pytest.fixture
def words(article):
    """A public comment of somebody, and their browser."""
    site("open", reports_to_hide=0)
    return public(article, "Buy my sticks.")


def open_cases(comment) -> list[str]:
    return list(Case.objects.filter(comment=comment, closed=None).values_list("cause", flat=True))


def upheld() -> list[bool | None]:
    return list(Report.objects.order_by("pk").values_list("upheld", flat=True))


def test_taking_a_restoring_back_closes_what_was_reported_meanwhile(words, mod, stranger):
    comment, _vera = words
    decisions.decide("remove", comment.pk, mod.user)
    restored = decisions.decide("restore", comment.pk, mod.user)
    say(stranger, comment, "danger")
    assert open_cases(comment) == ["reports"]
    undo.undo(restored.pk, mod.user)
    assert (open_cases(comment), upheld(), again(comment).urgent) == ([], [True], 0)
    assert cards(desk(mod, "tab=reported")) == []
    # Shown again after all, so that those who reported were wrong; taken back, they were right.
    shown = decisions.decide("restore", comment.pk, mod.user)
    assert upheld() == [False]
    undo.undo(shown.pk, mod.user)
    assert upheld() == [True]


def test_control_taking_an_approval_back_leaves_the_case_open(words, mod, stranger):
    comment, _vera = words
    decisions.decide("hold", comment.pk, None)
    approved = decisions.decide("approve", comment.pk, mod.user)
    say(stranger, comment)
    undo.undo(approved.pk, mod.user)
    assert (again(comment).state, open_cases(comment), upheld()) == ("held", ["reports"], [None])


def test_reports_of_a_decision_that_is_taken_back_go_into_the_newer_case(words, mod):
    comment, _vera = words
    rosa, emil = reader("rosa"), reader("emil")
    nobody, somebody = (Client(REMOTE_ADDR=f"203.0.113.{n}") for n in (1, 2))
    for client in (rosa, nobody, somebody):
        say(client, comment, "attack")
    kept = decisions.decide("keep", comment.pk, mod.user)
    for client in (emil, rosa, nobody):
        assert say(client, comment, "spam").status_code == 303
    undo.undo(kept.pk, mod.user)
    (case,) = Case.objects.filter(comment=comment, closed=None)
    assert set(Report.objects.values_list("case", "upheld")) == {(case.pk, None)}
    # Of those who have reported twice the newer word counts, and nobody counts twice.
    assert sorted(Report.objects.values_list("reason", flat=True)) == ["attack", "spam", "spam", "spam"]
    decisions.decide("remove", comment.pk, mod.user)
    assert upheld() == [True] * 4


def test_nobody_was_wrong_about_words_that_do_not_stand_there_any_more(words, mod):
    comment, vera = words
    say(reader("rosa"), comment, "attack")
    assert change(vera, comment, "Kind words.").status_code == 303
    say(reader("emil"), comment, "attack")
    kept = decisions.decide("keep", comment.pk, mod.user)
    assert upheld() == [None, False]  # the control: of the words that stand there
    undo.undo(kept.pk, mod.user)
    decisions.decide("spam", comment.pk, mod.user)
    assert upheld() == [True, True]


def test_what_the_desk_has_reworded_was_not_reported_wrongly(words, mod):
    comment, _vera = words
    say(reader("rosa"), comment, "personal")
    edits.edit(comment.pk, "Without the address.", mod.user, version=again(comment).version)
    decisions.decide("keep", comment.pk, mod.user)
    assert upheld() == [None]


@pytest.mark.parametrize("by", ["author", "moderator"])
def test_other_words_do_not_calm_a_report_of_danger_and_a_decision_does(article, mod, by):
    site("open", reports_to_hide=1)
    comment, vera = public(article, "I do not see any way.")
    say(reader("rosa"), comment, "danger")
    assert (again(comment).state, again(comment).urgent) == ("held", 2)
    if by == "author":
        change(vera, comment, "I do feel fine.")
    else:
        edits.edit(comment.pk, "I do feel fine.", mod.user, version=again(comment).version)
    assert again(comment).urgent == 2
    approved = decisions.decide("approve", comment.pk, mod.user)
    assert again(comment).urgent == 0
    undo.undo(approved.pk, mod.user)
    assert again(comment).urgent == 2


def test_a_report_shows_no_help_lines_to_the_writer_and_their_own_words_do(words, mod, article):
    comment, vera = words
    say(Client(), comment, "danger")
    for _state in ("visible", "held"):
        assert HELP not in page(vera, comment)
        assert HELP not in vera.get(article.path).content.decode()
        if again(comment).state == "visible":
            decisions.decide("hold", comment.pk, None)
    Rule.objects.all().delete()
    Rule.objects.create(kind="words", text="bridge", effect="crisis", label="In danger")
    site("open", rules_key="another")
    change(vera, comment, "I stand on the bridge.")
    assert again(comment).urgent == 3
    assert HELP in page(vera, comment)
    assert HELP in vera.get(article.path).content.decode()
    decisions.decide(Act.APPROVE, comment.pk, mod.user)
    assert again(comment).urgent == 1  # the words are still theirs


def test_keeping_what_was_reported_calms_that_comment_alone(words, mod, article):
    comment, _vera = words
    other, _kim = public(article, "Beside it.")
    one = Client()
    one.force_login(make_user("rosa"), backend="forum.accounts.backends.OneHash")
    for about in (comment, other):
        say(one, about, "danger")
    decisions.decide("keep", comment.pk, mod.user)
    assert (again(comment).urgent, again(other).urgent) == (0, 2)
