"""One page of the queue: the comments that were there when it was opened, and stay where they are."""

import datetime
from dataclasses import dataclass
from typing import Self

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from forum.accounts.viewer import Viewer
from forum.moderation import cards, queries
from forum.moderation.cards import Card
from forum.moderation.filters import CAUSES, Filter, moment_of, order_of
from forum.moderation.models import Decision
from forum.moderation.queries import Counts
from forum.threads.models import Comment
from forum.web.paging import EPOCH, cursor_of, rows_behind

PER_PAGE = 20
MOST_SHOWN = 50
MOST_COUNTED = 5_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the queue somebody is: behind a cursor, or at a list of comments that they have been shown.

    `since` is when that list was made, in milliseconds.
    """

    after: str = ""
    shown: tuple[int, ...] = ()
    since: int = 0

    @classmethod
    def of(cls, params: QueryDict) -> Self:
        """The place that an address asks for; what makes no sense is left out."""
        numbers = [part for part in params.get("show", "")[: MOST_SHOWN * 20].split(".") if _is_number(part)]
        shown = tuple(dict.fromkeys(int(part) for part in numbers))[:MOST_SHOWN]
        since = params.get("since", "")
        return cls(params.get("after", ""), shown, int(since) if _is_number(since, 15) else 0)


@dataclass(slots=True)
class QueuePage:
    """What the queue shows: `total` comments match the filter, `more` says that there are others than these.

    `capped` says that there are more than `total`. `came` are those that came since the list was made,
    `following` is the address of the next page, `start` of the first, `here` of this very list.
    `lost` says that the address named no place, `alarm` that somebody waits for too long.
    """

    cards: list[Card]
    counts: Counts
    total: int
    capped: bool
    came: int
    following: str
    start: str
    here: str
    lost: bool = False
    alarm: bool = False

    @property
    def waiting(self) -> int:
        """How many on this page wait for a decision."""
        return sum(card.decision is None for card in self.cards)


def page_of(wanted: Filter, place: Place, viewer: Viewer, alarm_after: int = 0) -> QueuePage:
    """A page of the queue. With `place.shown` it is exactly those comments in that order, decided or not.

    `alarm_after` are the hours after which the oldest held comment is said to have waited too long, 0 never.
    """
    counts, order = queries.counts(), order_of(wanted.tab, wanted.sort)
    rows = cards.with_all(wanted.rows(viewer), viewer.user_id)
    lost = False
    if place.shown:
        shown = cards.with_all(Comment.objects.visible_to(viewer).filter(pk__in=place.shown), viewer.user_id)
        found = sorted(shown, key=lambda comment: place.shown.index(comment.pk))
    else:
        found = rows_behind(rows, order, place.after, PER_PAGE + 1)
        lost = found is None
        found = rows_behind(rows, order, "", PER_PAGE + 1) if found is None else found
    page = found[: PER_PAGE if not place.shown else MOST_SHOWN]
    made = cards.cards_of(page, viewer)
    if place.shown:
        _note_decided(made, wanted.tab)
    total, came = _counted(wanted, place, viewer, counts)
    waiting = sum(card.decision is None for card in made)
    more = total > waiting if place.shown else len(found) > PER_PAGE
    start = f"{reverse('moderation:queue')}?{wanted.query()}"
    here = _address(start, page, place)
    _lead_on(made, here)
    return QueuePage(
        cards=made,
        counts=counts,
        total=min(total, MOST_COUNTED) if not wanted.is_whole_tab else total,
        capped=not wanted.is_whole_tab and total > MOST_COUNTED,
        came=came,
        following=f"{start}&after={cursor_of(page[-1], order)}" if more and page else "",
        start=start,
        here=here,
        lost=lost,
        alarm=_is_late(counts, alarm_after),
    )


def _is_late(counts: Counts, hours: int) -> bool:
    late = timezone.now() - datetime.timedelta(hours=hours)
    return bool(hours and counts.oldest and counts.oldest < late)


def _counted(wanted: Filter, place: Place, viewer: Viewer, counts: Counts) -> tuple[int, int]:
    """How many match the filter, and how many of them came since the list was made.

    What the desk counts anyway is not counted again; the rest as far as one beyond `MOST_COUNTED`.
    """
    rows, moment = wanted.rows(viewer).order_by(), moment_of(wanted.tab)
    since = EPOCH + datetime.timedelta(milliseconds=place.since)
    # What is in the list and was held again meanwhile has not come since.
    new = Q(**{f"{moment}__gt": since}) & ~Q(pk__in=place.shown)
    if wanted.is_whole_tab:
        total = getattr(counts, wanted.tab)
        newer = rows.filter(new)
        return total, queries.count_up_to(newer, MOST_COUNTED) if place.shown and place.since else 0
    some = rows.order_by(f"-{moment}", "-pk").values("pk", moment)[: MOST_COUNTED + 1]
    counted = some.aggregate(total=Count("pk"), came=Count("pk", filter=new))
    return counted["total"], counted["came"] if place.shown and place.since else 0


def _note_decided(made: list[Card], tab: str) -> None:
    """Give each card that does not wait in this tab any more its newest decision."""
    gone = [card for card in made if not _waits(card, tab)]
    last = queries.last_on([card.comment.pk for card in gone]) if gone else {}
    for card in gone:
        card.decision = last.get(card.comment.pk) or Decision(
            comment=card.comment, act="", to_state=card.comment.state
        )


def _waits(card: Card, tab: str) -> bool:
    if tab in CAUSES:
        return CAUSES[tab] in card.causes
    return card.comment.state == tab


def _address(start: str, page: list[Comment], place: Place) -> str:
    since = place.since or int((timezone.now() - EPOCH) / datetime.timedelta(milliseconds=1))
    if not page:
        return start
    return f"{start}&{urlencode({'show': '.'.join(str(c.pk) for c in page), 'since': since})}"


def _lead_on(made: list[Card], here: str) -> None:
    """Each decision leads back to this very list, at the next comment that waits."""
    waiting = [card.comment.pk for card in made if card.decision is None]
    for n, card in enumerate(made):
        behind = [other.comment.pk for other in made[n + 1 :] if other.decision is None]
        others = behind or [number for number in waiting if number != card.comment.pk]
        card.next = f"{here}#comment-{others[0]}" if others else f"{here}#end"


def _is_number(part: str, digits: int = 18) -> bool:
    return part.isascii() and part.isdecimal() and len(part) <= digits
