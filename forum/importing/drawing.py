"""A planned article as the preview draws it: the thread as it will stand and the check of counts."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from forum.importing.match import PlannedArticle, PlannedComment
from forum.sources.models import ImportRun
from forum.text.render import render
from forum.threads.reading import nesting


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


def draw(planned: PlannedArticle) -> Drawing:
    """The preview of one article."""
    levels = [comment.level for comment in planned.comments]
    steps = zip(planned.comments, nesting(levels), strict=True)
    drawn = [DrawnComment(comment, opens, closes) for comment, (opens, closes) in steps]
    by_level = [levels.count(level) for level in range(max(levels, default=-1) + 1)]
    body = render(planned.record.body, planned.record.body_format)
    ends = range(levels[-1] if levels else -1)
    return Drawing(planned, body, drawn, ends, by_level, _notes(planned.record.hints))


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
