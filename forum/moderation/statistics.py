"""How the desk is doing: what is asked of the database, in a number of statements that does not grow.

Decisions are read by the index of their moments and reduced to a few numbers each; the rest is counted
here, since a median and the days of the site's own time zone are nothing that both databases can count.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Func, IntegerField
from django.utils import timezone

from forum.accounts.models import User
from forum.moderation.filters import reason_in_words
from forum.moderation.log import begin_of
from forum.moderation.models import REFUSING, Act, Decision, RuleHit
from forum.moderation.models_requests import Appeal, Report
from forum.moderation.queries import waiting_since
from forum.threads.models import Comment
from forum.threads.states import Origin, State

PERIODS = (30, 90, 365)
WAITS = (7, 30, 90)
WEEKS = 13
NO_DECISION = {Act.UNDO, Act.HOLD, Act.WITHDRAW}
_QUARTER = 900  # seconds: no time zone turns its clocks at another moment than a quarter


class Seconds(Func):
    """A moment as whole seconds since 1970, as a plain number."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """SQLite keeps moments as text in UTC."""
        template = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """The whole seconds before the moment, as SQLite has it."""
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **context)


class Made(NamedTuple):
    """One decision, as numbers. `undoer` is who took it back, None for nobody and for the system; `began` is
    since when what it ends had waited."""

    number: int
    act: str
    from_state: str
    at: int
    actor: int | None
    comment: int
    received: int
    began: int
    origin: str
    undone: int | None
    undoer: int | None

    @property
    def ends_waiting(self) -> bool:
        """Whether it let go of what waited, and stands."""
        return self.from_state == State.HELD and self.act not in NO_DECISION and self.undone is None


@dataclass(slots=True)
class Row:
    """What one rule or one moderator stands for; `overturned` counts decisions that did not last."""

    name: str
    decisions: int = 0
    approved: int = 0
    refused: int = 0
    overturned: int = 0


@dataclass(slots=True)
class Overview:
    """All that the page of statistics shows of a number of days."""

    days: int
    waits: dict[int, float | None] = field(default_factory=dict)
    weeks: list[tuple[datetime.date, float | None, int]] = field(default_factory=list)
    volume: list[tuple[datetime.date, int, int, int]] = field(default_factory=list)
    rules: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    reports: list[tuple[str, int, int, int]] = field(default_factory=list)


def overview(days: int, zone: ZoneInfo, now: datetime.datetime | None = None) -> Overview:
    """The numbers of the last `days` days, today among them, as days are where the site is at home."""
    now = now or timezone.now()
    today = now.astimezone(zone).date()
    first = today - datetime.timedelta(days=days - 1)
    monday = today - datetime.timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    calendar = Calendar(zone)
    since = begin_of(first, zone)
    earliest = min(since, begin_of(monday, zone), now - datetime.timedelta(days=max(WAITS)))
    made = _made(earliest)
    of_period = [one for one in made if one.at >= since.timestamp()]
    overturned = _overturned(made, earliest)
    said = Overview(days)
    # A clock that was set back meanwhile makes nobody wait less than not at all.
    ended = [(one.at, max(0, one.at - one.began)) for one in made if one.ends_waiting]
    for length in WAITS:
        begin = (now - datetime.timedelta(days=length)).timestamp()
        said.waits[length] = _median(wait for at, wait in ended if at >= begin)
    said.weeks = _weeks(ended, monday, calendar)
    said.volume = _volume(of_period, since, first, today, calendar)
    said.rules = _by_rule(of_period, since, overturned)
    said.people = _by_person(of_period, overturned)
    said.reports = _reports(since)
    return said


class Calendar:
    """Tells the day of a moment in one time zone, also where a day has 23 or 25 hours."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[int, datetime.date] = {}

    def day(self, seconds: int) -> datetime.date:
        """The day on which a moment lies."""
        quarter = seconds // _QUARTER
        found = self._known.get(quarter)
        if found is None:
            found = datetime.datetime.fromtimestamp(quarter * _QUARTER, self._zone).date()
            self._known[quarter] = found
        return found


def _made(since: datetime.datetime) -> list[Made]:
    made = Decision.objects.filter(at__gte=since).order_by("pk")
    # Asked for apart: where hardly anything is undone, SQLite's planner goes through all decisions for each.
    undos = made.filter(act=Act.UNDO).values_list("undoes", "pk", "actor")
    undone = {number: (pk, actor) for number, pk, actor in undos}
    rows = made.values_list(
        *("pk", "act", "from_state", Seconds("at"), "actor", "comment"),
        *(Seconds("comment__received_at"), Seconds(waiting_since()), "comment__origin"),
    )
    return [Made(*row, *undone.get(row[0], (None, None))) for row in rows]


def _overturned(made: Iterable[Made], since: datetime.datetime) -> set[int]:
    """Decisions that did not last: undone, restored or removed by somebody else, or appealed with success.

    Who changes their own mind overturns nothing.
    """
    granted = Appeal.objects.filter(granted=True, decision__at__gte=since)
    found = set(granted.values_list("decision", flat=True))
    stood: dict[int, Made] = {}
    for one in made:
        if one.undone is not None:
            found |= {one.number} if one.undoer != one.actor else set()
            continue
        before = stood.get(one.comment)
        if before is not None and before.actor != one.actor and _turns(before, one):
            found.add(before.number)
        if one.act in REFUSING or _is_approval(one) or one.act == Act.RESTORE:
            stood[one.comment] = one
    return found


def _turns(before: Made, now: Made) -> bool:
    """Whether a decision says the contrary of the one before it."""
    if before.act in REFUSING:
        return now.act == Act.RESTORE
    return now.act in REFUSING


def _weeks(
    ended: Iterable[tuple[int, int]], monday: datetime.date, calendar: Calendar
) -> list[tuple[datetime.date, float | None, int]]:
    waits: dict[datetime.date, list[int]] = defaultdict(list)
    for at, wait in ended:
        day = calendar.day(at)
        waits[day - datetime.timedelta(days=day.weekday())].append(wait)
    weeks = [monday + datetime.timedelta(weeks=n) for n in range(WEEKS)]
    return [(week, _median(waits[week]), len(waits[week])) for week in weeks]


def _volume(
    made: Iterable[Made],
    since: datetime.datetime,
    first: datetime.date,
    today: datetime.date,
    calendar: Calendar,
) -> list[tuple[datetime.date, int, int, int]]:
    """Each day with what was received, approved and refused; no index of all that was received is needed,
    since what came in still waits, is public, or was decided on."""
    begin = int(since.timestamp())
    received = {one.comment: one.received for one in made if one.origin == Origin.LIVE}
    live = Comment.objects.filter(origin=Origin.LIVE).order_by()
    for rows in (
        # Nothing is held before it is received: the index of those that wait says where to begin.
        live.filter(state=State.HELD, held_at__gte=since, received_at__gte=since),
        live.filter(state=State.VISIBLE, public_at__gte=since),
    ):
        received.update(rows.values_list("pk", Seconds("received_at")))
    came = Counter(calendar.day(at) for at in received.values() if at >= begin)
    stands = [one for one in made if one.undone is None]
    approved = Counter(calendar.day(one.at) for one in stands if _is_approval(one))
    refused = Counter(calendar.day(one.at) for one in stands if one.act in REFUSING)
    days = [first + datetime.timedelta(days=n) for n in range((today - first).days + 1)]
    return [(day, came[day], approved[day], refused[day]) for day in days]


def _is_approval(one: Made) -> bool:
    return one.act in {Act.APPROVE, Act.TRUST}


def _by_rule(made: Iterable[Made], since: datetime.datetime, overturned: set[int]) -> list[Row]:
    """How many comments each rule held in the cases that were opened since, and what became of them."""
    ended, turned = {}, set()
    for one in made:
        if one.ends_waiting:
            ended[one.comment] = one
        if one.number in overturned:
            turned.add(one.comment)
    hits = RuleHit.objects.filter(case__opened__gte=since).order_by()
    rows: dict[str, Row] = {}
    seen: set[tuple[str, int]] = set()
    for rule, label, comment in hits.values_list("rule", "label", "case__comment").distinct():
        if (rule, comment) in seen:
            continue  # the rule has been called otherwise since
        seen.add((rule, comment))
        row = rows.setdefault(rule, Row(label or reason_in_words(rule)))
        row.decisions += 1
        row.overturned += comment in turned
        if comment in ended:
            row.approved += _is_approval(ended[comment])
            row.refused += ended[comment].act in REFUSING
    return sorted(rows.values(), key=lambda row: (-row.decisions, row.name))


def _by_person(made: Iterable[Made], overturned: set[int]) -> list[Row]:
    """What was taken back stands for nothing, but as overturned when somebody else has taken it back."""
    by_people = [one for one in made if one.actor is not None and one.act not in NO_DECISION]
    decided = [one for one in by_people if one.undone is None or one.number in overturned]
    names = User.objects.filter(pk__in={one.actor for one in decided}).values_list("pk", "username")
    rows = {number: Row(name) for number, name in names}
    for one in decided:
        row = rows[one.actor]
        row.overturned += one.number in overturned
        if one.undone is None:
            row.decisions += 1
            row.approved += _is_approval(one)
            row.refused += one.act in REFUSING
    return sorted(rows.values(), key=lambda row: (-row.decisions, row.name))


def _reports(since: datetime.datetime) -> list[tuple[str, int, int, int]]:
    """Each reason with the reports that were right, wrong, and not decided on yet."""
    counted = (
        Report.objects.filter(at__gte=since).order_by().values("reason", "upheld").annotate(n=Count("pk"))
    )
    found: dict[str, Counter] = defaultdict(Counter)
    for row in counted:
        found[row["reason"]][row["upheld"]] += row["n"]
    reasons = [reason for reason in Report.Reason if reason.value in found]
    return [(str(one.label), *(found[one.value][how] for how in (True, False, None))) for one in reasons]


def _median(values: Iterable[int]) -> float | None:
    known = list(values)
    return float(median(known)) if known else None
