"""Taking an import back, and doing it again with the same numbers."""

from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from forum.articles.models import Article, ArticleAct
from forum.importing import identity, load
from forum.importing.records import RefusedError
from forum.moderation import cases
from forum.moderation.models import Claim, Decision
from forum.moderation.models_people import Note
from forum.moderation.models_requests import Report, TakeDown
from forum.notifications import notices
from forum.sources.models import ImportRun, SourceItem, Witness
from forum.threads import tree, writing
from forum.threads.models import Comment

# A run that broke off or was cancelled has written something too.
WRITTEN = (ImportRun.State.DONE, ImportRun.State.FAILED, ImportRun.State.CANCELLED)


@dataclass(slots=True)
class Undone:
    """What an undo did: rows that went, rows that stay as placeholders since something hangs on them."""

    articles: int = 0
    comments: int = 0
    emptied: int = 0


def undo(run: ImportRun) -> Undone:
    """Take back what a run has made; what it updated stays as it is.

    A comment goes unless something native hangs on it: a live reply below it, a decision, somebody's
    claim to have written it, a request to take it down, a report, or a note of the desk; then it loses its
    words and stays as a placeholder, under whatever article the desk has put it, and what waits about it
    waits no more. Numbers are kept with the source items, so that the same file gets the same ones again. An
    undone run is left alone. Raises RefusedError for a run that has not been done.
    """
    if run.state == ImportRun.State.UNDONE:
        return Undone()
    if run.state not in WRITTEN:
        raise RefusedError(f"Import {run.pk} has not been done, so there is nothing to undo.")
    undone = Undone()
    with transaction.atomic(), ExitStack() as locks:
        made = list(_made_by(run).select_related("article"))
        comments = _lock_where_they_stand(made, locks)
        for article_id in sorted(comments):
            _undo_comments(article_id, comments[article_id], undone)
        for item in made:
            if item.kind == SourceItem.Kind.ARTICLE and item.article is not None:
                _undo_article(item, undone)
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.UNDONE)
    return undone


def redo(run: ImportRun) -> dict[str, Any]:
    """Do an undone run again from its kept files, as a new run; returns that run's report.

    Raises RefusedError for a run that is not undone or whose files are gone.
    """
    if run.state != ImportRun.State.UNDONE:
        raise RefusedError(f"Import {run.pk} is not undone, so there is nothing to do again.")
    archive = load.read_again(run)
    options = dict(run.options)
    again = load.start_run(
        archive, options.pop("files"), wanted_format=options.pop("format", ""), by=run.by, **options
    )
    return load.apply(archive, again)


def _made_by(run: ImportRun):
    """Source items that this run was the first to bring in, among the runs that still stand."""
    earlier = Witness.objects.filter(item=OuterRef("pk"), run__lt=run.pk, run__state__in=WRITTEN)
    return SourceItem.objects.filter(witnesses__run=run).exclude(Exists(earlier))


def _lock_where_they_stand(made: list[SourceItem], locks: ExitStack) -> dict[int, list[SourceItem]]:
    """Items of comments by the article under which each stands: the desk may have moved it to another."""
    locked: set[int] = set()
    while True:
        items = [item for item in made if item.kind == SourceItem.Kind.COMMENT and item.article_id]
        numbers = [item.comment_id for item in items if item.comment_id is not None]
        where: dict[int, int] = {}
        for start in range(0, len(numbers), 500):
            rows = Comment.objects.filter(pk__in=numbers[start : start + 500])
            where |= dict(rows.values_list("pk", "article_id"))
        standing: dict[int, list[SourceItem]] = defaultdict(list)
        for item in items:
            standing[where.get(item.comment_id, item.article_id)].append(item)
        if standing.keys() <= locked:
            return standing
        for article_id in sorted(standing.keys() - locked):
            locks.enter_context(tree.locked(article_id))
            locked.add(article_id)


def _undo_comments(article_id: int, items: list[SourceItem], undone: Undone) -> None:
    with tree.locked(article_id) as article:
        numbers = {item.comment_id for item in items if item.comment_id is not None}
        going, staying = _sorted_out(article, numbers)
        writing.take_back(article, going, staying)
        cases.end_without_words(staying)
        notices.all_taken_back([*going, *staying])
        for item in items:
            item.comment, item.content_hash, item.placed_hash = None, "", ""
        SourceItem.objects.bulk_update(items, ["comment", "content_hash", "placed_hash"], batch_size=200)
        Article.objects.filter(pk__in={article_id, *(item.article_id for item in items)}).update(
            recovered=None
        )
    undone.comments += len(going)
    undone.emptied += len(staying)


def _sorted_out(article: Article, numbers: set[int]) -> tuple[list[int], list[int]]:
    """The numbers that can go, deepest first, and those on which something hangs."""
    rows = Comment.objects.filter(article=article).values_list("pk", "parent_id", "level")
    kept = set(Decision.objects.filter(comment__in=numbers).values_list("comment_id", flat=True))
    kept |= set(Claim.objects.filter(comment__in=numbers).values_list("comment_id", flat=True))
    kept |= set(TakeDown.objects.filter(comment__in=numbers).values_list("comment_id", flat=True))
    kept |= set(Note.objects.filter(comment__in=numbers).values_list("comment_id", flat=True))
    reports = Report.objects.filter(case__comment__in=numbers)
    kept |= set(reports.values_list("case__comment_id", flat=True))
    hung_on: set[int] = set()
    going, staying = [], []
    for number, parent, _level in sorted(rows, key=lambda row: -row[2]):
        if number in numbers and number not in hung_on and number not in kept:
            going.append(number)
            continue
        if number in numbers:
            staying.append(number)
        if parent is not None:
            hung_on.add(parent)
    return going, staying


def _undo_article(item: SourceItem, undone: Undone) -> None:
    article = item.article
    acts = ArticleAct.objects.filter(Q(article=article) | Q(other=article))
    if not acts.exists() and not Comment.objects.filter(article=article).exists():
        SourceItem.objects.filter(article=article).update(article=None)
        article.delete()
        undone.articles += 1
        return
    article.body_source = article.body_html = ""
    # A correction of words that are gone holds no longer: doing the run again gives the source's.
    article.corrected_at = None
    article.version += 1
    article.save(update_fields=["body_source", "body_html", "corrected_at", "version"])
    placed = identity.placed_hash(article.title, "")
    SourceItem.objects.filter(pk=item.pk).update(content_hash="", placed_hash=placed)
