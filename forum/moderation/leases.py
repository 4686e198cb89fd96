"""Who is looking at a comment: a courtesy to the others on the desk, never a lock.

What guards a decision is the comment's version. A lease is per comment. It ends by itself after ten
minutes, with the session that took it, when it is given back, and with any decision; nobody has to free it.
"""

import datetime
from collections.abc import Collection

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from forum.accounts.models import User
from forum.moderation.models import Lease
from forum.threads.models import Comment

LASTS = datetime.timedelta(minutes=10)


class TakenError(Exception):
    """Somebody else is looking at the comment; the first argument is their lease."""


def live() -> QuerySet[Lease]:
    """Leases that hold: not over, and of a session that is still there."""
    now = timezone.now()
    session = Session.objects.filter(session_key=OuterRef("session"), expire_date__gt=now)
    return Lease.objects.filter(Exists(session), until__gt=now)


def take(comment: int, user: User, session: str) -> Lease:
    """Say that somebody looks at a comment for ten minutes from now; again makes it ten minutes anew.

    Raises Comment.DoesNotExist, and TakenError while somebody else's lease holds.
    """
    if not Comment.objects.filter(pk=comment).exists():
        raise Comment.DoesNotExist
    until = timezone.now() + LASTS
    values = {"holder": user, "session": session, "until": until}
    try:
        with transaction.atomic():
            return Lease.objects.create(comment_id=comment, **values)
    except IntegrityError:
        free = Lease.objects.filter(comment=comment).exclude(pk__in=_of_others(user).values("pk"))
        if not free.update(**values) and (other := _of_others(user).filter(comment=comment).first()):
            raise TakenError(other) from None
    return Lease(comment_id=comment, **values)


def renew(comment: int, user: User) -> bool:
    """Make one's own lease ten minutes anew; False when there is none any more."""
    mine = Lease.objects.filter(pk__in=live().filter(comment=comment, holder=user).values("pk"))
    return bool(mine.update(until=timezone.now() + LASTS))


def free(comment: int, user: User) -> None:
    """Give one's own lease back."""
    Lease.objects.filter(comment=comment, holder=user).delete()


def free_all(comments: Collection[int]) -> None:
    """End all leases of comments that have been decided, whoever holds them."""
    Lease.objects.filter(comment__in=comments).delete()


def _of_others(user: User) -> QuerySet[Lease]:
    return live().exclude(holder=user).select_related("holder")
