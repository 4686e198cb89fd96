"""Door: what the commands on one import run have in common."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.importing.records import RefusedError
from forum.sources.models import ImportRun


class RunCommand(BaseCommand):
    """A command on the run whose number it is given; what cannot be done is one sentence and exit 1."""

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
        """What the command does with the run."""
        raise NotImplementedError
