"""The log of all that the desk does, newest first: what somebody wants to see of it, page by page or whole.

It is put together of rows that are only ever appended: decisions on comments, acts on articles, changes of
the policy; and of what is written once into bans, appeals and take-down requests. A ban that was spoken over
a comment stands here once, as a ban.
"""

import datetime
import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from forum.articles.models import ArticleAct
from forum.moderation.cards import DONE
from forum.moderation.models import Act, Decision
from forum.moderation.models_people import Ban
from forum.moderation.models_policy import PolicyChange
from forum.moderation.models_requests import Appeal, TakeDown
from forum.web.paging import EPOCH

COMMENT, ARTICLE, BAN, POLICY, APPEAL, TAKEDOWN = (
    *("comment", "article", "ban", "policy", "appeal", "takedown"),
)
KINDS = {
    COMMENT: gettext_lazy("Comments"),
    ARTICLE: gettext_lazy("Articles"),
    BAN: gettext_lazy("Bans"),
    POLICY: gettext_lazy("Policy and rules"),
    APPEAL: gettext_lazy("Answers to appeals"),
    TAKEDOWN: gettext_lazy("Answers to take-down requests"),
}
SYSTEM = "system"
YES, NO = "yes", "no"
OF_BANS = Q(act=Act.BAN) | Q(act=Act.UNDO, undoes__act=Act.BAN)
TEXTS = ("body_source", "body_html")
COMMENTS = [act for act in Act.values if act != Act.BAN]
ACTS = {
    **{f"{COMMENT}.{act}": DONE[act] for act in COMMENTS},
    **{f"{ARTICLE}.{act}": label for act, label in ArticleAct.Act.choices},
    f"{BAN}.spoken": gettext_lazy("Banned"),
    f"{BAN}.lifted": gettext_lazy("Ban lifted"),
    f"{POLICY}.changed": gettext_lazy("Policy changed"),
    f"{APPEAL}.granted": gettext_lazy("Appeal granted"),
    f"{APPEAL}.declined": gettext_lazy("Appeal declined"),
    **{f"{TAKEDOWN}.{outcome}": label for outcome, label in TakeDown.Outcome.choices},
}


@dataclass(frozen=True, slots=True)
class Source:
    """One table that the log is made of: what of it counts as which act, since when, and by whom.

    `undone` is what says that a row was taken back, None where nothing is ever taken back. Of rows of one
    moment those of a lower `rank` come first.
    """

    rank: int
    kind: str
    at: str
    actor: str
    acts: dict[str, Q]
    rows: Callable[[], QuerySet]
    undone: Q | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the log, with the table that it comes from."""

    source: Source
    row: Model

    @property
    def at(self) -> datetime.datetime:
        """When it happened."""
        return getattr(self.row, self.source.at)

    @property
    def key(self) -> tuple[int, int, int]:
        """Its place: smaller comes first."""
        return (-_microseconds(self.at), self.source.rank, -self.row.pk)

    @property
    def cursor(self) -> str:
        """Its place as it stands in an address."""
        return f"{_microseconds(self.at)}.{self.source.rank}.{self.row.pk}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log somebody wants to see; `actor` is a number, `system`, or nothing for everybody."""

    actor: str = ""
    kind: str = ""
    act: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None
    undone: str = ""

    @classmethod
    def of(cls, params: QueryDict) -> Self:
        """What an address asks for; nonsense in a parameter is left out."""
        given = {name: params.get(name, "").strip() for name in cls.__slots__}
        is_number = given["actor"].isascii() and given["actor"].isdecimal() and len(given["actor"]) <= 18
        return cls(
            actor=given["actor"] if is_number or given["actor"] == SYSTEM else "",
            kind=given["kind"] if given["kind"] in KINDS else "",
            act=given["act"] if given["act"] in ACTS else "",
            since=_day(given["since"]),
            until=_day(given["until"]),
            undone=given["undone"] if given["undone"] in {YES, NO} else "",
        )

    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode([(name, value) for name in self.__slots__ if (value := getattr(self, name))])


def page(asked: Asked, zone: ZoneInfo, after: str, size: int) -> list[Line]:
    """The first `size` lines behind a cursor; from the newest on for none, or for nonsense."""
    place = _place(after)
    found = [_lines(source, _behind(source, rows, place)[:size]) for source, rows in _wanted(asked, zone)]
    return list(islice(heapq.merge(*found, key=lambda line: line.key), size))


def whole(asked: Asked, zone: ZoneInfo) -> Iterator[Line]:
    """All lines, newest first, read as they are needed: one statement for each table, however many."""
    found = [_lines(source, rows.iterator(chunk_size=500)) for source, rows in _wanted(asked, zone)]
    return heapq.merge(*found, key=lambda line: line.key)


def begin_of(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """The first moment of a day where the site is at home."""
    return datetime.datetime.combine(day, datetime.time(), zone)


def _wanted(asked: Asked, zone: ZoneInfo) -> Iterator[tuple[Source, QuerySet]]:
    for source in SOURCES:
        acts = {act: rule for act, rule in source.acts.items() if asked.act in {"", act}}
        is_left_out = asked.kind not in {"", source.kind} or asked.undone == YES and source.undone is None
        if not acts or is_left_out:
            continue
        rows = source.rows().order_by(f"-{source.at}", "-pk")
        rule = Q()
        for one in acts.values():
            rule |= one
        rows = rows.filter(rule)
        if asked.actor:
            rows = rows.filter(**{source.actor: None if asked.actor == SYSTEM else int(asked.actor)})
        if asked.undone and source.undone is not None:
            rows = rows.filter(source.undone if asked.undone == YES else ~source.undone)
        if asked.since:
            rows = rows.filter(**{f"{source.at}__gte": begin_of(asked.since, zone)})
        if asked.until:
            rows = rows.filter(**{f"{source.at}__lt": begin_of(_after(asked.until), zone)})
        yield source, rows


def _behind(source: Source, rows: QuerySet, place: tuple | None) -> QuerySet:
    if place is None:
        return rows
    at, rank, number = place
    name = source.at
    if source.rank != rank:
        return rows.filter(**{f"{name}__lte" if source.rank > rank else f"{name}__lt": at})
    # `<=` stands alone so that an index can begin there; the rest is sifted.
    return rows.filter(Q(**{f"{name}__lt": at}) | Q(pk__lt=number), **{f"{name}__lte": at})


def _place(cursor: str) -> tuple[datetime.datetime, int, int] | None:
    parts = cursor.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) <= 18 for part in parts):
        return None
    try:
        return EPOCH + datetime.timedelta(microseconds=int(parts[0])), int(parts[1]), int(parts[2])
    except OverflowError:
        return None


def _lines(source: Source, rows: Iterable[Model]) -> Iterator[Line]:
    return (Line(source, row) for row in rows)


def _microseconds(moment: datetime.datetime) -> int:
    return (moment - EPOCH) // datetime.timedelta(microseconds=1)


def _after(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=1) if day < datetime.date.max else day


def _day(text: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if 1900 < day.year < 9000 else None


def _decisions() -> QuerySet:
    rows = Decision.objects.exclude(OF_BANS).select_related("comment", "actor", "undone_by__actor")
    return rows.defer(*(f"comment__{name}" for name in TEXTS))


def _article_acts() -> QuerySet:
    rows = ArticleAct.objects.select_related("article", "other", "actor", "undone_by__actor")
    return rows.defer(*(f"{side}__{name}" for side in ("article", "other") for name in TEXTS))


def _bans() -> QuerySet:
    return Ban.objects.select_related("author", "by", "lifted_by", "decision")


def _of(kind: str, field: str, values: Iterable[Any]) -> dict[str, Q]:
    return {f"{kind}.{value}": Q(**{field: value}) for value in values}


SOURCES = (
    Source(
        *(0, COMMENT, "at", "actor"),
        acts=_of(COMMENT, "act", COMMENTS),
        rows=_decisions,
        undone=Q(undone_by__isnull=False),
    ),
    Source(
        *(1, ARTICLE, "at", "actor"),
        acts=_of(ARTICLE, "act", ArticleAct.Act.values),
        rows=_article_acts,
        undone=Q(undone_by__isnull=False),
    ),
    Source(
        *(2, BAN, "lifted_at", "lifted_by"),
        acts={f"{BAN}.lifted": Q(lifted_at__isnull=False)},
        rows=_bans,
    ),
    Source(
        *(3, BAN, "at", "by"),
        acts={f"{BAN}.spoken": Q(pk__isnull=False)},
        rows=_bans,
        undone=Q(lifted_at__isnull=False),
    ),
    Source(
        *(4, POLICY, "at", "by"),
        acts={f"{POLICY}.changed": Q(pk__isnull=False)},
        rows=lambda: PolicyChange.objects.select_related("by"),
    ),
    Source(
        *(5, APPEAL, "answered_at", "answered_by"),
        acts={f"{APPEAL}.granted": Q(granted=True), f"{APPEAL}.declined": Q(granted=False)},
        rows=lambda: Appeal.objects.select_related("decision", "answered_by"),
    ),
    Source(
        *(6, TAKEDOWN, "answered_at", "answered_by"),
        acts=_of(TAKEDOWN, "outcome", TakeDown.Outcome.values),
        rows=lambda: TakeDown.objects.select_related("answered_by"),
    ),
)
