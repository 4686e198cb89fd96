"""Deciding on many comments as one batch, which goes on where it stopped and can be taken back as one."""

import uuid
from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from forum.accounts.models import User
from forum.jobs import progress
from forum.jobs.models import Job
from forum.moderation import decisions
from forum.moderation.decisions import AT_ONCE, NO_GROUNDS, Grounds, NotPossibleError
from forum.moderation.models import Act, Batch, Decision
from forum.threads import tree
from forum.threads.models import Comment

JOB = "bulk-decide"
WHILE_WAITING = 1_000  # comments that are decided while the moderator waits for the page

Told = Callable[[int, int], None]


def start(act: str, chosen: Mapping[int, int | None], actor: User, grounds: Grounds = NO_GROUNDS) -> Batch:
    """Write down what is to be decided; `chosen` are numbers with the versions seen, None for any."""
    return Batch.objects.create(
        act=act,
        actor=actor,
        reason_code=grounds.reason_code,
        reason=grounds.reason,
        note=grounds.note,
        total=len(chosen),
        chosen=[[number, version] for number, version in chosen.items()],
    )


def start_undo(batch: Batch, actor: User) -> Batch:
    """Write down that a batch is to be taken back. Raises NotPossibleError unless it has ended, is not an
    undo itself, and has not been taken back before."""
    with transaction.atomic():
        undone = Batch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        again = Batch.objects.filter(undoes=undone).exists()
        if again or undone.ended_at is None or undone.act == Act.UNDO:
            raise NotPossibleError
        made = Decision.objects.filter(batch=undone.pk, undone_by=None).order_by("pk")
        chosen = [[number, None] for number in made.values_list("pk", flat=True)]
        values = {"actor": actor, "total": len(chosen), "chosen": chosen}
        return Batch.objects.create(act=Act.UNDO, undoes=undone, **values)


def run(batch: Batch, told: Told | None = None) -> Batch:
    """Decide what a batch has not decided yet, some hundred comments in each transaction.

    What cannot be done is left alone and kept by number. One that was broken off goes on where it
    stopped. `told` hears of the progress and may raise to end the work.
    """
    total, more = batch.total, True
    while more:
        with transaction.atomic():
            row = Batch.objects.select_for_update(no_key=True).get(pk=batch.pk)
            if row.ended_at is not None:
                return row
            at = row.done + len(row.left)
            outcome = _decide_portion(row, row.chosen[at : at + AT_ONCE])
            row.done, row.left = row.done + len(outcome.done), row.left + outcome.left
            more = row.done + len(row.left) < total
            if not more:
                row.ended_at, row.chosen = timezone.now(), []
            row.save(update_fields=["done", "left"] if more else ["done", "left", "ended_at", "chosen"])
        if told is not None:
            told(row.done + len(row.left), total)
    if row.act == Act.UNDO and not row.done:
        Batch.objects.filter(pk=row.pk).delete()  # nothing was taken back, so it can be tried again
    return row


def run_or_ask(batch: Batch) -> Batch:
    """Decide a small batch at once; a large one is done by a worker, with progress."""
    if batch.total <= WHILE_WAITING:
        return run(batch)
    ask(batch)
    return batch


def ask(batch: Batch) -> None:
    """Have a worker do a batch, or go on with one that broke off."""
    with transaction.atomic():
        job = progress.ask(JOB, str(batch.pk), batch.actor)
        run_batch.enqueue(str(batch.pk), job.pk)


@task()
def run_batch(batch_id: str, job_id: int) -> None:
    """Do a batch; when it is cancelled, what is decided stays and can be taken back."""
    with progress.running(Job.objects.get(pk=job_id)) as told:
        try:
            run(Batch.objects.get(pk=batch_id), told)
        except progress.CancelledError:
            end(batch_id)
            raise


def cancel(batch: Batch) -> None:
    """End a batch: at its next step when a worker is at it, at once when none is."""
    if not progress.cancel(JOB, str(batch.pk)):
        end(batch.pk)


def end(batch_id: object) -> None:
    """Let a batch be over; what it has decided stays and can be taken back."""
    Batch.objects.filter(pk=batch_id, ended_at=None).update(ended_at=timezone.now(), chosen=[])


def batch_of(text: str) -> Batch | None:
    """The batch that a field or an address names, None when there is none."""
    try:
        return Batch.objects.filter(pk=uuid.UUID(text)).first()
    except ValueError:
        return None


def with_replies(number: int, version: int | None) -> dict[int, int | None]:
    """A comment and every visible one below it with their present versions, parents first.

    The comment alone when its version is not the one that was seen. Raises Comment.DoesNotExist.
    """
    with tree.locked_around([number]):
        comment = Comment.objects.get(pk=number)
        if version not in {None, comment.version}:
            return {number: version}
        place = {"article": comment.article_id, "tree_id": comment.tree_id}
        below = Comment.objects.public().filter(**place, lft__gt=comment.lft, rght__lt=comment.rght)
        found = below.in_reading_order().values_list("pk", "version")
        return {number: comment.version} | dict(found)


def _decide_portion(batch: Batch, portion: list[list[int | None]]) -> decisions.Outcome:
    if not portion:
        return decisions.Outcome()
    if batch.act == Act.UNDO:
        return decisions.undo_some([number for number, _any in portion], batch.actor, batch=batch.pk)
    grounds = Grounds(batch.reason_code, batch.reason, batch.note)
    chosen = dict(portion)
    return decisions.decide_some(batch.act, chosen, batch.actor, grounds=grounds, batch=batch.pk)
