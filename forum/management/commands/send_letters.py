"""Door: the sender of letters."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.mail import sender
from forum.moderation import letters


class Command(BaseCommand):
    """`manage.py send_letters`: what is due, or with `--watch` all that comes, until it is asked to end.

    Letters to the staff about what waits are written here, right before they leave.
    """

    help = "Send the letters that wait in the outbox."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once is what happens without a word."""
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--once", action="store_true", help="Send what is due and end (the default).")
        group.add_argument("--watch", action="store_true", help="Go on until SIGTERM or Ctrl-C.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send; exit 1 when the mail server takes no letters."""
        stop = sender.Stop()
        names = (signal.SIGTERM, signal.SIGINT)
        before = {name: signal.signal(name, lambda *_: setattr(stop, "asked", True)) for name in names}
        try:
            if options["watch"]:
                tally = sender.watch(stop, first=letters.write_due)
            else:
                letters.write_due()
                tally = sender.once(stop)
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)
        if tally is None:
            return
        self.stdout.write(f"{tally.sent} sent, {tally.later} to be tried later, {tally.dead} given up.")
        if tally.closed:
            raise CommandError(f"The mail server takes no letters now: {tally.closed}")
