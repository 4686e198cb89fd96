"""Door: the daily letting go of network addresses, of letters and of rehearsals."""

from typing import Any

from django.core.management.base import BaseCommand

from forum.moderation import rehearsal
from forum.upkeep.retention import purge_letters, purge_private, purge_requests


class Command(BaseCommand):
    """`manage.py purge_private`: to be run once a day."""

    help = "Remove network addresses that are older than 30 days and texts of letters older than 7."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them and say how many."""
        self.stdout.write(f"{purge_private()} network addresses removed.")
        self.stdout.write(f"{purge_letters()} letters emptied.")
        self.stdout.write(f"{purge_requests()} take-down requests and networks of bans forgotten.")
        self.stdout.write(f"{rehearsal.purge()} rehearsals forgotten.")
