"""Door: demo people."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forum.upkeep.demo import PASSWORD, NotHereError, seed_demo


class Command(BaseCommand):
    """`manage.py seed_demo`: refused when DEBUG is off."""

    help = "Make the demo people reader, moderator and admin."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them and say how they sign in."""
        try:
            names = seed_demo()
        except NotHereError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Sign in as {', '.join(names)} with the password {PASSWORD}.")
