"""What readers and moderators said of imported words outlives the undo of the import, and waits no more."""

import pytest
from django.core.management import call_command
from django.test import Client

from forum.moderation import decisions, undo
from forum.moderation.models import Case
from forum.moderation.models_people import Note
from forum.moderation.models_requests import Report
from forum.sources.models import ImportRun
from forum.threads.models import Comment, Revision
from forum.threads.states import Kind
from tests.importing.test_load import give
from tests.moderation.desk import cards, desk

pytestmark = pytest.mark.django_db


def report(comment: Comment, reason: str = "danger") -> None:
    """A reader's report."""
    said = {"reason": reason, "text": "Please call them."}
    assert Client().post(f"/comments/{comment.pk}/report/", said).status_code == 303


@pytest.fixture
def run(tmp_path) -> int:
    return give(tmp_path)["run"]


@pytest.fixture
def second(run) -> Comment:
    return Comment.objects.get(body_source="Second words.")


def test_a_report_stays_with_its_comment_as_a_placeholder_and_leaves_no_tab_full(run, second, mod):
    report(second)
    assert cards(desk(mod, "tab=reported")) == [second.pk]
    call_command("undo_import", run)
    row = Comment.objects.get()
    assert (row.pk, row.kind, row.body_source) == (second.pk, Kind.PLACEHOLDER, "")
    kept = Report.objects.get()
    assert (kept.case.comment, kept.reason, kept.text) == (row, "danger", "Please call them.")
    assert not Case.objects.filter(closed=None).exists()
    assert cards(desk(mod, "tab=reported")) == []


def test_the_report_waits_again_when_the_import_is_done_again(run, second, mod, capsys):
    report(second)
    for _n in range(2):
        call_command("undo_import", ImportRun.objects.latest("pk").pk)
        assert cards(desk(mod, "tab=reported")) == []
        call_command("redo_import", ImportRun.objects.latest("pk").pk)
        page = desk(mod, "tab=reported")
        assert cards(page) == [second.pk]
        assert "Please call them." in page
        assert "Second words." in page
    assert Case.objects.count() == 1


def test_control_reports_that_were_decided_on_do_not_wait_again(run, second, mod):
    report(second)
    decisions.decide("keep", second.pk, mod.user)
    call_command("undo_import", run)
    call_command("redo_import", run)
    assert Comment.objects.get(pk=second.pk).body_source == "Second words."
    assert cards(desk(mod, "tab=reported")) == []


def test_a_comment_that_stays_for_a_decision_waits_no_more_either(run, second, mod):
    undo.undo(decisions.decide("remove", second.pk, mod.user).pk, mod.user)
    report(second)
    Revision.objects.create(comment=second, n=2, body_source="Other.", state=Revision.State.WAITING)
    Case.objects.create(comment=second, cause=Case.Cause.EDIT, opened=second.received_at)
    call_command("undo_import", run)
    assert not Case.objects.filter(closed=None).exists()
    assert Revision.objects.get(n=2).state == Revision.State.REFUSED
    assert [cards(desk(mod, f"tab={tab}")) for tab in ("reported", "edited")] == [[], []]


def test_a_request_to_take_it_down_can_still_be_answered(run, second, mod):
    Client().post(f"/comments/{second.pk}/take-down/", {"wish": "erase", "text": "Mine."})
    report(second)
    call_command("undo_import", run)
    assert [case.cause for case in Case.objects.filter(closed=None)] == [Case.Cause.TAKEDOWN]


def test_a_note_of_the_desk_stays(run, second, mod):
    Note.objects.create(comment=second, by=mod.user, text="Her family wrote to us.")
    call_command("undo_import", run)
    assert Note.objects.get().comment == Comment.objects.get() == second


def test_control_without_either_the_comment_goes_and_others_go_beside_it(run, second):
    report(second)
    assert Comment.objects.count() > 1
    call_command("undo_import", run)
    assert list(Comment.objects.values_list("pk", flat=True)) == [second.pk]
