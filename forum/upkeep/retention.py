"""Letting go of what may only be kept for a while."""

from django.utils import timezone

from forum.accounts import addresses
from forum.mail import writing as mail
from forum.moderation import bans, takedowns
from forum.threads.models import Private


def purge_private() -> int:
    """Take network addresses and browser names away that are due; returns how many rows it changed.

    E-mail addresses stay: they are what lets a guest prove that a reply is theirs.
    """
    due = Private.objects.filter(purge_after__lte=timezone.now())
    return due.update(ip=None, user_agent="", purge_after=None)


def purge_requests() -> tuple[int, int]:
    """Forget who asked for something to be taken down, 30 days after the answer, and the networks of bans
    that have been over for as long; returns how many of each."""
    return takedowns.purge(), bans.purge()


def purge_letters() -> tuple[int, int]:
    """Empty letters that were over a week ago, and forget addresses that nobody has proved within the life
    of the link that asked for it; returns how many of each. Unconfirmed subscriptions go with them."""
    return mail.purge(), addresses.purge()
