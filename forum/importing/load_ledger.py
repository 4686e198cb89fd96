"""What a run saw and what became of it: witnesses and ledger lines."""

from collections.abc import Sequence
from typing import Any

from forum.importing import report
from forum.importing.match import Outcome, PlannedArticle, PlannedComment
from forum.sources import writing
from forum.sources.models import ImportRun
from forum.text.excerpt import excerpt


def witness(articles: Sequence[PlannedArticle], comments: Sequence[PlannedComment], run: ImportRun) -> None:
    """Keep what the run saw of items that are new or different; their items have to be stored.

    A post that an archive holds twice has been seen by the run already.
    """
    seen = [_of_article(planned) for planned in articles if planned.outcome != Outcome.UNCHANGED]
    seen += [_of_comment(comment) for comment in comments if comment.outcome != Outcome.UNCHANGED]
    writing.keep_witnesses(run.pk, seen)


def write(entries: Sequence[report.Entry], run: ImportRun, first: int, written: int = 0) -> None:
    """The run's ledger from line `first` on, but for lines up to `written`, which are there."""
    numbered = enumerate(entries, start=first)
    writing.keep_lines(run.pk, [(n, *_line(entry)) for n, entry in numbered if n > written])


def _of_article(planned: PlannedArticle) -> tuple[Any, ...]:
    return planned.item.pk, planned.record.url[:2000], "", 1.0, planned.record.hints


def _of_comment(comment: PlannedComment) -> tuple[Any, ...]:
    record = comment.said
    parent = comment.said_parent.key.key if comment.said_parent else ""
    return comment.item.pk, record.address[:2000], parent, record.confidence, record.hints


def _line(entry: report.Entry) -> tuple[Any, ...]:
    if isinstance(entry, PlannedComment):
        source_id, words = entry.record.key, entry.record.body
    elif isinstance(entry, PlannedArticle):
        source_id, words = entry.record.url or entry.record.source_id, entry.record.title
    else:
        said = excerpt(entry.excerpt, 200)
        return None, entry.source_id[:500], Outcome.SKIPPED.value, entry.code[:40], said
    item = entry.item.pk if entry.item is not None else None
    return item, source_id[:500], str(entry.outcome), entry.code[:40], excerpt(words[:2000], 200)
