"""What keeps somebody from writing now: the bans that stand against a person, an address or a network."""

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Q

from forum.accounts.models import Address, Author
from forum.moderation import bans, bans_values
from forum.moderation.models_people import Ban
from forum.threads.models import Comment


@dataclass(frozen=True, slots=True)
class Standing:
    """A ban that stands against somebody; `is_told` says whether they may hear why and until when.

    They may not when all that ties them to it is an address that they typed: it may be a stranger's.
    """

    ban: Ban
    is_told: bool


def standing_against(
    author: Author | None, email: str = "", own_keys: Sequence[str] = (), address: str = ""
) -> Standing | None:
    """What keeps somebody from writing now: one statement while nobody is banned, few otherwise.

    `email` is the address that was typed, `own_keys` what the browser of a guest holds: a guest is known
    by their words, under whatever name they write next. `address` is the client's. A ban of a network or
    of a domain stands behind all others, since those tell more.
    """
    if not bans.standing().exists():
        return None
    selves = _selves(author, own_keys)
    proven = _proven(author) if author is not None else []
    person = Q(author__in=selves) | Q(decision__comment__author__in=selves)
    told = Q(kind=Ban.Kind.PERSON) & person | Q(kind=Ban.Kind.EMAIL, key__in=bans.keys_of(proven))
    found = bans.standing().filter(told).order_by("-until", "-pk").first()
    if found is not None:
        return Standing(found, True)
    domains = [domain for one in (email, *proven) for domain in bans_values.domains_of(one)]
    others = Q(kind=Ban.Kind.EMAIL, key__in=bans.keys_of([email])) | Q(
        kind=Ban.Kind.DOMAIN, value__in=domains
    )
    others |= Q(kind=Ban.Kind.NETWORK, value__in=bans_values.around(address))
    by_weight = sorted(
        bans.standing().filter(others), key=lambda ban: (ban.kind != Ban.Kind.EMAIL, -ban.until.timestamp())
    )
    return Standing(by_weight[0], False) if by_weight else None


def _selves(author: Author | None, own_keys: Sequence[str]) -> set[int]:
    """The authors that somebody is known to be: as whom they write, and whose words their browser holds."""
    found = {author.pk} if author is not None and author.pk else set()
    if own_keys:
        words = Comment.objects.filter(own_key__in=own_keys).exclude(author=None)
        proved = Address.objects.filter(key__in=own_keys, verified_at__isnull=False)
        found |= set(words.values_list("author", flat=True)) | set(proved.values_list("author", flat=True))
    return found


def _proven(author: Author) -> list[str]:
    """The addresses that an author has proved to read."""
    proved = Address.objects.filter(author=author, verified_at__isnull=False)
    found = list(proved.values_list("email", flat=True))
    if author.user_id is not None:
        of_account = EmailAddress.objects.filter(user=author.user_id, verified=True)
        found += of_account.values_list("email", flat=True)
    return found
