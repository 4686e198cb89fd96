"""What a decision makes of the reports that led to it: right, wrong, or open again."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from forum.moderation import cases, cases_apart
from forum.moderation.models import APPROVING, REFUSING, Act, Case, Decision
from forum.moderation.models_requests import Report
from forum.threads import revisions
from forum.threads.models import Revision


def settle(act: str, made: Sequence[Decision]) -> None:
    """Note under the cases that these decisions of one act have closed whether their reports were right.

    Restoring says that the reports behind the removal were wrong. Reports of words that do not stand there
    any more are never wrong. Acts that say nothing of the words settle nothing; whatever was decided,
    somebody has looked, so that no report makes a comment urgent now. As many statements for many
    decisions as for one.
    """
    if act in REFUSING:
        Report.objects.filter(case__closed_by__in=made).update(upheld=True)
    elif act in APPROVING:
        _of_these_words(Report.objects.filter(case__closed_by__in=made)).update(upheld=False)
    if act == Act.RESTORE:
        _of_these_words(_behind_removals(made)).update(upheld=False)
    revisions.calm([one.comment_id for one in made])


def unsettle(undone: Sequence[Decision]) -> None:
    """Make reports open again whose decisions are taken back; call it before their cases are opened again.

    Where a restoring is taken back, the reports behind the removal were right after all.
    """
    Report.objects.filter(case__closed_by__in=undone).update(upheld=None)
    restored = [one for one in undone if one.act == Act.RESTORE]
    if restored:
        _behind_removals(restored).update(upheld=True)


def follow_undo(undone: Sequence[Decision], done: Sequence[Decision]) -> None:
    """Let reports stand as `done` leaves them, which took `undone` back; after `cases.reopen_cases`.

    What is hidden again waits for nobody: reports that came meanwhile were right. Those whose case stays
    closed, since a newer one is open, go into that one. Reports of danger that are open are urgent again.
    """
    hidden = [one for one in done if one.to_state in cases_apart.HIDDEN]
    if hidden:
        cases.close_cases([one.comment_id for one in hidden])
        Report.objects.filter(case__closed_by__in=hidden).update(upheld=True)
        revisions.calm([one.comment_id for one in hidden])
    _gather(undone)
    danger = Report.objects.filter(case__comment__in=[one.comment_id for one in done], case__closed=None)
    in_danger = danger.filter(reason=Report.Reason.DANGER).values_list("case__comment", flat=True)
    revisions.alarm(set(in_danger))


def _gather(undone: Sequence[Decision]) -> None:
    """Move reports from cases that these decisions still close into the newer open ones.

    Who has reported again since is there already: their newer word is the one that counts.
    """
    left = Case.objects.filter(closed_by__in=undone, cause=Case.Cause.REPORTS)
    old = dict(left.values_list("comment", "pk"))
    open_ = Case.objects.filter(comment__in=old, cause=Case.Cause.REPORTS, closed=None)
    if not (into := dict(open_.values_list("comment", "pk"))):
        return
    there = {_who(one) for one in Report.objects.filter(case__in=into.values()).select_related("case")}
    moving = list(Report.objects.filter(case__in=[old[n] for n in into]).select_related("case"))
    Report.objects.filter(pk__in=[one.pk for one in moving if _who(one) in there]).delete()
    moved = [one for one in moving if _who(one) not in there]
    for one in moved:
        one.case_id = into[one.case.comment_id]
    Report.objects.bulk_update(moved, ["case"], batch_size=200)


def _who(report: Report) -> tuple[int, int | str]:
    return report.case.comment_id, report.reporter_id or report.trace


def _of_these_words(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Those that were made since the words of their comment were last changed."""
    stood = Revision.objects.filter(comment=OuterRef("case__comment"), state=Revision.State.PUBLISHED)
    return rows.filter(~Exists(stood.filter(at__gt=OuterRef("at"))))


def _behind_removals(restored: Sequence[Decision]) -> QuerySet[Report]:
    """The reports that led to the last standing removal of each of these comments, or came between it and
    a restoring that was taken back."""
    removals = Decision.objects.filter(comment=OuterRef("case__comment"), act__in=REFUSING, undone_by=None)
    newest = removals.order_by("-pk").values("pk")[:1]
    about = Report.objects.filter(case__comment__in=[one.comment_id for one in restored])
    between = Q(case__closed_by__undoes__act=Act.RESTORE, case__closed_by__gt=Subquery(newest))
    return about.filter(Q(case__closed_by=Subquery(newest)) | between)
