"""Authors and moderators at the same moment: one act stands, and the other is told."""

import pytest

from forum.accounts.models import Author, Role
from forum.accounts.viewer import Viewer
from forum.moderation import appeals, decisions, edits_waiting
from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_requests import Appeal
from forum.posting import edits, withdraw
from forum.threads import revisions
from forum.threads.models import Comment, Revision
from forum.threads.states import State
from tests.make import make_article, make_comment, make_user
from tests.moderation.desk import hold
from tests.posting.own import site
from tests.posting.test_double_post import in_thread, shared, together  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared")]


def scene(state: str) -> tuple[Comment, Viewer, list]:
    """A guest's comment, the viewer that is its author, and two moderators."""
    site()
    author = Author.objects.create(kind=Author.Kind.GUEST, name="Vera")
    make = hold if state == "held" else make_comment
    comment = make(make_article(), "First words.", author=author)
    mods = [make_user(f"mod-{n}", Role.MODERATOR) for n in range(2)]
    return comment, Viewer(own_keys=(comment.own_key,)), mods


def said(act, *args, **kwargs) -> str:
    try:
        act(*args, **kwargs)
    except (edits.StaleError, edits.NotPossibleError, decisions.NotPossibleError, appeals.NotTakenError):
        return "late"
    return "done"


def test_an_author_changes_while_a_moderator_approves_and_one_is_told():
    comment, vera, (mod, _other) = in_thread(scene, "held")
    change = lambda: said(edits.change, comment.pk, "Second words.", vera, None, version=comment.version)  # noqa: E731
    approve = lambda: said(decisions.decide, "approve", comment.pk, mod, version=comment.version)  # noqa: E731
    told = together([change, approve])
    assert sorted(told) == ["done", "late"]
    after = in_thread(Comment.objects.get, pk=comment.pk)
    expected = (State.HELD, "Second words.") if told[0] == "done" else (State.VISIBLE, "First words.")
    assert (after.state, after.body_source) == expected


def test_two_changes_at_once_are_one():
    comment, vera, _mods = in_thread(scene, "held")
    acts = [
        lambda n=n: said(edits.change, comment.pk, f"Words {n}.", vera, None, version=comment.version)
        for n in range(4)
    ]
    assert sorted(together(acts)) == ["done", "late", "late", "late"]
    assert in_thread(Revision.objects.count) == 2


def test_an_edit_is_published_once_or_taken_back():
    comment, vera, (mod, other) = in_thread(scene, "visible")
    in_thread(edits.change, comment.pk, "Second words.", vera, None, version=comment.version)
    version = comment.version + 1
    acts = [
        lambda: said(edits_waiting.accept, comment.pk, 2, mod, version=version),
        lambda: said(edits_waiting.decline, comment.pk, 2, other, version=version),
        lambda: said(edits.take_back, comment.pk, vera, version=version),
    ]
    told = together(acts)
    assert sorted(told) == ["done", "late", "late"]
    after = in_thread(Comment.objects.get, pk=comment.pk)
    assert after.body_source == ("Second words." if told[0] == "done" else "First words.")
    assert not in_thread(Case.objects.filter(closed=None).exists)
    assert in_thread(Decision.objects.count) == (0 if told[2] == "done" else 1)


def objected() -> tuple[int, list]:
    """An appeal that waits, and two moderators who did not make the decision."""
    comment, _vera, mods = scene("held")
    decision = decisions.decide("reject", comment.pk, make_user("first", Role.MODERATOR))
    return appeals.appeal(Comment.objects.get(pk=comment.pk), decision.pk, "Why?").pk, mods


def answer_at_once() -> list[str]:
    number, (mod, other) = in_thread(objected)
    acts = [
        lambda: said(appeals.answer, number, True, "Yes.", mod),
        lambda: said(appeals.answer, number, False, "No.", other),
    ]
    return together(acts)


def test_of_two_answers_at_once_one_stands():
    told = answer_at_once()
    assert sorted(told) == ["done", "late"]
    made = in_thread(Appeal.objects.get)
    assert made.granted is (told[0] == "done")
    after = in_thread(Comment.objects.get)
    assert after.state == (State.VISIBLE if made.granted else State.REJECTED)
    assert in_thread(Decision.objects.filter(act__in=[Act.RESTORE, Act.UPHOLD]).count) == 1


def test_an_author_withdraws_while_a_moderator_decides_and_withdrawing_is_what_stands():
    comment, vera, (mod, _other) = in_thread(scene, "held")
    acts = [
        lambda: said(withdraw.withdraw, comment.pk, vera, None),
        lambda: said(decisions.decide, "approve", comment.pk, mod, version=comment.version),
    ]
    assert together(acts)[0] == "done"
    assert in_thread(Comment.objects.get).state == State.WITHDRAWN


def test_control_without_the_versions_both_are_done(monkeypatch):
    comment, vera, _mods = in_thread(scene, "held")
    monkeypatch.setattr(revisions, "_change", lambda comment, **changes: None)
    acts = [
        lambda n=n: said(edits.change, comment.pk, f"Words {n}.", vera, None, version=comment.version)
        for n in range(2)
    ]
    assert together(acts) == ["done", "done"]
