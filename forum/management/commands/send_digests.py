"""Door: the daily letters."""

from typing import Any

from django.core.management.base import BaseCommand

from forum.notifications.digests import write_digests


class Command(BaseCommand):
    """`manage.py send_digests`: to be run once a day; the letters leave with `send_letters`."""

    help = "Write the daily letters to those who follow something."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them and say how many."""
        self.stdout.write(f"{write_digests()} daily letters written.")
