"""The daily letter: what has become public since the last one, as it stands when the letter is written.

A digest ends an undo window before now, so that neither a decision that is just being taken back nor a
transaction that is still open falls between two of them.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from forum.accounts.models import Address, Mute
from forum.accounts.mute import Muted
from forum.accounts.viewer import Viewer
from forum.mail import writing as mail
from forum.mail.models import Letter
from forum.notifications import notices_text
from forum.notifications.models import Subscription
from forum.notifications.subscriptions import end_vanished, stamp
from forum.threads.models import Comment
from forum.threads.queries import person_of

LISTED = 50
LOOK_BACK = datetime.timedelta(days=8)  # for letters that came back; looking twice changes nothing
EVERYBODY = Viewer()


@dataclass(slots=True)
class _Digest:
    address: Address
    since: datetime.datetime
    comments: list[Comment] = field(default_factory=list)


@transaction.atomic
def write_digests(until: datetime.datetime | None = None) -> int:
    """Write to every address with something new for it; returns how many. To be called once a day.

    The number of statements does not depend on how many addresses there are. Called again, it tells what
    is new since then. Addresses that have vanished lose their subscriptions first.
    """
    end_vanished(timezone.now() - LOOK_BACK)
    until = until or timezone.now() - settings.UNDO_WINDOW
    due = _due(until)
    new = _new(min(one.told_at for one in due), until) if due else []
    drafts = [_draft(digest, until) for digest in _digests(due, new)] if new else []
    mail.write_all(drafts)
    # Also for accounts that are switched off: one that comes back hears of what comes after that.
    Subscription.objects.filter(pace=Subscription.Pace.DAILY, told_at__lt=until).update(told_at=until)
    return len(drafts)


def give_up(numbers: Iterable[int]) -> int:
    """Take back the digests that list one of some comments and have not left.

    Their rest comes with the next ones, but for digests that were undeliverable: others may have left since.
    """
    return _give_up(numbers)


def give_up_article(article_id: int) -> int:
    """Take back the digests that list a comment of an article and have not left."""
    return _give_up(Comment.objects.filter(article=article_id).values_list("pk", flat=True))


def _give_up(numbers: Iterable[int]) -> int:
    unsent = list(Letter.objects.unsent().filter(about__startswith="digest-"))
    if not unsent:
        return 0
    paths = [reverse("comment", args=[number]) for number in numbers]
    listing = [letter for letter in unsent if any(path in letter.text for path in paths)]
    for letter in listing:
        _digest, address, since = letter.about.split("-", 2)
        mail.cancel(letter.about)
        if letter.dead_at is not None:
            continue
        daily = Subscription.objects.filter(address=address, pace=Subscription.Pace.DAILY)
        daily.filter(told_at__gt=since).update(told_at=since)
    return len(listing)


def _due(until: datetime.datetime) -> list[Subscription]:
    daily = Subscription.objects.active().filter(pace=Subscription.Pace.DAILY, told_at__lt=until)
    rows = daily.select_related("address__author").order_by("address", "pk")
    return list(rows.select_for_update(of=("self",)))


def _new(since: datetime.datetime, until: datetime.datetime) -> list[Comment]:
    readable = Comment.objects.readable_by(EVERYBODY).public()
    rows = readable.filter(public_at__gt=since, public_at__lte=until)
    return list(rows.select_related("article", "author", "parent__author").order_by("public_at", "pk"))


def _digests(due: Sequence[Subscription], new: Sequence[Comment]) -> Iterator[_Digest]:
    owners = {one.address.author.user_id for one in due if one.address.author.user_id}
    muted = _muted_by(owners)
    people = {comment.pk for comment in new if person_of(comment) is not None}
    digests: dict[int, _Digest] = {}
    for one in due:
        digest = digests.setdefault(one.address_id, _Digest(one.address, one.told_at))
        digest.since = min(digest.since, one.told_at)
        author, listed = one.address.author, {comment.pk for comment in digest.comments}
        unwanted = muted.get(author.user_id, Muted())
        digest.comments += [
            comment
            for comment in new
            if comment.pk not in listed
            and comment.public_at > one.told_at
            and comment.author_id != author.pk
            and not (comment.pk in people and unwanted.has(comment.author))
            and one.fits(comment)
        ]
    return (digest for digest in digests.values() if digest.comments)


def _muted_by(owners: Iterable[int]) -> dict[int, Muted]:
    """Whom each of some accounts has muted."""
    authors: dict[int, set[int]] = {}
    users: dict[int, set[int]] = {}
    rows = Mute.objects.filter(owner__in=owners).values_list("owner", "author", "author__user")
    for owner, author, user in rows:
        authors.setdefault(owner, set()).add(author)
        users.setdefault(owner, set()).update([] if user is None else [user])
    return {owner: Muted(frozenset(authors[owner]), frozenset(users[owner])) for owner in authors}


def _draft(digest: _Digest, until: datetime.datetime) -> mail.Draft:
    digest.comments.sort(key=lambda comment: (comment.public_at, comment.pk))
    listed, more = digest.comments[:LISTED], len(digest.comments[LISTED:])
    # What it is about says since when, so that a digest that is given up can be told again.
    about = f"digest-{digest.address.pk}-{stamp(digest.since)}"
    key = f"digest-{digest.address.pk}-{stamp(until)}"
    return replace(notices_text.of_digest(digest.address, listed, more, key), about=about)
