"""The report of a run: the one JSON object that others script against, and its sums."""

import csv
import io
import json
from collections import Counter
from typing import Any

from forum.importing.match import PlannedArticle, PlannedComment
from forum.importing.plan import Plan
from forum.importing.records import SkippedItem
from forum.sources.models import ImportRun, LedgerLine
from forum.threads.states import Kind

OUTCOMES = [outcome.value for outcome in LedgerLine.Outcome]
COLUMNS = ["n", "source_id", "outcome", "code", "comment", "excerpt"]
Entry = PlannedArticle | PlannedComment | SkippedItem


def as_json(plan: Plan, run: int | None) -> dict[str, Any]:
    """The report of a plan; the same for a dry run (`run` None) and for the real one."""
    comments = [comment for article in plan.articles for comment in article.comments]
    declared = [a.record.declared for a in plan.articles if a.record.declared is not None]
    outcomes = Counter(
        LedgerLine.Outcome.SKIPPED if isinstance(entry, SkippedItem) else entry.outcome
        for entry in entries(plan)
    )
    return {
        "format": plan.format,
        "run": run,
        "articles": sum(not article.is_made_up for article in plan.articles) + _posts_twice(plan),
        "comments": len(comments),
        "by_kind": dict(sorted(Counter(_kind(c) for c in comments).items())),
        "by_state": dict(sorted(Counter(c.record.state for c in comments).items())),
        "max_depth": max((c.level + 1 for c in comments), default=0),
        "items": sum(outcomes.values()),
        **{outcome: outcomes[outcome] for outcome in OUTCOMES},
        "declared_comments": sum(declared) if declared else None,
        "warnings": [{"code": w.code, "source_id": w.source_id, "message": w.message} for w in plan.warnings],
    }


def _kind(comment: PlannedComment) -> str:
    """A removed comment that is only a placeholder was a comment at its source."""
    return Kind.COMMENT if comment.record.kind == Kind.PLACEHOLDER else comment.record.kind


def _posts_twice(plan: Plan) -> int:
    """Posts and pages that the source holds once more than is taken."""
    return sum(skipped.kind in {"post", "page"} and skipped.code == "post_twice" for skipped in plan.skipped)


def outcomes_of(run: ImportRun) -> dict[str, int]:
    """How the items of a run ended, by its ledger, which also holds what it wrote before it broke off."""
    counted = Counter(run.ledger.values_list("outcome", flat=True))
    return {outcome: counted[outcome] for outcome in OUTCOMES}


def entries(plan: Plan) -> list[Entry]:
    """Every item of the archive in the order of its ledger: each article, its comments, the left out."""
    return [*(entry for article in plan.articles for entry in of_article(article)), *plan.skipped]


def of_article(planned: PlannedArticle) -> list[Entry]:
    """The items that an article brings: itself, unless the archive holds only its comments, and these."""
    return list(planned.comments) if planned.is_made_up else [planned, *planned.comments]


def ledger_csv(run: ImportRun) -> str:
    """A run's ledger as CSV; cells that a spreadsheet would calculate are made text (OWASP)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in _lines(run):
        writer.writerow([_harmless(str(line[column])) for column in COLUMNS])
    return out.getvalue()


def ledger_json(run: ImportRun) -> str:
    """A run's ledger with its report as one JSON object."""
    return json.dumps({"report": run.counts, "ledger": _lines(run)}, ensure_ascii=False, indent=1)


def _lines(run: ImportRun) -> list[dict[str, Any]]:
    rows = run.ledger.order_by("n").values_list(
        "n", "source_id", "outcome", "code", "item__comment", "excerpt"
    )
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
