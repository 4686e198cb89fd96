"""The numbers of the desk as tables, and as drawings that a template makes of plain rectangles."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum.moderation.statistics import Overview, Row
from forum.text.moments import HOUR, span

STEP, GAP, HEIGHT = 10, 2, 100


class Bar(NamedTuple):
    """One bar of a drawing, in units of its own that are stretched to the width of the page."""

    x: int
    y: float
    width: int
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A row of bars with a sentence that says the same in short; `highest` stands at its top."""

    title: str
    sentence: str
    bars: list[Bar]
    width: int
    highest: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers under heads, the first column naming the rows."""

    slug: str
    title: str
    heads: list[str]
    rows: list[list[object]]
    charts: list[Chart] = field(default_factory=list)
    note: str = ""

    @property
    def named_rows(self) -> list[list[tuple[str, object]]]:
        """Each row with the heads of its cells."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


def tables_of(said: Overview) -> list[Table]:
    """All tables of an overview, in the order of the page."""
    return [_waits(said), _volume(said), _rules(said), _people(said), _reports(said)]


def _waits(said: Overview) -> Table:
    rows: list[list[object]] = [[week, count, _hours(wait)] for week, wait, count in said.weeks]
    values = [wait or 0 for _week, wait, _count in said.weeks]
    longest = max(values, default=0)
    sentence = _("Nothing that waited was decided in these weeks.")
    if any(count for _week, _wait, count in said.weeks):
        sentence = _("The longest median of a week: %(span)s.") % {"span": span(longest)}
    days = [week for week, _wait, _count in said.weeks]
    chart = _chart(_("Median wait by week"), sentence, values, days, span(longest) if longest else "0")
    heads = [_("Week from"), _("Decided"), _("Median wait, hours")]
    return Table("waits", _("Waiting"), heads, rows, [chart])


def _volume(said: Overview) -> Table:
    rows: list[list[object]] = [list(row) for row in said.volume]
    days = [row[0] for row in said.volume]
    most = max((max(row[1:]) for row in said.volume), default=0)
    names = [_("Received"), _("Approved"), _("Refused")]
    charts = []
    for n, name in enumerate(names, start=1):
        values = [row[n] for row in said.volume]
        values_said = {"sum": sum(values), "most": max(values, default=0)}
        sentence = _("%(sum)s in all, at most %(most)s on one day.") % values_said
        charts.append(_chart(name, sentence, values, days, str(most), most))
    note = _("Refused means rejected, removed, or marked as spam. What was taken back does not count.")
    return Table("volume", _("By day"), [_("Day"), *names], rows, charts, note)


def _rules(said: Overview) -> Table:
    heads = [_("Why it was held"), _("Held"), _("Approved"), _("Refused"), _("Overturned")]
    note = _(
        "Overturned: taken back, restored or removed by somebody else, or appealed with success. A rule "
        "whose comments are mostly approved holds too much."
    )
    return Table("rules", _("Held by rule"), heads, [_cells(row) for row in said.rules], note=note)


def _people(said: Overview) -> Table:
    heads = [_("Moderator"), _("Decisions"), _("Approved"), _("Refused"), _("Overturned")]
    note = _(
        "What was taken back does not count as a decision. When somebody else took it back, it counts as "
        "overturned."
    )
    return Table("moderators", _("By moderator"), heads, [_cells(row) for row in said.people], note=note)


def _reports(said: Overview) -> Table:
    heads = [_("Reason given"), _("Right"), _("Wrong"), _("Open")]
    return Table("reports", _("Reports by readers"), heads, [list(row) for row in said.reports])


def _cells(row: Row) -> list[object]:
    return [row.name, row.decisions, row.approved, row.refused, row.overturned]


def _hours(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / HOUR:.1f}"


def _chart(
    title: str,
    sentence: str,
    values: Sequence[float],
    days: Sequence[datetime.date],
    highest: str,
    most: float | None = None,
) -> Chart:
    top = most or max(values, default=0) or 1
    bars = []
    for n, value in enumerate(values):
        height = round(HEIGHT * value / top, 1)
        bars.append(Bar(n * STEP + GAP // 2, HEIGHT - height, STEP - GAP, height))
    ends = [date_format(day, "j M Y") for day in (days[0], days[-1])] if days else ["", ""]
    return Chart(title, sentence, bars, len(values) * STEP, highest, *ends)
