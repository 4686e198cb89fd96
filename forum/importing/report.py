"""The report of a run: the one JSON object that others script against, and its sums."""

from collections import Counter
from typing import Any

from forum.importing.plan import Plan, PlannedArticle, PlannedComment
from forum.sources.models import LedgerLine

OUTCOMES = [outcome.value for outcome in LedgerLine.Outcome]


def as_json(plan: Plan, run: int | None) -> dict[str, Any]:
    """The report of a plan; the same for a dry run (`run` None) and for the real one."""
    comments = [comment for article in plan.articles for comment in article.comments]
    declared = [a.record.declared for a in plan.articles if a.record.declared is not None]
    outcomes = Counter(entry.outcome for entry in entries(plan))
    return {
        "format": plan.format,
        "run": run,
        "articles": len(plan.articles),
        "comments": len(comments),
        "by_kind": dict(sorted(Counter(c.record.kind for c in comments).items())),
        "by_state": dict(sorted(Counter(c.record.state for c in comments).items())),
        "max_depth": max((c.level + 1 for c in comments), default=0),
        "items": sum(outcomes.values()),
        **{outcome: outcomes[outcome] for outcome in OUTCOMES},
        "declared_comments": sum(declared) if declared else None,
        "warnings": [{"code": w.code, "source_id": w.source_id, "message": w.message} for w in plan.warnings],
    }


def entries(plan: Plan) -> list[PlannedArticle | PlannedComment]:
    """Every item of the archive in the order of its ledger: each article, then its comments."""
    return [entry for article in plan.articles for entry in (article, *article.comments)]
