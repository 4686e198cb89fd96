"""Writing a plan: each article with its comments, source items, witnesses and ledger in one transaction."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.accounts.models import User
from forum.articles.models import Blog
from forum.importing import keep, load_articles, load_comments, match, report
from forum.importing.match import Outcome, PlannedArticle, PlannedComment
from forum.importing.plan import Archive, plan_of, read_archive
from forum.importing.records import RefusedError, Source
from forum.sources.models import ImportRun, LedgerLine, Witness
from forum.text.excerpt import excerpt
from forum.text.tidy import one_line
from forum.threads import tree

Progress = Callable[[int, int], None]
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


def apply(archive: Archive, run: ImportRun, told: Progress = lambda done, total: None) -> dict[str, Any]:
    """Write an archive, each article whole or not at all, and return the run's report.

    An article, its comments and its ledger lines are one transaction, so that a run that broke off goes
    on where its ledger ends. What each item becomes is decided in that transaction, under the lock of
    its blog, and so sees what other runs have written since the preview. `told` hears of progress.
    Raises RefusedError when the same file is being imported already.
    """
    _begin(run)
    try:
        plan = plan_of(archive)
        total, n = len(report.entries(plan)), 1
        for planned in plan.articles:
            _write(planned, run, n)
            n += len(report.of_article(planned))
            _beat(run, n - 1, total)
            told(n - 1, total)
        with transaction.atomic():
            _write_lines(plan.skipped, run, n)
            counts = report.as_json(plan, run.pk) | report.outcomes_of(run)
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
        raise RefusedError("The same archive is being imported at this moment; please wait for it.") from None


def _beat(run: ImportRun, done: int, total: int) -> None:
    ImportRun.objects.filter(pk=run.pk).update(beat=timezone.now(), done=done, total=total)


def _write(planned: PlannedArticle, run: ImportRun, n: int) -> None:
    """One article with its comments and its ledger from line `n` on; nothing when it has them already."""
    if LedgerLine.objects.filter(run=run, n=n).exists():
        return
    with transaction.atomic():
        _lock_blog(planned)
        match.match(planned)
        if not planned.is_left_out:
            _write_rows(planned, run)
        _write_lines(report.of_article(planned), run, n)


def _lock_blog(planned: PlannedArticle) -> None:
    blog, _made = Blog.objects.get_or_create(system=planned.system, host=planned.host)
    blog = Blog.objects.select_for_update().get(pk=blog.pk)
    if planned.record.site_name and not blog.name:
        blog.name = one_line(planned.record.site_name, 200)
        blog.save(update_fields=["name"])


def _write_rows(planned: PlannedArticle, run: ImportRun) -> None:
    article = load_articles.placed(planned)
    with tree.locked(article.pk) as article:
        written = load_comments.write(article, planned)
    entries = [comment for comment in written if comment.outcome != Outcome.UNCHANGED]
    if planned.outcome != Outcome.UNCHANGED:
        said = {"address": planned.record.url[:2000], "hints": planned.record.hints}
        Witness.objects.get_or_create(item=planned.item, run=run, defaults=said)
    # A post that an archive holds twice has been seen by this run already.
    seen = [_witness(comment, run) for comment in entries]
    Witness.objects.bulk_create(seen, batch_size=500, ignore_conflicts=True)


def _witness(comment: PlannedComment, run: ImportRun) -> Witness:
    return Witness(
        item=comment.item,
        run=run,
        address=comment.record.address[:2000],
        parent_key=comment.parent.key.key if comment.parent else "",
        confidence=comment.record.confidence,
        hints=comment.record.hints,
    )


def _write_lines(entries: Sequence[report.Entry], run: ImportRun, first: int) -> None:
    lines = [_line(entry) for entry in entries]
    for n, line in enumerate(lines, start=first):
        line.run, line.n = run, n
    LedgerLine.objects.bulk_create(lines, batch_size=500)


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
        item=entry.item if entry.item is not None and entry.item.pk else None,
        source_id=source_id[:500],
        outcome=entry.outcome,
        code=entry.code[:40],
        excerpt=excerpt(words[:2000], 200),
    )
