"""Opening and closing what waits for a moderator."""

from collections.abc import Sequence

from django.utils import timezone

from forum.moderation.models import Case, Decision, RuleHit
from forum.moderation.rules import Hit
from forum.threads.models import Comment


def open_case(comment: Comment, cause: Case.Cause, hits: Sequence[Hit] = ()) -> Case:
    """A case for this comment and cause with what its rules matched; the open one when there is one."""
    case, made = Case.objects.get_or_create(
        comment=comment, cause=cause, closed=None, defaults={"opened": timezone.now()}
    )
    if made:
        rows = [RuleHit(case=case, rule=h.rule, matched=h.matched, start=h.start, end=h.end) for h in hits]
        RuleHit.objects.bulk_create(rows)
    return case


def open_cases(comments: Sequence[int], cause: Case.Cause) -> None:
    """As `open_case` for many comments by number; call it under the locks of their discussions."""
    if not comments:
        return
    open_ = Case.objects.filter(comment__in=comments, cause=cause, closed=None)
    there, now = set(open_.values_list("comment_id", flat=True)), timezone.now()
    new = [Case(comment_id=number, cause=cause, opened=now) for number in comments if number not in there]
    Case.objects.bulk_create(new, batch_size=500)


def close_cases(comment: Comment, decision: Decision) -> None:
    """Close all that is open on this comment by this decision."""
    Case.objects.filter(comment=comment, closed=None).update(closed=timezone.now(), closed_by=decision)


def reopen_cases(undone: Decision) -> None:
    """Open again what the decision had closed, unless the same cause has been opened since."""
    for case in Case.objects.filter(closed_by=undone):
        if not Case.objects.filter(comment=case.comment_id, cause=case.cause, closed=None).exists():
            Case.objects.filter(pk=case.pk).update(closed=None, closed_by=None)
