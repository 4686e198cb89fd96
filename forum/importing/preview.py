"""What an import will do, for the page that shows it: counts and drawn threads from one pass."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from forum.importing import drawing, load, preview_kept, report
from forum.importing.plan import make_plan, planned_of
from forum.importing.plan_items import PlannedArticle
from forum.importing.records import RefusedError
from forum.sources.models import ImportRun

MOST_DRAWN = preview_kept.MOST_ARTICLES


@dataclass(slots=True)
class Preview:
    """The page's content: the report's counts, the drawn articles, how many are not drawn, warnings of
    what is not drawn. `is_old` says that the counts were made when the worker read the archive."""

    counts: dict[str, Any]
    articles: list[drawing.Drawing] = field(default_factory=list)
    not_drawn: int = 0
    warnings: list[dict[str, str]] = field(default_factory=list)
    is_old: bool = False


def look(run: ImportRun) -> Preview:
    """The preview of a run that has not been applied. Raises RefusedError when its files are gone."""
    if run.options.get("large"):
        return _look_at_kept(run)
    plan = make_plan(load.read_again(run))
    tally, room, drawn = report.Tally(plan), drawing.Room(), []
    for n, planned in enumerate(plan.articles, start=1):
        tally.add(planned)
        if n <= MOST_DRAWN:
            drawn.append(drawing.draw(planned, n, room))
    counts = tally.as_json(None)
    return Preview(counts, drawn, len(plan.articles) - len(drawn), _other_warnings(counts, drawn))


def article(run: ImportRun, number: int) -> PlannedArticle:
    """One drawn article, counted from 1, not yet matched. Raises RefusedError when there is none."""
    archive = preview_kept.kept(run) if run.options.get("large") else load.read_again(run)
    if 1 <= number <= MOST_DRAWN and archive is not None:
        for name, record in islice(archive.articles, number - 1, number):
            return planned_of(name, record)
    raise RefusedError("This preview does not show such a post.")


def _look_at_kept(run: ImportRun) -> Preview:
    archive = preview_kept.kept(run)
    if archive is None:
        return Preview(run.counts, [], run.counts.get("articles", 0), run.counts.get("warnings", []))
    room = drawing.Room()
    drawn = [drawing.draw(planned, n, room) for n, planned in enumerate(make_plan(archive).articles, start=1)]
    corrected = any(one.corrections for one in drawn)
    left = max(run.counts.get("articles", 0) - len(drawn), 0)
    return Preview(run.counts, drawn, left, _other_warnings(run.counts, drawn), is_old=corrected)


def _other_warnings(counts: dict[str, Any], drawn: list[drawing.Drawing]) -> list[dict[str, str]]:
    """Warnings that no drawn article shows as its own."""
    shown = {(r.code, r.message) for one in drawn for r in one.remarks}
    return [w for w in counts.get("warnings", []) if (w["code"], w["message"]) not in shown]
