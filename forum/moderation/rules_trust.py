"""Whom the desk trusts: people who have an account or a proved address, and never a name that is typed."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from forum.accounts.models import Address, Author
from forum.moderation.models import APPROVING, Decision
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.states import State

LOOKED_AT = 200  # of somebody's public comments, the newest


def is_trusted(author: Author | None, policy: SitePolicy) -> bool:
    """Whether this person need not be held where only newcomers are.

    A moderator has said so, or moderators have approved as many of their comments as the policy asks for,
    since trust was last taken back. Two statements at most.
    """
    if author is None or not trustable([author.pk]):
        return False
    return author.trusted_at is not None or has_enough(author, policy)


def has_enough(author: Author, policy: SitePolicy) -> bool:
    """Whether moderators have approved so many comments of this person that they are trusted by that."""
    if not policy.trust_after:
        return False
    newest = Comment.objects.filter(author=author, state=State.VISIBLE).order_by("-pk").values("pk")
    approved = Decision.objects.filter(comment__in=newest[:LOOKED_AT], act__in=APPROVING, undone_by=None)
    # Nobody makes themselves trusted, and the system approves nothing.
    approved = approved.exclude(actor=None)
    if author.user_id is not None:
        approved = approved.exclude(actor=author.user_id)
    if author.untrusted_at is not None:
        approved = approved.filter(at__gt=author.untrusted_at)
    numbers = approved.order_by().values("comment").distinct()
    return len(numbers[: policy.trust_after]) >= policy.trust_after


def trustable(author_ids: Iterable[int | None]) -> set[int]:
    """To whom of these trust could be tied at all: accounts, and guests with a proved address.

    Never a name or an address that anybody can type. One statement.
    """
    account, guest = Q(kind=Author.Kind.ACCOUNT), Q(kind=Author.Kind.GUEST)
    proved = Q(Exists(Address.objects.filter(author=OuterRef("pk"), verified_at__isnull=False)))
    known = {number for number in author_ids if number is not None}
    people = Author.objects.filter(account | guest & proved, pk__in=known, erased_at=None)
    return set(people.values_list("pk", flat=True)) if known else set()
