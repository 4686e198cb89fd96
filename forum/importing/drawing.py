"""A planned article as the preview draws it: the thread as it will stand and the check of counts."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from forum.importing.match import Outcome, PlannedArticle, PlannedComment
from forum.sources.models import ImportRun
from forum.text.render import render


@dataclass(slots=True)
class DrawnComment:
    """One comment of the preview; `opens` and `closes` as in a page of the discussion."""

    planned: PlannedComment
    opens: bool
    closes: range


@dataclass(slots=True)
class Drawing:
    """One article of the preview."""

    planned: PlannedArticle
    body_html: str
    comments: list[DrawnComment]
    ends: range
    by_level: list[int]
    notes: list[str]

    @property
    def missing(self) -> int | None:
        """How many comments were declared and are not in the text; None when nothing was declared."""
        record = self.planned.record
        return None if record.declared is None else record.declared - len(record.comments)

    @property
    def new(self) -> int:
        """How many items will be created."""
        entries = [self.planned, *self.planned.comments]
        return sum(entry.outcome == Outcome.CREATED for entry in entries)


def draw(planned: PlannedArticle) -> Drawing:
    """The preview of one article."""
    drawn, by_level, depth = [], [], -1
    for comment in planned.comments:
        level = comment.level
        drawn.append(DrawnComment(comment, level > depth, range(max(depth - level, 0))))
        depth = level
        by_level += [0] * (level + 1 - len(by_level))
        by_level[level] += 1
    body = render(planned.record.body, planned.record.body_format)
    return Drawing(planned, body, drawn, range(depth), by_level, _notes(planned.record.hints))


def notes_of(run: ImportRun) -> list[str]:
    """The notes for staff of an ended run."""
    return [note for witness in run.witnesses.filter(item__kind="article") for note in _notes(witness.hints)]


def _notes(hints: dict) -> list[str]:
    notes = []
    if name := hints.get("reply_form_name"):
        notes.append(
            _(
                "The text's reply form names “%(name)s”, so this person probably wrote one of the comments. "
                "Which one it does not say, so the name was given to none."
            )
            % {"name": name}
        )
    if glue := hints.get("glue"):
        notes.append(
            _("Words stand glued together, as in the source: %(places)s.")
            % {"places": ", ".join(f"“{g}”" for g in glue)}
        )
    return notes
