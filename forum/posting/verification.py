"""Proving that an address given with a reply is one's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from forum.accounts import addresses, links
from forum.accounts.models import Address, Author
from forum.accounts.viewer import OWN_KEYS_KEPT
from forum.notifications import subscriptions
from forum.notifications.models import Subscription
from forum.threads import authors
from forum.threads.models import Comment


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link would prove: whose address, of which replies, and whether answers are wanted by mail."""

    address: Address
    replies: Sequence[Comment]
    follows: bool


@dataclass(frozen=True, slots=True)
class Proved:
    """What was proved: the person, the address, and the keys of what is theirs from now on."""

    author: Author
    email: str
    keys: list[str]


def look(token: str) -> Asked:
    """What the link of a letter would prove; changes nothing. Raises LinkError."""
    address, _link = addresses.read(token)
    return Asked(address, authors.newest_words(address.author, OWN_KEYS_KEPT), _wishes(address).exists())


def verify(token: str) -> Proved:
    """The address is its author's from now on. Raises LinkError.

    Where it is somebody's already, the author of the reply is that person: a guest, or the account that
    has verified this very address. The keys are of the person's words; of those of an account only what
    was just given to it, since the way to the others is to sign in.
    """
    try:
        return _verify(token)
    except IntegrityError:
        # Two links for one address at the same moment: now it is known whose it is.
        return _verify(token)


@transaction.atomic
def _verify(token: str) -> Proved:
    address, link = addresses.read(token)
    links.use(link)
    address = authors.alone(address)
    given = authors.newest_words(address.author, OWN_KEYS_KEPT)
    held = subscriptions.prove(address, list(_wishes(address)))
    author = Author.objects.get(pk=held.author_id)
    if author.kind != Author.Kind.GUEST:
        return Proved(author, held.email, [comment.own_key for comment in given if comment.own_key])
    words = authors.newest_words(author, OWN_KEYS_KEPT - 1)
    keys = [comment.own_key for comment in words if comment.own_key]
    return Proved(author, held.email, [addresses.key_of(held), *keys])


def _wishes(address: Address) -> QuerySet[Subscription]:
    waiting = Subscription.objects.filter(address=address, confirmed_at=None, ended_at=None)
    return waiting.filter(scope=Subscription.Scope.REPLIES)
