"""What decisions do to edits and appeals that wait: called in the transaction of the decision.

An edit ends when its comment is hidden, an appeal when the decision that it is about does not stand any
more, whoever ended it. Taking such a decision back lets both wait again.
"""

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_requests import Appeal
from forum.threads import revisions
from forum.threads.models import Comment
from forum.threads.states import REFUSED, State

HIDDEN = (*REFUSED, State.WITHDRAWN)


def follow(made: Sequence[Decision]) -> None:
    """End the edits and appeals that these decisions on states, by comment the newest, leave nothing of."""
    hiding = {one.comment_id: one for one in made if one.to_state in HIDDEN}
    if hiding and (ended := _close(Case.Cause.EDIT, hiding)):
        revisions.give_up(ended)
    now = {one.comment_id: one for one in made if one.from_state != one.to_state}
    waiting = Appeal.objects.filter(decision__comment__in=now, granted=None).select_related("decision")
    for appeal in waiting:
        by = now[appeal.decision.comment_id]
        if _is_moot(appeal.decision, by):
            end_appeal(appeal, by, by.to_state != State.WITHDRAWN)


def reopen(undone: Sequence[Decision]) -> None:
    """Let edits and appeals wait again that these decisions had ended; call it after `cases.reopen_cases`."""
    closed = Case.objects.filter(closed=None, comment__in=[one.comment_id for one in undone])
    open_ = set(closed.values_list("comment_id", "cause"))
    hid = [one.comment_id for one in undone if one.to_state in HIDDEN]
    if again := [number for number in hid if (number, Case.Cause.EDIT) in open_]:
        revisions.wait_again(again)
    answered = Q()
    for one in undone:
        if (one.comment_id, Case.Cause.APPEAL) in open_:
            answered |= Q(decision__comment=one.comment_id, answered_at=one.at)
    if answered:
        Appeal.objects.filter(answered).update(granted=None, answer="", answered_by=None, answered_at=None)


def end_edit(decision: Decision) -> None:
    """The edit that waits on a comment is answered by a decision."""
    _close(Case.Cause.EDIT, {decision.comment_id: decision})


def end_appeal(appeal: Appeal, decision: Decision, granted: bool, answer: str = "") -> None:
    """An appeal is answered by a decision, at its very moment: by that `reopen` finds it."""
    appeal.granted, appeal.answer = granted, answer
    appeal.answered_by, appeal.answered_at = decision.actor, decision.at
    appeal.save(update_fields=["granted", "answer", "answered_by", "answered_at"])
    _close(Case.Cause.APPEAL, {decision.comment_id: decision})


def end_all(comment: Comment, decision: Decision) -> None:
    """The words of a comment are gone for good: neither its edit nor an appeal about it waits any more."""
    end_edit(decision)
    revisions.give_up([comment.pk])
    for asked in Appeal.objects.filter(decision__comment=comment, granted=None):
        end_appeal(asked, decision, False)


def _close(cause: Case.Cause, by: dict[int, Decision]) -> list[int]:
    """Close the cases of a cause that are open on comments; the numbers of those that had one."""
    cases = list(Case.objects.filter(comment__in=by, cause=cause, closed=None))
    now = timezone.now()
    for case in cases:
        case.closed, case.closed_by = now, by[case.comment_id]
    Case.objects.bulk_update(cases, ["closed", "closed_by"], batch_size=200)
    return [case.comment_id for case in cases]


def _is_moot(appealed: Decision, now: Decision) -> bool:
    if appealed.act == Act.DECLINE:
        return now.to_state == State.WITHDRAWN
    return now.to_state != appealed.to_state
