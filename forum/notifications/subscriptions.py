"""Asking to be told, confirming it, and ending it.

An address hears of nothing until its owner has said yes twice (double opt-in): an account by verifying
its address and pressing the button, a guest by pressing the button and following the link in a letter.
No function here tells a caller who only typed an address whether it is known.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts import addresses, links
from forum.accounts.models import Address, User
from forum.articles.models import Article
from forum.mail import writing as mail
from forum.mail.models import Letter
from forum.notifications.models import Subscription
from forum.site.models import SitePolicy
from forum.threads import authors
from forum.threads.models import Comment
from forum.web.address import full_address

LIST = "following"
ABOUT = COMMENTS, DIGESTS = ("comment-", "digest-")
A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hear of, and how often; `comment` is the root of a thread."""

    scope: str
    pace: str = Subscription.Pace.AT_ONCE
    article: Article | None = None
    comment: Comment | None = None

    def where(self) -> dict[str, object]:
        """What the row is found by, beside its address."""
        article = self.article if self.scope == Subscription.Scope.ARTICLE else None
        comment = self.comment if self.scope == Subscription.Scope.THREAD else None
        return {"scope": self.scope, "article": article, "comment": comment}


def of_account(user: User) -> Address | None:
    """The verified address of an account, with whatever a guest had proved it for; None without one."""
    authors.settle(user)
    return addresses.of_account(user)


@transaction.atomic
def follow(address: Address, wish: Wish) -> Subscription:
    """Tell a verified address from now on; its owner has asked for it.

    A new pace begins now, too: what was told at once is not told again by the day.
    """
    found, _made = Subscription.objects.get_or_create(address=address, **wish.where())
    now = timezone.now()
    if found.pace != wish.pace:
        found.asked_at = found.told_at = now
    if not found.is_active:
        found.asked_at = found.confirmed_at = found.told_at = now
        found.ended_at = None
    found.pace = wish.pace
    found.save()
    return found


@transaction.atomic
def wait_for_proof(address: Address, wish: Wish) -> Subscription:
    """Note a wish that somebody has to confirm; what is active stays as it is, whoever asks."""
    now, wanted = timezone.now(), {"pace": wish.pace}
    found, made = Subscription.objects.get_or_create(address=address, defaults=wanted, **wish.where())
    waits = found.confirmed_at is None and found.pace == wish.pace and found.asked_at > now - A_DAY
    if not (made or found.is_active or waits):
        found.pace, found.asked_at, found.confirmed_at, found.ended_at = wish.pace, now, None, None
        found.save()
    return found


@transaction.atomic
def ask(email: str, wish: Wish, request: HttpRequest | None = None) -> None:
    """Write to an address that somebody typed, whether its owner wants this; nothing if it has it already.

    Somebody who has it at another pace is asked as well, and keeps it as it is until they confirm.
    Raises LetterError for what is no address.
    """
    address = addresses.holder(email) or addresses.unproven(email)
    asked = wait_for_proof(address, wish)
    what = str(asked.pk)
    if asked.is_active:
        if asked.pace == wish.pace:
            return
        asked.pace, what = wish.pace, f"{asked.pk}.{wish.pace}"
    token = links.make("follow", what=what, who=address.pk, version=stamp(asked.asked_at))
    values = {"site": SitePolicy.objects.current().name, "what": sentence(asked)}
    text = [
        _("Somebody, we hope you, asked %(site)s to write to this address: %(what)s") % values,
        _("If it was you, follow this link and press the button:"),
        full_address(reverse("notifications:confirm", args=[token]), request),
        _("The link is good for seven days. If you know nothing of this, do nothing: nothing happens."),
    ]
    subject = _("Do you want letters from %(site)s?") % values
    addresses.write_asked(address.email, subject, "\n\n".join(text))


def asked(token: str) -> tuple[Subscription, links.Link]:
    """What a letter's link would confirm, with the pace that it would have. Raises LinkError."""
    link = links.read("follow", token)
    number, _dot, pace = link.what.partition(".")
    found = Subscription.objects.listed().select_related("address__author").filter(pk=number).first()
    fits = found is not None and (str(found.address_id), stamp(found.asked_at)) == (link.who, link.version)
    if not fits or not (found.is_active if pace else found.confirmed_at is None):
        raise links.LinkError(_("This link does not fit any more: things have changed since it was sent."))
    found.pace = pace or found.pace
    return found, link


@transaction.atomic
def confirm(token: str) -> Address:
    """The owner of an address says yes; returns the verified address. Raises LinkError."""
    found, link = asked(token)
    links.use(link)
    return prove(found.address, [found])


def prove(address: Address, wanted: Iterable[Subscription]) -> Address:
    """Somebody reads what is sent to `address`: it is verified, and what they wanted begins.

    When it is verified for somebody else already, both are one person: words and wishes go there.
    Returns the verified address.
    """
    wishes = [Wish(w.scope, w.pace, w.article, w.comment) for w in wanted]
    held = addresses.holder(address.email)
    if held is None or held.pk == address.pk:
        address.verified_at = address.verified_at or timezone.now()
        address.save(update_fields=["verified_at"])
        held = address
    else:
        authors.merge(address.author, held.author)
        Address.objects.filter(pk=address.pk).delete()
    for wish in wishes:
        follow(held, wish)
    return held


def send_list(email: str, request: HttpRequest | None = None) -> None:
    """Write the link to its subscriptions to an address that somebody typed; nothing to one without any."""
    address = addresses.verified(email)
    if address is None or not address.subscriptions.active().exists():
        return
    token = links.make(LIST, what=address.pk, who=address.author_id, version=stamp(address.verified_at))
    text = [
        _("Here is what is sent to this address, and how to end it:"),
        full_address(reverse("notifications:following_of", args=[token]), request),
        _("The link is good for seven days. If you know nothing of this, do nothing: nothing happens."),
    ]
    subject = _("What you hear of from %(site)s") % {"site": SitePolicy.objects.current().name}
    addresses.write_asked(address.email, subject, "\n\n".join(text))


def read_list(token: str) -> Address:
    """The address whose subscriptions a link shows. Raises LinkError. It can end letters and nothing
    else, so it may be used again."""
    link = links.read(LIST, token)
    found = Address.objects.filter(pk=link.what, author=link.who).first()
    if found is None or stamp(found.verified_at) != link.version:
        raise links.LinkError(_("This link does not fit any more: things have changed since it was sent."))
    return found


def token_of(subscriptions: Sequence[Subscription]) -> str:
    """The token that ends subscriptions of one address, all of those for which one letter is written."""
    numbers = ".".join(str(one.pk) for one in subscriptions)
    return links.make(
        "unsubscribe", what=numbers, who=subscriptions[0].address_id, version=_newest(subscriptions)
    )


def token_of_digest(address: Address) -> str:
    """The token that ends everything daily of one address."""
    return links.make("unsubscribe", what="daily", who=address.pk, version=stamp(address.verified_at))


def to_end(token: str) -> list[Subscription]:
    """The subscriptions that a letter's link ends; those that have ended already among them.

    Raises LinkError, also when they have been confirmed anew since the letter was written.
    """
    link = links.read("unsubscribe", token)
    rows = Subscription.objects.listed().select_related("address").filter(address=link.who)
    if link.what == "daily":
        address = Address.objects.filter(pk=link.who).first()
        found = list(rows.filter(pace=Subscription.Pace.DAILY, confirmed_at__isnull=False))
        fits = address is not None and stamp(address.verified_at) == link.version
    else:
        found = list(rows.filter(pk__in=link.what.split("."), confirmed_at__isnull=False))
        fits = bool(found) and _newest(found) == link.version
    if not fits:
        raise links.LinkError(_("This link does not fit any more: things have changed since it was sent."))
    return found


@transaction.atomic
def end(subscriptions: Sequence[Subscription]) -> int:
    """End subscriptions; returns how many were active. Letters to their addresses that have not left are
    taken back, but for those that another subscription of the address asks for."""
    numbers = [one.pk for one in subscriptions]
    ended = Subscription.objects.filter(pk__in=numbers, ended_at=None).update(ended_at=timezone.now())
    for address in Address.objects.filter(subscriptions__in=numbers).distinct():
        _take_back_unwanted(address)
    return ended


@transaction.atomic
def silence(user: User) -> int:
    """Take back the letters about comments to an account's addresses that have not left; returns how many.

    For an account that is switched off. Addresses that it has not proved may be other people's.
    """
    held = Address.objects.filter(author__user=user, verified_at__isnull=False)
    return sum(mail.cancel_to(address.email, ABOUT) for address in held)


@transaction.atomic
def end_vanished(since: datetime.datetime) -> int:
    """End the subscriptions of addresses that were refused for good or sent a letter back; how many.

    What was confirmed after that stays: its owner has read a letter since.
    """
    vanished = {letter.to.lower(): letter.dead_at for letter in Letter.objects.vanished_since(since)}
    rows = Subscription.objects.active().to_any(list(vanished)).select_related("address")
    over = [row for row in rows if row.confirmed_at <= vanished[row.address.email.lower()]]
    return end(over) if over else 0


def sentence(subscription: Subscription) -> str:
    """What somebody hears of, in words."""
    daily = subscription.pace == Subscription.Pace.DAILY
    pace = _("once a day") if daily else _("at once")
    values = {"title": subscription.of.title if subscription.of else "", "pace": pace}
    match subscription.scope:
        case Subscription.Scope.ARTICLE:
            return _("new comments under “%(title)s”, %(pace)s.") % values
        case Subscription.Scope.THREAD:
            return _("new comments in one thread under “%(title)s”, %(pace)s.") % values
    return _("answers to what you write, %(pace)s.") % values


def stamp(moment: datetime.datetime | None) -> str:
    """A moment as links carry it."""
    return "" if moment is None else moment.astimezone(datetime.UTC).isoformat()


def _take_back_unwanted(address: Address) -> None:
    active = list(address.subscriptions.active().select_related("address__author"))
    if not any(one.pace == Subscription.Pace.DAILY for one in active):
        mail.cancel_to(address.email, [DIGESTS])
    if not active:
        mail.cancel_to(address.email, [COMMENTS])
        return
    unsent = Letter.objects.unsent().filter(order_key=address.email.lower(), about__startswith=COMMENTS)
    keys = {key: int(about.removeprefix(COMMENTS)) for key, about in unsent.values_list("key", "about")}
    rows = Comment.objects.select_related("parent__author").in_bulk(set(keys.values()))
    wanted = {pk for pk, row in rows.items() if any(_still_tells(one, row) for one in active)}
    mail.cancel_keys([key for key, pk in keys.items() if pk not in wanted])


def _still_tells(one: Subscription, comment: Comment) -> bool:
    """Whether a subscription asks for the letter about a comment; a daily one does not when its next
    digest tells it."""
    author, replies = one.address.author_id, Subscription.Scope.REPLIES
    if comment.author_id == author:  # the letter says that it is published
        return one.scope == replies
    if one.pace == Subscription.Pace.DAILY and comment.public_at and one.told_at:
        return one.fits(comment) and comment.public_at <= one.told_at
    return one.fits(comment)


def _newest(subscriptions: Sequence[Subscription]) -> str:
    return stamp(max(one.confirmed_at for one in subscriptions))
