"""Door: take an import back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.importing import undo
from forum.importing.records import RefusedError
from forum.sources.models import ImportRun


class Command(BaseCommand):
    """`manage.py undo_import RUN`: rows that nothing native hangs on go, the rest become placeholders."""

    help = "Take an import back."

    def add_arguments(self, parser: CommandParser) -> None:
        """The run's number."""
        parser.add_argument("run", type=int, metavar="RUN")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in one sentence why not."""
        run = ImportRun.objects.filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no import {options['run']}.")
        try:
            self.act(run)
        except RefusedError as error:
            raise CommandError(str(error)) from None

    def act(self, run: ImportRun) -> None:
        """What this command does with the run."""
        undone = undo.undo(run)
        self.stdout.write(
            f"Import {run.pk} is undone: {undone.articles} articles and {undone.comments} comments went, "
            f"{undone.emptied} comments stay as placeholders."
        )
