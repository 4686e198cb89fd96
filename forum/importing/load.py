"""Writing a plan: articles, comments, source items, witnesses and ledger, in one transaction."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from forum.accounts.models import User
from forum.articles.models import Article, Blog
from forum.articles.paths import free_path
from forum.importing import identity, report
from forum.importing.plan import Archive, Outcome, Plan, PlannedArticle, PlannedComment, make_plan
from forum.moderation import cases
from forum.moderation.models import Case
from forum.sources.models import ImportRun, LedgerLine, SourceItem, Witness
from forum.text import clean
from forum.text.excerpt import excerpt
from forum.text.render import render
from forum.text.tidy import one_line
from forum.threads import tree, writing
from forum.threads.models import Comment
from forum.threads.states import Origin, State

STEP = 1000  # room between two source positions


def start_run(*, sha256: str, name: str, format: str, options: dict[str, Any], by: User | None) -> ImportRun:
    """A run that is planned and has written nothing else."""
    return ImportRun.objects.create(
        state=ImportRun.State.PLANNED,
        file_sha256=sha256,
        file_name=name,
        format=format,
        options=options,
        by=by,
        started=timezone.now(),
    )


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
                _write_article(planned, run)
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
    wanted = {(system, identity.host_of(record.url)): record.site_name for system, record in archive.articles}
    for (system, host), name in sorted(wanted.items()):
        blog, _made = Blog.objects.get_or_create(system=system, host=host)
        blog = Blog.objects.select_for_update().get(pk=blog.pk)
        if name and not blog.name:
            blog.name = one_line(name, 200)
            blog.save(update_fields=["name"])


def _write_article(planned: PlannedArticle, run: ImportRun) -> None:
    article = _placed(planned)
    with tree.locked(article.pk) as article:
        changed = [c for c in planned.comments if c.outcome != Outcome.UNCHANGED]
        if changed:
            _write_comments(article, planned)
    for comment in changed:
        _witness(planned, comment.item, run, comment)
    if planned.outcome != Outcome.UNCHANGED:
        _witness(planned, planned.item, run)


def _placed(planned: PlannedArticle) -> Article:
    """The article's row: made, brought up to date, or left as somebody here has changed it."""
    if planned.item is None or planned.item.article is None:
        article = _new_article(planned)
        planned.item = _keep_item(planned, planned.item, planned.key, planned.content_hash)
        placed = identity.placed_hash(article.title, article.body_source)
        planned.item.article, planned.item.placed_hash = article, placed
        planned.item.save(update_fields=["article", "placed_hash"])
        return article
    article = planned.item.article
    if planned.outcome == Outcome.UPDATED:
        for name, value in _said(planned).items():
            setattr(article, name, value)
        article.version += 1
        article.save(update_fields=[*_said(planned), "version"])
        planned.item.content_hash = planned.content_hash
        planned.item.placed_hash = identity.placed_hash(article.title, article.body_source)
        planned.item.save(update_fields=["content_hash", "placed_hash"])
    return article


def _new_article(planned: PlannedArticle) -> Article:
    planned.path = free_path(planned.path)
    undated = planned.path.startswith("/undated/")
    return Article.objects.create(
        blog=Blog.objects.get(system=planned.system, host=planned.host),
        path=planned.path,
        state=Article.State.DRAFT if undated else Article.State.PUBLISHED,
        language=planned.record.language,
        **_said(planned),
    )


def _said(planned: PlannedArticle) -> dict[str, Any]:
    record = planned.record
    return {
        "title": record.title,
        "author_name": one_line(record.author_name, 100),
        "body_source": record.body,
        "source_format": record.body_format,
        "body_html": render(record.body, record.body_format),
        "clean_version": clean.VERSION,
        "published_at": record.published_at,
        "date_as_written": one_line(record.date_as_written, 100),
        "date_precision": record.date_precision,
        "declared": record.declared,
    }


def _write_comments(article: Article, planned: PlannedArticle) -> None:
    """New comments with their numbers, stored ones with a new place; states are never touched."""
    fresh = [c for c in planned.comments if c.outcome == Outcome.CREATED]
    numbers = iter(tree.take_numbers(sum(1 for c in fresh if not (c.item and c.item.number))))
    for comment in fresh:
        comment.item = _keep_item(planned, comment.item, comment.key, comment.content_hash)
        comment.item.number = comment.item.number or next(numbers)
    stored = {c.pk: c for c in Comment.objects.filter(article=article)}
    keys = order_keys(planned.comments)
    writing.load(
        article,
        [_comment(article, comment, keys[comment.key.key]) for comment in fresh],
        moved=_moved(planned.comments, stored, keys),
    )
    for comment in fresh:
        if comment.record.state == State.HELD:
            cases.open_case(Comment.objects.get(pk=comment.item.number), Case.Cause.IMPORT)
    recovered = Comment.objects.filter(article=article, origin=Origin.ARCHIVE).count()
    Article.objects.filter(pk=article.pk).update(recovered=recovered)
    for comment in planned.comments:
        if comment.outcome != Outcome.UNCHANGED:
            comment.item.comment_id = comment.item.number
            comment.item.content_hash = comment.content_hash
            comment.item.save(update_fields=["number", "comment", "content_hash"])


def order_keys(comments: Sequence[PlannedComment]) -> dict[str, int]:
    """Order keys by comment key: the source's position for undated words, the time for dated ones.

    An undated comment after a dated one takes its place right behind it.
    """
    keys, dated = {}, 0
    for comment in comments:
        if comment.record.posted_at is not None:
            dated = writing.time_key(comment.record.posted_at)
            keys[comment.key.key] = dated
        elif dated:
            dated += 1
            keys[comment.key.key] = dated
        else:
            keys[comment.key.key] = comment.record.position * STEP
    return keys


def _comment(article: Article, planned: PlannedComment, order_key: int) -> Comment:
    record = planned.record
    return Comment(
        pk=planned.item.number,
        article=article,
        parent_id=planned.parent.item.number if planned.parent else None,
        order_key=order_key,
        parent_certain=record.parent_certain,
        kind=record.kind,
        state=record.state,
        origin=Origin.ARCHIVE,
        name_shown=one_line(record.author_name, 100),
        body_source=record.body,
        source_format=record.body_format,
        body_html=render(record.body, record.body_format),
        clean_version=clean.VERSION,
        posted_at=record.posted_at,
        posted_as_written=one_line(record.posted_as_written, 100),
        received_at=timezone.now(),
    )


def _moved(
    comments: Sequence[PlannedComment], stored: dict[int, Comment], keys: dict[str, int]
) -> list[Comment]:
    moved = []
    for planned in comments:
        row = stored.get(planned.item.number)
        if row is None:
            continue
        parent = planned.parent.item.number if planned.parent else None
        place = (parent, keys[planned.key.key], planned.record.parent_certain)
        if place != (row.parent_id, row.order_key, row.parent_certain):
            row.parent_id, row.order_key, row.parent_certain = place
            moved.append(row)
    return moved


def _keep_item(planned: PlannedArticle, item: SourceItem | None, key: identity.Key, hash_: str) -> SourceItem:
    if item is not None:
        return item
    kind = SourceItem.Kind.ARTICLE if key is planned.key else SourceItem.Kind.COMMENT
    return SourceItem.objects.create(
        system=planned.system,
        host=planned.host,
        kind=kind,
        key=key.key,
        key_scheme=key.scheme,
        content_hash=hash_,
    )


def _witness(
    planned: PlannedArticle, item: SourceItem, run: ImportRun, comment: PlannedComment | None = None
) -> None:
    record = comment.record if comment else planned.record
    Witness.objects.update_or_create(
        item=item,
        run=run,
        defaults={
            "address": planned.record.url,
            "parent_key": comment.parent.key.key if comment and comment.parent else "",
            "confidence": comment.record.confidence if comment else 1.0,
            "hints": record.hints,
        },
    )


def _write_ledger(plan: Plan, run: ImportRun) -> None:
    lines = []
    for n, entry in enumerate(report.entries(plan), start=1):
        is_comment = isinstance(entry, PlannedComment)
        lines.append(
            LedgerLine(
                run=run,
                n=n,
                item=entry.item,
                source_id=(entry.record.key if is_comment else entry.record.url)[:500],
                outcome=entry.outcome,
                code="" if is_comment else entry.code,
                excerpt=excerpt(entry.record.body if is_comment else entry.record.title, 200),
            )
        )
    LedgerLine.objects.bulk_create(lines, batch_size=500)
