"""What everybody may know of the desk's work: counted by day and reason, without names and words.

Nobody's name, no text and nobody's own words stand in it, only reasons from the admins' list. What waits is
not in it: no decision on a comment that is held now, and no day that is not over, so that nobody can watch
a comment being decided on. A link stands only where the comment or the article tells the same by itself.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Case as Whether
from django.db.models import Count, F, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from forum.accounts.viewer import Viewer
from forum.articles.models import Article, ArticleAct
from forum.moderation.log import begin_of
from forum.moderation.log_public_words import WORDS
from forum.moderation.models import Act, Decision
from forum.moderation.models_people import Ban, Reason
from forum.moderation.models_policy import PolicyChange
from forum.moderation.models_requests import TakeDown
from forum.moderation.queries import waiting_since
from forum.moderation.statistics import Calendar, Seconds
from forum.threads.models import Comment
from forum.threads.states import State
from forum.web.paging import EPOCH

EVERYBODY = Viewer()
MONTHS = 12
KEPT = 600  # seconds for which the numbers on top are kept: they go through a year of decisions
APPROVED, NOT_PUBLISHED = "approved", "rejected"
# What each act is called in the log, in the order of a day. Who holds or withdraws is not of the desk, an
# undo stands beside what it undoes, and the answer to an appeal beside what was appealed.
LINES = {
    Act.APPROVE: APPROVED,
    Act.TRUST: APPROVED,
    Act.REJECT: NOT_PUBLISHED,
    Act.SPAM: "spam",
    Act.REMOVE: "removed",
    Act.RESTORE: "restored",
    Act.KEEP: "kept",
    Act.EDIT: "edited",
    Act.ACCEPT: "edit_accepted",
    Act.DECLINE: "edit_declined",
    Act.CLOSE: "closed",
    Act.REOPEN: "reopened",
    Act.ERASE: "erased",
    Act.UNNAME: "unnamed",
}
SEEN_THERE = (Act.EDIT, Act.CLOSE, Act.REOPEN)  # the page of the discussion shows that these were done
ORDER = list(dict.fromkeys(LINES.values()))
OTHERS = [f"article_{act}" for act in ArticleAct.Act.values]
ORDER += [*OTHERS, "banned", "refused", "answered", "policy"]


@dataclass(slots=True)
class Done:
    """One line of a day: how often something was done for one reason, and what became of it.

    `comments` and `articles` are those that everybody may read and that tell the same by themselves.
    """

    what: str
    reason: str = ""
    count: int = 0
    undone: int = 0
    granted: int = 0
    upheld: int = 0
    comments: list[Comment] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)

    @property
    def said(self) -> str:
        """What was done, in words."""
        return str(WORDS[self.what] % {"n": self.count})


@dataclass(slots=True)
class Month:
    """A month in numbers, of what was looked at in it; `wait` is the median in seconds."""

    first: datetime.date
    looked_at: int = 0
    published: int = 0
    spam: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    wait: float | None = None

    @property
    def refused(self) -> int:
        """How many were not published for some reason."""
        return sum(self.rejected.values())


def days_of(
    month: datetime.date, today: datetime.date, zone: ZoneInfo
) -> list[tuple[datetime.date, list[Done]]]:
    """The days of a month that are over and on which something was done, the newest first."""
    begin, end = begin_of(month, zone), begin_of(min(next_month(month), max(today, month)), zone)
    found: dict[datetime.date, dict[tuple[str, str], Done]] = defaultdict(dict)
    titles = dict(Reason.objects.values_list("code", "title"))
    for row in _counted(begin, end, zone):
        what, title = LINES[row["act"]], titles.get(row["reason_code"], "")
        key = (what, "" if what == APPROVED else title)
        line = found[row["day"]].setdefault(key, Done(*key))
        line.count += row["n"]
        line.undone += row["undone"]
        line.granted += row["granted"]
        line.upheld += row["upheld"]
    _link_comments(found, begin, end, Calendar(zone))
    _add_articles(found, begin, end, Calendar(zone))
    _add_others(found, begin, end, Calendar(zone))
    return [(day, _sorted(found[day].values())) for day in sorted(found, reverse=True)]


def months(today: datetime.date, zone: ZoneInfo) -> list[Month]:
    """The last twelve months, the newest first, as far as their days are over; kept for ten minutes."""
    key = f"public-log-{today}-{zone.key}"
    known = cache.get(key)
    if known is None:
        known = _months(today, zone)
        cache.set(key, known, KEPT)
    return known


def whole_year(rows: Iterable[Month]) -> Month:
    """Those months together, without a median, which months do not tell."""
    rows = list(rows)
    rejected: dict[str, int] = defaultdict(int)
    for one in rows:
        for title, count in one.rejected.items():
            rejected[title] += count
    sums = {name: sum(getattr(one, name) for one in rows) for name in ("looked_at", "published", "spam")}
    return Month(rows[-1].first, rejected=dict(rejected), **sums)


def began(today: datetime.date, zone: ZoneInfo) -> datetime.date:
    """The month of the first decision that is told of, this month when there is none."""
    told = _told(EPOCH, begin_of(today, zone))
    first = told.order_by("at", "pk").values_list("at", flat=True).first()
    return (first.astimezone(zone).date() if first else today).replace(day=1)


def next_month(month: datetime.date) -> datetime.date:
    """The first day of the month after a first day."""
    return (month + datetime.timedelta(days=31)).replace(day=1)


def month_before(month: datetime.date) -> datetime.date:
    """The first day of the month before a first day."""
    return (month - datetime.timedelta(days=1)).replace(day=1)


def _told(begin: datetime.datetime, end: datetime.datetime) -> QuerySet[Decision]:
    """The decisions that may be told of at all."""
    by_the_author = Q(act=Act.EDIT) & (Q(actor=None) | Q(actor=F("comment__author__user")))
    taken_back = Q(act__in=[Act.APPROVE, Act.TRUST], undone_by__isnull=False)
    rows = Decision.objects.filter(at__gte=begin, at__lt=end, act__in=LINES).order_by()
    return rows.exclude(comment__state=State.HELD).exclude(by_the_author).exclude(taken_back)


def _counted(begin: datetime.datetime, end: datetime.datetime, zone: ZoneInfo) -> Iterable[dict]:
    rows = _told(begin, end).annotate(day=TruncDate("at", tzinfo=zone)).values("day", "act", "reason_code")
    return rows.annotate(
        n=Count("pk"),
        undone=Count(Whether(When(undone_by__isnull=False, then=Value(1)))),
        granted=Count(Whether(When(appeal__granted=True, then=Value(1)))),
        upheld=Count(Whether(When(appeal__granted=False, then=Value(1)))),
    )


def _link_comments(found: dict, begin: datetime.datetime, end: datetime.datetime, calendar: Calendar) -> None:
    rows = (
        _told(begin, end)
        .filter(act__in=SEEN_THERE)
        .values_list("act", "comment", Seconds("at"), "reason_code")
    )
    acts = list(rows)
    if not acts:
        return
    titles = dict(Reason.objects.values_list("code", "title"))
    readable = Comment.objects.readable_by(EVERYBODY).public().filter(pk__in={row[1] for row in acts})
    shown = {one.pk: one for one in readable.select_related("article").defer("body_source", "body_html")}
    for act, number, at, code in sorted(acts):
        line = found[calendar.day(at)][LINES[act], titles.get(code, "")]
        if number in shown and shown[number] not in line.comments:
            line.comments.append(shown[number])


def _add_articles(found: dict, begin: datetime.datetime, end: datetime.datetime, calendar: Calendar) -> None:
    rows = ArticleAct.objects.filter(at__gte=begin, at__lt=end).exclude(act=ArticleAct.Act.UNDO)
    for one in rows.select_related("article", "undone_by").order_by("pk"):
        key = (f"article_{one.act}", "")
        line = found[calendar.day(int(one.at.timestamp()))].setdefault(key, Done(*key))
        line.count += 1
        line.undone += getattr(one, "undone_by", None) is not None
        if one.article.state == Article.State.PUBLISHED and one.article not in line.articles:
            line.articles.append(one.article)


def _add_others(found: dict, begin: datetime.datetime, end: datetime.datetime, calendar: Calendar) -> None:
    span = {"at__gte": begin, "at__lt": end}
    answered = TakeDown.objects.filter(answered_at__gte=begin, answered_at__lt=end)
    refused = answered.filter(outcome=TakeDown.Outcome.REFUSED)
    other = answered.filter(outcome=TakeDown.Outcome.OTHER)
    for what, rows, at in (
        ("banned", Ban.objects.filter(**span), "at"),
        ("refused", refused, "answered_at"),
        ("answered", other, "answered_at"),
        ("policy", PolicyChange.objects.filter(**span), "at"),
    ):
        for seconds in rows.order_by().values_list(Seconds(at), flat=True):
            found[calendar.day(seconds)].setdefault((what, ""), Done(what)).count += 1
    for seconds in Ban.objects.filter(**span, lifted_at__isnull=False).values_list(Seconds("at"), flat=True):
        found[calendar.day(seconds)]["banned", ""].undone += 1


def _sorted(lines: Iterable[Done]) -> list[Done]:
    return sorted(lines, key=lambda line: (ORDER.index(line.what), line.reason == "", line.reason))


def _months(today: datetime.date, zone: ZoneInfo) -> list[Month]:
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append(month_before(firsts[-1]))
    rows = {first: Month(first) for first in firsts}
    waits: dict[datetime.date, list[int]] = defaultdict(list)
    titles, calendar = dict(Reason.objects.values_list("code", "title")), Calendar(zone)
    ended = _told(begin_of(firsts[-1], zone), begin_of(today, zone)).filter(
        from_state=State.HELD, undone_by__isnull=True, act__in=[Act.APPROVE, Act.TRUST, Act.REJECT, Act.SPAM]
    )
    columns = ("act", "reason_code", Seconds("at"), Seconds(waiting_since()))
    for act, code, at, began in ended.values_list(*columns):
        month = rows[calendar.day(at).replace(day=1)]
        month.looked_at += 1
        waits[month.first].append(max(0, at - began))
        if act == Act.REJECT:
            title = titles.get(code, "")
            month.rejected[title] = month.rejected.get(title, 0) + 1
        else:
            month.published += act != Act.SPAM
            month.spam += act == Act.SPAM
    for first, values in waits.items():
        rows[first].wait = float(median(values))
    return list(rows.values())
