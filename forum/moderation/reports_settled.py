"""What a decision makes of the reports that led to it: right, wrong, or open again."""

from collections.abc import Sequence

from django.db.models import OuterRef, QuerySet, Subquery

from forum.moderation.models import Act, Decision
from forum.moderation.models_requests import Report

RIGHT = (Act.REMOVE, Act.SPAM, Act.REJECT)
WRONG = (Act.KEEP, Act.APPROVE, Act.TRUST, Act.RESTORE)


def settle(act: str, made: Sequence[Decision]) -> None:
    """Note under the cases that these decisions of one act have closed whether their reports were right.

    Restoring says that the reports behind the removal were wrong. One statement, however many there are;
    two for restoring. Acts that say nothing of the words settle nothing.
    """
    if act in RIGHT or act in WRONG:
        Report.objects.filter(case__closed_by__in=made).update(upheld=act in RIGHT)
    if act == Act.RESTORE:
        _behind_removals(made).update(upheld=False)


def unsettle(undone: Sequence[Decision]) -> None:
    """Make reports open again whose decisions are taken back; call it before their cases are opened again.

    Where a restoring is taken back, the reports behind the removal were right after all.
    """
    Report.objects.filter(case__closed_by__in=undone).update(upheld=None)
    restored = [one for one in undone if one.act == Act.RESTORE]
    if restored:
        _behind_removals(restored).update(upheld=True)


def _behind_removals(restored: Sequence[Decision]) -> QuerySet[Report]:
    """The reports under the cases that the last standing removal of each of these comments closed."""
    removals = Decision.objects.filter(comment=OuterRef("case__comment"), act__in=RIGHT, undone_by=None)
    newest = removals.order_by("-pk").values("pk")[:1]
    about = Report.objects.filter(case__comment__in=[one.comment_id for one in restored])
    return about.filter(case__closed_by=Subquery(newest))
