"""A run: started from kept files, read again, applied from its first batch to its end."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from forum.accounts.models import User
from forum.importing import keep, load_batches, load_ledger, match, plan_memory, report
from forum.importing.match import Outcome
from forum.importing.plan import Archive, plan_of, read_archive
from forum.importing.records import RefusedError, Source
from forum.jobs import alive
from forum.sources.models import ImportRun
from forum.text.tidy import one_line

Progress = Callable[[int, int], None]
GROWN = 1000  # items after which the database's own statistics are brought up to date


def start_run(
    archive: Archive,
    files: list[dict[str, str]],
    *,
    wanted_format: str = "",
    by: User | None = None,
    **more: Any,
) -> ImportRun:
    """A run that is planned and has written nothing else; `files` is what keep.keep_all told."""
    return ImportRun.objects.create(
        state=ImportRun.State.PLANNED,
        file_sha256=keep.fingerprint(files),
        file_name=one_line(", ".join(file["name"] for file in files), 255),
        format=archive.format,
        options={"files": files, "format": wanted_format, **more},
        by=by,
        started=timezone.now(),
    )


def read_again(run: ImportRun) -> Archive:
    """The archive of a run from its kept files. Raises RefusedError when one is no longer there."""
    found: list[Source] = keep.kept_sources(run)
    return read_archive(found, run.options.get("format", ""))


@plan_memory.seldom_collected()
def apply(archive: Archive, run: ImportRun, told: Progress = lambda done, total: None) -> dict[str, Any]:
    """Write an archive, each article whole or not at all, and return the run's report.

    A few articles with their comments and ledger lines are one transaction, and some root threads of a
    large one, so that a run that broke off goes on where its ledger ends. What each item becomes is
    decided in that transaction, under the lock of its blog, and so sees what other runs have written
    since the preview. `told` hears of progress.
    Raises RefusedError when the same file is being imported already.
    """
    with _only(run):
        return _apply(archive, run, told)


def _apply(archive: Archive, run: ImportRun, told: Progress) -> dict[str, Any]:
    plan = plan_of(archive)
    tally, total, n, grown = report.Tally(plan), archive.items, 1, GROWN
    all_new = False
    written = run.ledger.aggregate(last=Max("n"))["last"] or 0
    for batch in match.batches(plan.articles):
        n = load_batches.write(batch, run, n, written, all_new)
        entries = [entry for planned in batch for entry in [planned, *planned.comments]]
        all_new = not any(entry.outcome in {Outcome.UPDATED, Outcome.UNCHANGED} for entry in entries)
        for planned in batch:
            tally.add(planned)
        if n > grown:
            _tell_planner()
            grown = 4 * n
        _beat(run, n - 1, total)
        told(n - 1, total)
    with transaction.atomic():
        load_ledger.write(plan.skipped, run, n, written)
        counts = tally.as_json(run.pk) | report.outcomes_of(run)
        done = {"state": ImportRun.State.DONE, "counts": counts, "ended": timezone.now()}
        ImportRun.objects.filter(pk=run.pk).update(**done, done=total, total=total)
    return counts


@contextmanager
def _only(run: ImportRun) -> Iterator[None]:
    """Around the work of a run: it alone works on this file, and is marked failed when it breaks off.

    A run with the same file that is marked as running and does not hold the lock has been killed.
    """
    of_file = ImportRun.objects.filter(file_sha256=run.file_sha256)
    with ExitStack() as held:
        now = timezone.now()
        try:
            held.enter_context(alive.holding(f"import-{run.file_sha256}"))
        except alive.HeldError:
            of_file.filter(pk=run.pk).update(state=ImportRun.State.CANCELLED, ended=now)
            message = "The same archive is being imported at this moment; please wait for it."
            raise RefusedError(message) from None
        killed = of_file.filter(state=ImportRun.State.RUNNING).exclude(pk=run.pk)
        killed.update(state=ImportRun.State.FAILED, ended=now)
        of_file.filter(pk=run.pk).update(state=ImportRun.State.RUNNING, beat=now)
        try:
            yield
        except BaseException:
            of_file.filter(pk=run.pk).update(state=ImportRun.State.FAILED, ended=timezone.now())
            raise


def _beat(run: ImportRun, done: int, total: int) -> None:
    ImportRun.objects.filter(pk=run.pk).update(beat=timezone.now(), done=done, total=total)


def _tell_planner() -> None:
    """PostgreSQL knows the size of a table by its last ANALYZE; of one that has grown from nothing since
    it would look through all rows for each article."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE forum_article, forum_comment, forum_sourceitem, forum_ledgerline")
