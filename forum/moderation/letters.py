"""Letters to the staff: what has begun to wait since the last one, as it is when the letter is written.

Nobody gets one who has not asked for it: the words of people who trust this place go into a mailbox then.
"""

import datetime
import re
from collections.abc import Collection, Sequence

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from forum.accounts.models import Role, User
from forum.accounts.second_factor import is_missing
from forum.accounts.viewer import RIGHTS, Viewer
from forum.mail import writing as mail
from forum.mail.models import Letter
from forum.moderation import cards, letters_text, queries
from forum.moderation.models import Case
from forum.moderation.models_people import DeskLetters
from forum.moderation.models_requests import Appeal, TakeDown
from forum.threads.models import Comment

Pace = DeskLetters.Pace
GAPS = {
    Pace.AT_ONCE: datetime.timedelta(minutes=10),  # a wave of spam is one letter, and then another
    Pace.HOURLY: datetime.timedelta(hours=1),
    Pace.DAILY: datetime.timedelta(days=1),
}
IN_FULL = 10
ABOUT = "desk-"
_STAFF = (Role.MODERATOR, Role.ADMIN)
# A line of our own that is nothing but the link: quoted words and names may hold such an address, too.
_NUMBER = re.compile(r"^\S*/moderation/comments/(\d{1,18})/$", re.MULTILINE)


def pace_of(user: User) -> Pace:
    """How often somebody hears of what waits; never, as long as they have not chosen."""
    chosen = DeskLetters.objects.filter(user=user).values_list("pace", flat=True).first()
    return Pace(chosen or Pace.NEVER)


def address_of(user: User) -> str:
    """Where letters to somebody go: the address of their account when it is verified, else ""."""
    return _addresses([user]).get(user.pk, "")


@transaction.atomic
def choose(user: User, pace: Pace) -> None:
    """Write to somebody at this pace from now on; what waits already is not told. Never takes letters back
    that have not left.
    """
    chosen, _made = DeskLetters.objects.select_for_update().get_or_create(user=user)
    if chosen.pace == Pace.NEVER:
        chosen.told_at = timezone.now()
    chosen.pace = pace
    chosen.save()
    if pace == Pace.NEVER:
        unsent = Letter.objects.unsent().filter(about__startswith=f"{ABOUT}{user.pk}-")
        mail.cancel_keys(list(unsent.values_list("key", flat=True)))


def write_due(now: datetime.datetime | None = None) -> int:
    """Write to everybody of the staff who is due and for whom something new waits; returns to how many.

    To be called as often as may be, right before letters are sent: it looks, and only takes a lock when
    there is something to write. What has not left and lists something that waits no more is taken back
    first and told anew, without that.
    """
    now = now or timezone.now()
    if not (_due(now) or _stale()):
        return 0
    with transaction.atomic():
        _take_back(_stale())
        due = _due(now, lock=True)
        drafts = [_draft(one, address, now) for one, address in due]
        written = [draft for draft in drafts if draft is not None]
        mail.write_all(written)
        told = [one.pk for (one, _address), draft in zip(due, drafts, strict=True) if draft is not None]
        DeskLetters.objects.filter(pk__in=told).update(told_at=now)
        return len(written)


def new_for(user: User, since: datetime.datetime) -> QuerySet[Case]:
    """The open cases that began after a moment, but for appeals against the decisions of this very person."""
    against = Appeal.objects.filter(granted=None, decision__comment=OuterRef("comment"), decision__actor=user)
    mine = Q(cause=Case.Cause.APPEAL) & Exists(against)
    return Case.objects.filter(closed=None, opened__gt=since).exclude(mine)


def _due(now: datetime.datetime, *, lock: bool = False) -> list[tuple[DeskLetters, str]]:
    """Who may be written to now and could have something new, with their addresses."""
    wanted = Q()
    for pace, gap in GAPS.items():
        wanted |= Q(pace=pace, told_at__lte=now - gap)
    rows = DeskLetters.objects.filter(wanted, user__is_active=True, user__role__in=_STAFF)
    found = list((rows.select_for_update(of=("self",)) if lock else rows).select_related("user"))
    if not found:
        return []
    newest = _newest()
    found = [one for one in found if newest is not None and newest > one.told_at]
    addresses = _addresses([one.user for one in found])
    found = [one for one in found if one.user_id in addresses and not is_missing(one.user)]
    return [(one, addresses[one.user_id]) for one in found]


def _newest() -> datetime.datetime | None:
    """When the newest of what waits began to."""
    opened = Case.objects.filter(closed=None).aggregate(newest=Max("opened"))["newest"]
    unplaced = TakeDown.objects.filter(outcome="", comment=None).aggregate(newest=Max("at"))["newest"]
    return max((moment for moment in (opened, unplaced) if moment), default=None)


def _addresses(users: Sequence[User]) -> dict[int, str]:
    """The verified addresses of accounts, by their numbers. One statement."""
    if not users:
        return {}
    names = {user.pk: user.email.lower() for user in users if user.email}
    proved = EmailAddress.objects.filter(user__in=users, verified=True).values_list("user", "email")
    return {user: email for user, email in proved if names.get(user) == email.lower()}


def _draft(one: DeskLetters, address: str, now: datetime.datetime) -> mail.Draft | None:
    """The letter to one person, None when nothing new waits for them."""
    user, fresh = one.user, new_for(one.user, one.told_at)
    counted = fresh.aggregate(comments=Count("comment", distinct=True), oldest=Min("opened"))
    unplaced = TakeDown.objects.filter(outcome="", comment=None, at__gt=one.told_at).count()
    if not counted["comments"] and not unplaced:
        return None
    order = ("-urgent", "since", "comment")
    by_comment = fresh.values("comment").annotate(urgent=Max("comment__urgent"), since=Min("opened"))
    numbers = [row["comment"] for row in by_comment.order_by(*order)[:IN_FULL]]
    viewer = Viewer(user_id=user.pk, rights=RIGHTS[Role(user.role)])
    found = cards.with_all(Comment.objects.visible_to(viewer).filter(pk__in=numbers), user.pk)
    rows = {row.pk: row for row in found}
    shown = cards.cards_of([rows[number] for number in numbers if number in rows], viewer)
    waits = letters_text.Waiting(
        user=user,
        address=address,
        cards=shown,
        more=counted["comments"] - len(shown),
        unplaced=unplaced,
        counts=queries.counts(),
        now=now,
    )
    key = f"{ABOUT}{user.pk}-{now.astimezone(datetime.UTC).isoformat()}"
    return letters_text.of_waiting(waits, key=key, about=_about(one))


def _about(one: DeskLetters) -> str:
    """To whom a letter goes and since when it tells, so that one that is taken back can be told anew."""
    return f"{ABOUT}{one.user_id}-{one.told_at.astimezone(datetime.UTC).isoformat()}"


def _stale() -> list[Letter]:
    """Letters that nobody has begun to send and that should not leave as they are."""
    unsent = list(Letter.objects.waiting().filter(about__startswith=ABOUT, lease=""))
    if not unsent:
        return []
    listed = {letter.pk: _listed(letter) for letter in unsent}
    named = set().union(*listed.values())
    wait = set(Case.objects.filter(comment__in=named, closed=None).values_list("comment", flat=True))
    gone = Comment.objects.filter(pk__in=named, erased_at__isnull=False).values_list("pk", "erased_at")
    erased = dict(gone)
    staff = User.objects.filter(pk__in=[_user_of(one) for one in unsent], is_active=True, role__in=_STAFF)
    may_read = set(staff.values_list("pk", flat=True))
    return [
        one
        for one in unsent
        if listed[one.pk] - wait
        or _user_of(one) not in may_read
        or any(erased[number] > one.written_at for number in listed[one.pk] & erased.keys())
    ]


def _listed(letter: Letter) -> set[int]:
    """The comments that a letter is about."""
    return {int(number) for number in _NUMBER.findall(letter.text)}


def forget(numbers: Collection[int]) -> None:
    """Empty letters that show these comments, or answers to them, and tell anew what has not left.

    Call it when their words or names are gone, in the same transaction.
    """
    listing = {one: _listed(one) for one in Letter.objects.filter(about__startswith=ABOUT).exclude(text="")}
    named = set().union(*listing.values())
    place = ("tree_id", "lft", "rght")
    gone = Comment.objects.filter(pk__in=numbers).values_list(*place)
    listed = Comment.objects.filter(pk__in=named).values_list("pk", *place)
    around: dict[int, list[tuple[int, int]]] = {}
    for tree_id, lft, rght in gone:
        around.setdefault(tree_id, []).append((lft, rght))
    shown = {
        pk
        for pk, tree_id, lft, rght in listed
        if any(first <= lft and rght <= last for first, last in around.get(tree_id, []))
    }
    showing = [one for one, about in listing.items() if about & shown]
    _take_back([one for one in showing if one.state in {Letter.State.WAITING, Letter.State.SENDING}])
    keys = [one.key for one in showing]
    mail.cancel_keys(keys)
    mail.forget_keys(keys)


def _user_of(letter: Letter) -> int:
    return int(letter.about.split("-", 2)[1])


def _take_back(stale: Collection[Letter]) -> None:
    """Take letters back, and let what they told be told again."""
    for letter in stale:
        mail.cancel_keys([letter.key])
        since = datetime.datetime.fromisoformat(letter.about.split("-", 2)[2])
        DeskLetters.objects.filter(user=_user_of(letter), told_at__gt=since).update(told_at=since)
