"""Door: learning anew what spam looks like."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.accounts.models import User
from forum.moderation.spam_training import NotEnoughError, train


class Command(BaseCommand):
    """`manage.py train_spam`: to be run once a day, or when moderators have marked much as spam."""

    help = "Learn from the moderators' decisions what spam looks like; it holds from then on."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who asked for it, for the log."""
        parser.add_argument("--by", type=int, help="the number of the account that asked for it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Learn and say from how much. Raises CommandError when there is too little to learn from."""
        try:
            made = train(User.objects.filter(pk=options["by"]).first())
        except NotEnoughError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Learnt from {made.spam} comments marked as spam and {made.honest} others.")
