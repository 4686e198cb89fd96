"""Whose words an account does not want to see; it changes nobody else's pages, and nobody is told."""

from dataclasses import dataclass

from django.db.models import QuerySet

from forum.accounts.models import Author, Mute, User

MOST = 1000  # all of them are read with every discussion that the account opens


class OneselfError(Exception):
    """Somebody wants to mute themselves."""


class TooManyError(Exception):
    """The account has muted as many people as it may."""


@dataclass(frozen=True, slots=True)
class Muted:
    """The people whom one account has muted: authors, and the accounts of those that have one."""

    authors: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()

    def has(self, author: Author) -> bool:
        """Whether an author is muted, also as the archived person that a muted account has been."""
        return author.pk in self.authors or author.claimed_by_id in self.users


def muted_by(user_id: int | None) -> Muted:
    """Whom an account has muted: one statement, and none for a visitor without an account."""
    if user_id is None:
        return Muted()
    rows = list(Mute.objects.filter(owner=user_id).values_list("author_id", "author__user_id"))
    return Muted(
        frozenset(author for author, _user in rows),
        frozenset(user for _author, user in rows if user is not None),
    )


def list_of(owner: User) -> QuerySet[Mute]:
    """The people whom an account has muted, by name."""
    return Mute.objects.filter(owner=owner).select_related("author").order_by("author__name", "pk")


def mute(owner: User, author: Author) -> None:
    """Mute an author; again changes nothing.

    Raises OneselfError for the owner's own author or confirmed archived self, and TooManyError.
    """
    if owner.pk in {author.user_id, author.claimed_by_id}:
        raise OneselfError
    if Mute.objects.filter(owner=owner).exclude(author=author).count() >= MOST:
        raise TooManyError
    Mute.objects.get_or_create(owner=owner, author=author)


def unmute(owner: User, number: int) -> Author | None:
    """Take back the muting of author `number`; returns the author, None when they were not muted."""
    found = list_of(owner).filter(author=number).first()
    if found is None:
        return None
    found.delete()
    return found.author


def move(source: Author, target: Author) -> None:
    """Who has muted one author has muted another from now, who is the same person; nobody themselves."""
    owners = Mute.objects.filter(author=source).exclude(owner=target.user_id).values_list("owner", flat=True)
    Mute.objects.bulk_create([Mute(owner_id=n, author=target) for n in owners], ignore_conflicts=True)
    Mute.objects.filter(author=source).delete()
