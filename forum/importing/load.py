"""Writing a plan: each article with its comments, source items, witnesses and ledger in one transaction."""

import datetime
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from forum.accounts.models import User
from forum.articles.models import Blog
from forum.importing import keep, load_articles, load_comments, match, plan_memory, report
from forum.importing.match import Outcome, PlannedArticle, PlannedComment
from forum.importing.plan import Archive, plan_of, read_archive
from forum.importing.records import RefusedError, Source
from forum.sources.models import ImportRun, LedgerLine, Witness
from forum.text.excerpt import excerpt
from forum.text.tidy import one_line
from forum.threads import tree

Progress = Callable[[int, int], None]
GROWN = 1000  # items after which the database's own statistics are brought up to date
STILL = datetime.timedelta(minutes=5)  # a run that has not written for so long has died


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

    A few articles with their comments and ledger lines are one transaction, so that a run that broke off
    goes on where its ledger ends. What each item becomes is decided in that transaction, under the lock
    of its blog, and so sees what other runs have written since the preview. `told` hears of progress.
    Raises RefusedError when the same file is being imported already.
    """
    _begin(run)
    try:
        plan = plan_of(archive)
        tally, total, n, grown = report.Tally(plan), archive.items, 1, GROWN
        all_new = False
        written = run.ledger.aggregate(last=Max("n"))["last"] or 0
        for batch in match.batches(plan.articles):
            n = _write(batch, run, n, written, all_new)
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
            _write_lines(plan.skipped, run, n)
            counts = tally.as_json(run.pk) | report.outcomes_of(run)
            done = {"state": ImportRun.State.DONE, "counts": counts, "ended": timezone.now()}
            ImportRun.objects.filter(pk=run.pk).update(**done, done=total, total=total)
    except BaseException:
        failed = {"state": ImportRun.State.FAILED, "ended": timezone.now()}
        ImportRun.objects.filter(pk=run.pk).update(**failed)
        raise
    return counts


def _begin(run: ImportRun) -> None:
    """Mark the run as running; one that has stopped beating with the same file is marked failed first."""
    now = timezone.now()
    dead = ImportRun.objects.filter(file_sha256=run.file_sha256, state=ImportRun.State.RUNNING)
    dead.filter(beat__lt=now - STILL).exclude(pk=run.pk).update(state=ImportRun.State.FAILED, ended=now)
    try:
        with transaction.atomic():
            ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.RUNNING, beat=now)
    except IntegrityError:
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.CANCELLED, ended=now)
        raise RefusedError("The same archive is being imported at this moment; please wait for it.") from None


def _beat(run: ImportRun, done: int, total: int) -> None:
    ImportRun.objects.filter(pk=run.pk).update(beat=timezone.now(), done=done, total=total)


def _tell_planner() -> None:
    """PostgreSQL knows the size of a table by its last ANALYZE; of one that has grown from nothing since
    it would look through all rows for each article."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE forum_article, forum_comment, forum_sourceitem, forum_ledgerline")


def _write(batch: list[PlannedArticle], run: ImportRun, n: int, written: int, all_new: bool) -> int:
    """Articles with their comments and their ledger from line `n` on, but for those up to line `written`.

    Returns the number of the line after them.
    """
    entries = [entry for planned in batch for entry in report.of_article(planned)]
    after = n + len(entries)
    if written >= after - 1:
        return after
    while written >= n:
        # The batches of the run that broke off may have been others than these.
        n += len(report.of_article(batch[0]))
        batch = batch[1:]
    if not all_new:
        match.match(batch)
    _render(batch)
    with transaction.atomic():
        _lock_blogs(batch)
        match.match(batch)
        _write_rows([planned for planned in batch if not planned.is_left_out], run)
        _write_lines([entry for planned in batch for entry in report.of_article(planned)], run, n)
    return after


def _render(batch: list[PlannedArticle]) -> None:
    """Clean what will be written while nobody waits for a lock; what changes till then is cleaned there.

    Behind articles that were all new it is not asked beforehand what is: these will be new too.
    """
    for planned in batch:
        if planned.is_left_out:
            continue
        entries = [planned, *(c for c in planned.comments if c.record.state not in match.LEFT_OUT)]
        for entry in entries:
            if entry.outcome != Outcome.UNCHANGED and entry.code != "changed_here":
                load_articles.html_of(entry)


def _lock_blogs(batch: list[PlannedArticle]) -> None:
    """One after the other in a fixed order, so that two runs never wait for each other."""
    names: dict[tuple[str, str], str] = {}
    for planned in batch:
        key = planned.system, planned.host
        names[key] = names.get(key) or planned.record.site_name
    blogs = {key: _locked_blog(*key, names[key]) for key in sorted(names)}
    for planned in batch:
        planned.blog = blogs[planned.system, planned.host]


def _locked_blog(system: str, host: str, name: str) -> Blog:
    blog, _made = Blog.objects.get_or_create(system=system, host=host)
    blog = Blog.objects.select_for_update().get(pk=blog.pk)
    if name and not blog.name:
        blog.name = one_line(name, 200)
        blog.save(update_fields=["name"])
    return blog


def _write_rows(batch: list[PlannedArticle], run: ImportRun) -> None:
    stored = {planned.item.article_id for planned in batch if planned.item and planned.item.article_id}
    with ExitStack() as locks:
        for number in sorted(stored):
            locks.enter_context(tree.locked(number))
        load_articles.place(batch)
        made = {planned.row.pk for planned in batch} - stored
        comments = load_comments.write(batch, made)
        seen = [
            _witness_of_article(planned, run) for planned in batch if planned.outcome != Outcome.UNCHANGED
        ]
        seen += [_witness(comment, run) for comment in comments if comment.outcome != Outcome.UNCHANGED]
        # A post that an archive holds twice has been seen by this run already.
        Witness.objects.bulk_create(seen, ignore_conflicts=True)


def _witness_of_article(planned: PlannedArticle, run: ImportRun) -> Witness:
    record = planned.record
    return Witness(item_id=planned.item.pk, run_id=run.pk, address=record.url[:2000], hints=record.hints)


def _witness(comment: PlannedComment, run: ImportRun) -> Witness:
    return Witness(
        item_id=comment.item.pk,
        run_id=run.pk,
        address=comment.record.address[:2000],
        parent_key=comment.parent.key.key if comment.parent else "",
        confidence=comment.record.confidence,
        hints=comment.record.hints,
    )


def _write_lines(entries: Sequence[report.Entry], run: ImportRun, first: int) -> None:
    lines = [_line(entry) for entry in entries]
    for n, line in enumerate(lines, start=first):
        line.run_id, line.n = run.pk, n
    LedgerLine.objects.bulk_create(lines, batch_size=2000)


def _line(entry: report.Entry) -> LedgerLine:
    if isinstance(entry, PlannedComment):
        source_id, words = entry.record.key, entry.record.body
    elif isinstance(entry, PlannedArticle):
        source_id, words = entry.record.url or entry.record.source_id, entry.record.title
    else:
        return LedgerLine(
            source_id=entry.source_id[:500],
            outcome=Outcome.SKIPPED,
            code=entry.code[:40],
            excerpt=excerpt(entry.excerpt, 200),
        )
    return LedgerLine(
        item_id=entry.item.pk if entry.item is not None else None,
        source_id=source_id[:500],
        outcome=entry.outcome,
        code=entry.code[:40],
        excerpt=excerpt(words[:2000], 200),
    )
