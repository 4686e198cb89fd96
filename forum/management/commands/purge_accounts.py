"""Door: `manage.py purge_accounts`, to be run daily."""

from typing import Any

from django.core.management.base import BaseCommand

from forum.accounts import invitations, links, writing


class Command(BaseCommand):
    """Forgets sessions that are over, used links and invitations that nobody accepted."""

    help = "Forget sessions that are over, used links and old invitations."

    def handle(self, **options: Any) -> None:
        """Say how many of each."""
        done = (writing.forget_sessions(), links.purge(), invitations.purge())
        self.stdout.write("Forgotten: {} sessions, {} used links, {} invitations.".format(*done))
