"""Door: do an undone import again."""

import json

from forum.importing import undo
from forum.management.commands._run import RunCommand
from forum.sources.models import ImportRun


class Command(RunCommand):
    """`manage.py redo_import RUN`: the same numbers come back."""

    help = "Do an undone import again."

    def act(self, run: ImportRun) -> None:
        """Do it again as a new run and print that run's report."""
        self.stdout.write(json.dumps(undo.redo(run), ensure_ascii=False, indent=2))
