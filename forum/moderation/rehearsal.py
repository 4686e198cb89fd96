"""Trying a rule or a whole policy on what is there already, as a job that others need not wait for.

It reads in portions, locks nothing, and writes nothing but what came of it.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from forum.accounts.models import User
from forum.jobs import progress
from forum.jobs.models import Job
from forum.moderation import rehearsal_policy, rehearsal_rule
from forum.moderation.models_policy import Rehearsal

JOB = "rehearsal"
# Comments that are gone through while the admin waits for the page; a policy takes some statements for each.
AT_ONCE = {Rehearsal.Kind.RULE: 2_000, Rehearsal.Kind.POLICY: 300}
KEPT = datetime.timedelta(days=30)

Told = Callable[[int, int], None]


def start(
    kind: Rehearsal.Kind, proposal: Mapping[str, Any], actor: User, *, days: int | None = None
) -> Rehearsal:
    """Write down what is to be tried: the fields of a rule, or of a policy over so many days."""
    return Rehearsal.objects.create(kind=kind, proposal=dict(proposal), by=actor, days=days)


def run_or_ask(tried: Rehearsal) -> None:
    """Go through a small site at once; a large one is gone through by a worker, with progress."""
    if _kind_of(tried).count_of(tried) <= AT_ONCE[Rehearsal.Kind(tried.kind)]:
        run(tried)
    else:
        ask(tried)


def ask(tried: Rehearsal) -> None:
    """Have a worker do a rehearsal."""
    with transaction.atomic():
        job = progress.ask(JOB, str(tried.pk), tried.by)
        run_rehearsal.enqueue(tried.pk, job.pk)


def run(tried: Rehearsal, told: Told | None = None) -> None:
    """Go through what is there and keep what came of it, unless it was cancelled meanwhile.

    `told` hears of the progress and may raise to end the work. Raises matching.RuleError for a proposal that
    is no rule (any more).
    """
    result = _kind_of(tried).result_of(tried, told or _nobody)
    going = Rehearsal.objects.filter(pk=tried.pk, ended_at=None)
    going.update(result=result, ended_at=timezone.now())


@task()
def run_rehearsal(rehearsal_id: int, job_id: int) -> None:
    """Do a rehearsal; one that is cancelled ends without a result."""
    with progress.running(Job.objects.get(pk=job_id)) as told:
        try:
            told(0, 1)
            run(Rehearsal.objects.select_related("by").get(pk=rehearsal_id), told)
        except progress.CancelledError:
            end(rehearsal_id)
            raise


def cancel(tried: Rehearsal) -> None:
    """End a rehearsal: at its next step when a worker is at it, at once when none is."""
    if not progress.cancel(JOB, str(tried.pk)):
        end(tried.pk)


def end(number: int) -> None:
    """Let a rehearsal be over without a result."""
    Rehearsal.objects.filter(pk=number, ended_at=None).update(ended_at=timezone.now())


def newest_job(tried: Rehearsal) -> Job | None:
    """The job that is at a rehearsal, None for one that was done at once."""
    return progress.newest(JOB, str(tried.pk))


def purge() -> int:
    """Forget rehearsals of more than thirty days ago with their jobs; returns how many."""
    old = Rehearsal.objects.filter(at__lt=timezone.now() - KEPT)
    numbers = [str(number) for number in old.values_list("pk", flat=True)]
    Job.objects.filter(name=JOB, about__in=numbers).delete()
    count, _each = old.delete()
    return count


def _kind_of(tried: Rehearsal) -> Any:
    return rehearsal_rule if tried.kind == Rehearsal.Kind.RULE else rehearsal_policy


def _nobody(done: int, total: int) -> None:
    """Hears of the progress where somebody waits for the page anyway."""
