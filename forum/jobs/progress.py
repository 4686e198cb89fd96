"""Asking for long work, telling how far it is, cancelling it, and how it looks to its owner."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone

from forum.accounts.models import User
from forum.jobs import alive
from forum.jobs.models import Job

EVERY = 0.5  # seconds between two writes of progress


class CancelledError(Exception):
    """Somebody has asked for the work to stop."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a job is: items a second and seconds left, None while nobody can know."""

    rate: float | None
    left: int | None

    @property
    def minutes(self) -> int:
        """Minutes left where seconds would be too fine, else 0."""
        return round(self.left / 60) if self.left is not None and self.left > 90 else 0


class Meter:
    """What a job's work calls to tell of its progress; writes at most twice a second."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._wrote = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Tell that `done` of `total` items are finished. Raises CancelledError when asked to stop."""
        if done < total and time.monotonic() - self._wrote < EVERY:
            return
        self._wrote = time.monotonic()
        row = Job.objects.filter(pk=self._job.pk)
        row.update(done=done, total=total, beat=timezone.now())
        if row.values_list("cancel", flat=True).first():
            raise CancelledError


def ask(name: str, about: str, owner: User | None) -> Job:
    """A job that waits for its turn."""
    return Job.objects.create(name=name, about=about, owner=owner, asked=timezone.now())


def cancel(name: str, about: str) -> bool:
    """Ask the unfinished jobs on a subject to stop; whether one is at work, which does at its next step."""
    job = newest(name, about)
    unfinished = [Job.State.QUEUED, Job.State.RUNNING]
    Job.objects.filter(name=name, about=about, state__in=unfinished).update(cancel=True)
    return job is not None and job.state == Job.State.RUNNING


def newest(name: str, about: str) -> Job | None:
    """The newest job on a subject; one that has died is marked failed first."""
    job = Job.objects.filter(name=name, about=about).order_by("-pk").first()
    if job is None or job.state != Job.State.RUNNING or alive.is_held(_lock(job)):
        return job
    # It may have ended well between the two looks.
    died = {"state": Job.State.FAILED, "result": "It stopped without a word."}
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(**died)
    job.refresh_from_db()
    return job


def pace(job: Job) -> Pace:
    """How fast a running job is and how long it will take."""
    if job.began is None or not job.done:
        return Pace(None, None)
    seconds = max((timezone.now() - job.began).total_seconds(), 0.001)
    rate = job.done / seconds
    return Pace(rate=rate, left=round((job.total - job.done) / rate))


@contextmanager
def running(job: Job) -> Iterator[Meter]:
    """Around a job's work: marks it running, then done, cancelled or failed.

    A cancelled job ends quietly; any other exception goes on to the caller. One that was cancelled before
    its turn ends when its work first tells of its progress, which is to be before it writes anything.
    Raises HeldError when another process is at this very job.
    """
    with alive.holding(_lock(job)):
        yield from _marked(job)


def _marked(job: Job) -> Iterator[Meter]:
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, began=now, beat=now)
    try:
        yield Meter(job)
    except CancelledError:
        _end(job, Job.State.CANCELLED)
    except BaseException as error:
        _end(job, Job.State.FAILED, str(error)[:500])
        raise
    else:
        _end(job, Job.State.DONE)


def _lock(job: Job) -> str:
    return f"job-{job.pk}"


def _end(job: Job, state: Job.State, result: str = "") -> None:
    Job.objects.filter(pk=job.pk).update(state=state, result=result, beat=timezone.now())
