"""Door: take an import back."""

from forum.importing import undo
from forum.management.commands._run import RunCommand
from forum.sources.models import ImportRun


class Command(RunCommand):
    """`manage.py undo_import RUN`: rows that nothing native hangs on go, the rest become placeholders."""

    help = "Take an import back."

    def act(self, run: ImportRun) -> None:
        """Undo it and say what went and what stays."""
        undone = undo.undo(run)
        self.stdout.write(
            f"Import {run.pk} is undone: {undone.articles} articles and {undone.comments} comments went, "
            f"{undone.emptied} comments stay as placeholders."
        )
