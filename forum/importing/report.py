"""The report of a run: the one JSON object that others script against, and its sums."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from forum.importing.plan import Plan
from forum.importing.plan_items import PlannedArticle, PlannedComment
from forum.importing.records import SkippedItem
from forum.sources.models import ImportRun, LedgerLine
from forum.text.tidy import as_cell
from forum.threads.states import Kind

OUTCOMES = [outcome.value for outcome in LedgerLine.Outcome]
COLUMNS = ["n", "source_id", "outcome", "code", "comment", "excerpt"]
Entry = PlannedArticle | PlannedComment | SkippedItem


class Tally:
    """Counts an archive article by article, so that none of them has to be kept."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._articles = self._comments = self._depth = 0
        self._declared: int | None = None
        self._kinds: Counter[str] = Counter()
        self._states: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._remarks = list(plan.remarks)

    def add(self, planned: PlannedArticle) -> None:
        """Count an article with its comments."""
        record = planned.record
        self._articles += not planned.is_made_up
        self._comments += len(planned.comments)
        self._kinds.update(_kind(comment) for comment in planned.comments)
        self._states.update(comment.said.state for comment in planned.comments)
        self._outcomes.update(entry.outcome for entry in of_article(planned))
        self._depth = max(self._depth, *(comment.level + 1 for comment in planned.comments), 0)
        if record.declared is not None:
            self._declared = (self._declared or 0) + record.declared
        # The article's address where a remark names no item.
        remarks = [*record.remarks, *planned.lost]
        self._remarks += [replace(r, source_id=r.source_id or record.url) for r in remarks]

    def as_json(self, run: int | None) -> dict[str, Any]:
        """The report on all that was counted and on what was left out."""
        outcomes = self._outcomes + Counter({LedgerLine.Outcome.SKIPPED: len(self._plan.skipped)})
        return {
            "format": self._plan.format,
            "run": run,
            "articles": self._articles + _posts_twice(self._plan),
            "comments": self._comments,
            "by_kind": dict(sorted(self._kinds.items())),
            "by_state": dict(sorted(self._states.items())),
            "max_depth": self._depth,
            "items": sum(outcomes.values()),
            **{outcome: outcomes[outcome] for outcome in OUTCOMES},
            "declared_comments": self._declared,
            "warnings": [
                {"code": r.code, "source_id": r.source_id, "message": r.message} for r in self._remarks
            ],
        }


def as_json(plan: Plan, run: int | None) -> dict[str, Any]:
    """The report of a plan; the same for a dry run (`run` None) and for the real one."""
    tally = Tally(plan)
    for planned in plan.articles:
        tally.add(planned)
    return tally.as_json(run)


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


def entries(plan: Plan) -> Iterator[Entry]:
    """Every item of the archive in the order of its ledger: each article, its comments, the left out."""
    for article in plan.articles:
        yield from of_article(article)
    yield from plan.skipped


def of_article(planned: PlannedArticle) -> list[Entry]:
    """The items that an article brings: itself, unless the archive holds only its comments, and these."""
    return list(planned.comments) if planned.is_made_up else [planned, *planned.comments]


def ledger_csv(run: ImportRun) -> str:
    """A run's ledger as CSV; cells that a spreadsheet would calculate are made text (OWASP)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in _lines(run):
        writer.writerow([as_cell(str(line[column])) for column in COLUMNS])
    return out.getvalue()


def ledger_json(run: ImportRun) -> str:
    """A run's ledger with its report as one JSON object."""
    return json.dumps({"report": run.counts, "ledger": _lines(run)}, ensure_ascii=False, indent=1)


def _lines(run: ImportRun) -> list[dict[str, Any]]:
    rows = run.ledger.order_by("n").values_list(
        "n", "source_id", "outcome", "code", "item__comment", "excerpt"
    )
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]
