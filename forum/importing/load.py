"""Writing a plan: articles, comments, source items, witnesses and ledger, in one transaction."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from forum.accounts.models import User
from forum.articles.models import Blog
from forum.importing import identity, keep, load_articles, load_comments, report
from forum.importing.match import Outcome, PlannedArticle, PlannedComment
from forum.importing.plan import Archive, Plan, make_plan, read_archive
from forum.importing.records import Source
from forum.sources.models import ImportRun, LedgerLine, Witness
from forum.text.excerpt import excerpt
from forum.text.tidy import one_line
from forum.threads import tree


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


def apply(archive: Archive, run: ImportRun) -> dict[str, Any]:
    """Write an archive whole or not at all, and return the run's report.

    The plan is made again inside the transaction, under the locks of its blogs, so that what another
    run has written since the preview is seen. When anything fails, nothing of the archive stays and
    the run is marked failed.
    """
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.RUNNING)
    try:
        with transaction.atomic():
            _lock_blogs(archive)
            plan = make_plan(archive)
            for planned in plan.articles:
                if not planned.is_left_out:
                    _write(planned, run)
            _write_ledger(plan, run)
            counts = report.as_json(plan, run.pk)
            done = {"state": ImportRun.State.DONE, "counts": counts, "ended": timezone.now()}
            ImportRun.objects.filter(pk=run.pk).update(**done)
    except BaseException:
        failed = {"state": ImportRun.State.FAILED, "ended": timezone.now()}
        ImportRun.objects.filter(pk=run.pk).update(**failed)
        raise
    return counts


def _lock_blogs(archive: Archive) -> None:
    wanted = {
        (identity.system_of(name), identity.host_of(record.url)): record.site_name
        for name, record in archive.articles
    }
    for (system, host), name in sorted(wanted.items()):
        blog, _made = Blog.objects.get_or_create(system=system, host=host)
        blog = Blog.objects.select_for_update().get(pk=blog.pk)
        if name and not blog.name:
            blog.name = one_line(name, 200)
            blog.save(update_fields=["name"])


def _write(planned: PlannedArticle, run: ImportRun) -> None:
    article = load_articles.placed(planned)
    with tree.locked(article.pk) as article:
        written = load_comments.write(article, planned)
    entries = [comment for comment in written if comment.outcome != Outcome.UNCHANGED]
    if planned.outcome != Outcome.UNCHANGED:
        Witness.objects.create(
            item=planned.item, run=run, address=planned.record.url, hints=planned.record.hints
        )
    Witness.objects.bulk_create([_witness(comment, run) for comment in entries], batch_size=500)


def _witness(comment: PlannedComment, run: ImportRun) -> Witness:
    return Witness(
        item=comment.item,
        run=run,
        address=comment.record.address[:2000],
        parent_key=comment.parent.key.key if comment.parent else "",
        confidence=comment.record.confidence,
        hints=comment.record.hints,
    )


def _write_ledger(plan: Plan, run: ImportRun) -> None:
    lines = [_line(entry) for entry in report.entries(plan)]
    for n, line in enumerate(lines, start=1):
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
