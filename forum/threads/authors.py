"""Whose words comments are: moving them from a guest to who has proved to be the same person."""

from collections.abc import Sequence

from django.db import transaction

from forum.accounts import addresses, mute
from forum.accounts.models import Address, Author, User
from forum.accounts.writing import name_author
from forum.threads import writing
from forum.threads.models import Comment


@transaction.atomic
def merge(source: Author, target: Author) -> int:
    """Make one person of a guest and somebody who has proved the same address; how many comments moved.

    The guest's row stays, without words and addresses. Nothing happens for what is no guest.
    """
    if source.pk == target.pk or source.kind != Author.Kind.GUEST:
        return 0
    addresses.move(source, target)
    mute.move(source, target)
    _agree_on_trust(source, target)
    if not target.name:
        Author.objects.filter(pk=target.pk).update(name=source.name)
    return writing.reassign(source, target)


def _agree_on_trust(source: Author, target: Author) -> None:
    """What was said last of one of them holds for the person: that they are trusted, or not any more."""
    given = max((one.trusted_at for one in (source, target) if one.trusted_at), default=None)
    taken = max((one.untrusted_at for one in (source, target) if one.untrusted_at), default=None)
    if given is not None and taken is not None and taken > given:
        given = None
    Author.objects.filter(pk=target.pk).update(trusted_at=given, untrusted_at=taken)
    target.trusted_at, target.untrusted_at = given, taken


@transaction.atomic
def alone(address: Address) -> Address:
    """An unproven address with an author of its own where its author has proved another one.

    Whoever writes with somebody else's address must not become one person with them by a mistaken click:
    only the words sent with this very address go along. Returns the address.
    """
    source = address.author
    others = Address.objects.filter(author=source, verified_at__isnull=False).exclude(pk=address.pk)
    if others.exists():
        address.author = Author.objects.create(kind=Author.Kind.GUEST, name=source.name)
        address.save(update_fields=["author"])
        writing.reassign(source, address.author, email=address.email)
    return address


def settle(user: User) -> Author:
    """The author of an account, who now has the words of the guest that had proved the same address."""
    author, guest = name_author(user), addresses.guest_to_settle(user)
    if guest is not None:
        merge(guest, author)
    return author


def newest_words(author: Author, count: int) -> Sequence[Comment]:
    """What an author wrote here last, whatever its state: for somebody who is proving to be the author.

    Only the article, the moment and the keys may be shown or given away, not words that are held.
    """
    live = Comment.objects.filter(author=author, own_key__isnull=False)
    return list(live.select_related("article").order_by("-pk")[:count])
