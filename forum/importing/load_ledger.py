"""What a run saw and what became of it: witnesses and ledger lines."""

from collections.abc import Sequence

from forum.importing import report
from forum.importing.match import Outcome, PlannedArticle, PlannedComment
from forum.sources.models import ImportRun, LedgerLine, Witness
from forum.text.excerpt import excerpt


def witness(articles: Sequence[PlannedArticle], comments: Sequence[PlannedComment], run: ImportRun) -> None:
    """Keep what the run saw of items that are new or different; their items have to be stored."""
    seen = [_of_article(planned, run) for planned in articles if planned.outcome != Outcome.UNCHANGED]
    seen += [_of_comment(comment, run) for comment in comments if comment.outcome != Outcome.UNCHANGED]
    # A post that an archive holds twice has been seen by this run already.
    Witness.objects.bulk_create(seen, ignore_conflicts=True)


def write(entries: Sequence[report.Entry], run: ImportRun, first: int, written: int = 0) -> None:
    """The run's ledger from line `first` on, but for lines up to `written`, which are there."""
    lines = []
    for n, entry in enumerate(entries, start=first):
        if n > written:
            lines.append(_line(entry, run, n))
    LedgerLine.objects.bulk_create(lines, batch_size=2000)


def _of_article(planned: PlannedArticle, run: ImportRun) -> Witness:
    record = planned.record
    return Witness(item_id=planned.item.pk, run_id=run.pk, address=record.url[:2000], hints=record.hints)


def _of_comment(comment: PlannedComment, run: ImportRun) -> Witness:
    return Witness(
        item_id=comment.item.pk,
        run_id=run.pk,
        address=comment.record.address[:2000],
        parent_key=comment.parent.key.key if comment.parent else "",
        confidence=comment.record.confidence,
        hints=comment.record.hints,
    )


def _line(entry: report.Entry, run: ImportRun, n: int) -> LedgerLine:
    if isinstance(entry, PlannedComment):
        source_id, words = entry.record.key, entry.record.body
    elif isinstance(entry, PlannedArticle):
        source_id, words = entry.record.url or entry.record.source_id, entry.record.title
    else:
        return LedgerLine(
            run_id=run.pk,
            n=n,
            source_id=entry.source_id[:500],
            outcome=Outcome.SKIPPED,
            code=entry.code[:40],
            excerpt=excerpt(entry.excerpt, 200),
        )
    return LedgerLine(
        run_id=run.pk,
        n=n,
        item_id=entry.item.pk if entry.item is not None else None,
        source_id=source_id[:500],
        outcome=entry.outcome,
        code=entry.code[:40],
        excerpt=excerpt(words[:2000], 200),
    )
