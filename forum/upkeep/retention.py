"""Letting go of what may only be kept for a while."""

from django.utils import timezone

from forum.mail import writing as mail
from forum.threads.models import Private


def purge_private() -> int:
    """Take network addresses and browser names away that are due; returns how many rows it changed.

    E-mail addresses stay: they are what lets a guest prove that a reply is theirs.
    """
    due = Private.objects.filter(purge_after__lte=timezone.now())
    return due.update(ip=None, user_agent="", purge_after=None)


def purge_letters() -> int:
    """Empty letters that were over a week ago of their text, which may hold links; returns how many."""
    return mail.purge()
