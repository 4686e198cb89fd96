"""A planned article as the preview draws it: the thread as it will stand, its doubts, its check of counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from forum.importing import drawing_check, drawing_doubts
from forum.importing.corrections import is_corrected
from forum.importing.drawing_doubts import Clues, Doubt
from forum.importing.match_corrections import DROP, ECHOES, HOLD, fate_of, in_reading_order
from forum.importing.plan_items import Outcome, PlannedArticle, PlannedComment
from forum.importing.records import Remark
from forum.sources.models import ImportRun
from forum.text.excerpt import excerpt
from forum.text.render import render
from forum.threads.reading import nesting
from forum.threads.states import Kind

MOST_COMMENTS = 500  # of one article, and as many doubtful ones beyond
MOST_CHOICES = 100  # comments of an article whose parents are chosen from a list
LEAST = 10  # comments of an article that are drawn however full the page is
WORDS = 280  # characters of a comment
FEW_WORDS = 50  # characters in a list of parents


@dataclass(slots=True)
class Room:
    """How much more a page may hold, of all its articles together."""

    comments: int = 1000
    choices: int = 10_000


@dataclass(slots=True)
class DrawnComment:
    """One comment of the preview; `opens` and `closes` as in a page of the discussion.

    `may_fate` says whether it can be left out or held here, `choices` are the comments that it could
    answer (label and words), empty where the label has to be typed.
    """

    planned: PlannedComment
    anchor: str
    opens: bool
    closes: range
    words: str
    outcome: str
    left_out: bool
    doubt: Doubt | None
    marks: list[str]
    corrected: bool
    may_fate: bool
    choices: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Drawing:
    """One article of the preview, `number` counted from 1; `doubts` are the drawn ones of its `open_doubts`
    comments whose parent is still in doubt, `others` the remarks that nothing else in the drawing tells;
    `corrections` counts what is in force."""

    number: int
    planned: PlannedArticle
    body_html: str
    comments: list[DrawnComment]
    ends: range
    by_level: list[int]
    outcome: str
    notes: list[str]
    remarks: list[Remark]
    others: list[Remark]
    check: drawing_check.Check
    doubts: list[DrawnComment]
    open_doubts: int
    not_drawn: int
    corrections: int
    fate: str
    may_fate: bool

    @property
    def more_doubts(self) -> int:
        """How many comments with a guessed parent are not drawn."""
        return self.open_doubts - len(self.doubts)


def draw(planned: PlannedArticle, number: int, room: Room) -> Drawing:
    """The preview of one matched article; takes what it needs of the page's room."""
    ordered = in_reading_order(planned.comments)
    levels = [comment.level for comment in ordered]
    chosen = _chosen(ordered, room)
    remarks = [*planned.record.remarks, *planned.lost]
    clues = drawing_doubts.clues(remarks, ordered)
    steps = zip(chosen, nesting(comment.level for comment in chosen), strict=True)
    drawn = [_comment(planned, c, number, opens, closes, clues) for c, (opens, closes) in steps]
    _offer_choices(drawn, ordered, room)
    doubts = [one for one in drawn if one.doubt and not one.doubt.settled]
    is_open = [drawing_doubts.is_doubtful(c) and not drawing_doubts.is_settled(c) for c in ordered]
    stands = planned.item is not None and planned.item.article_id is not None
    return Drawing(
        number=number,
        planned=planned,
        body_html=render(planned.record.body, planned.record.body_format),
        comments=drawn,
        ends=range(chosen[-1].level if chosen else -1),
        by_level=[levels.count(level) for level in range(max(levels, default=-1) + 1)],
        notes=_notes(planned.record.hints),
        outcome=Outcome(planned.outcome).label,
        remarks=remarks,
        others=_others(remarks, drawn),
        check=drawing_check.check(planned, remarks),
        doubts=doubts,
        open_doubts=sum(is_open),
        not_drawn=len(ordered) - len(drawn),
        corrections=sum(is_corrected(e.item) for e in [planned, *planned.comments]),
        fate=fate_of(planned.item) if not stands else "",
        may_fate=not stands and not planned.is_made_up and planned.record.state != "trash",
    )


def anchor(number: int, comment: PlannedComment | None) -> str:
    """Where a comment of the article `number` stands in the page, or for None the article."""
    return f"c-{number}-{comment.place + 1}" if comment else f"drawing-{number}"


def anchor_of(number: int, planned: PlannedArticle, label: str) -> str:
    """The same by the comment's label; the article's where there is no such comment."""
    found = next((one for one in planned.comments if one.said.key == label), None)
    return anchor(number, found)


def notes_of(run: ImportRun) -> list[str]:
    """The notes for staff of an ended run."""
    return [note for witness in run.witnesses.filter(item__kind="article") for note in _notes(witness.hints)]


def _others(remarks: Sequence[Remark], drawn: Sequence[DrawnComment]) -> list[Remark]:
    at_comments = {row.planned.said.key for row in drawn if row.doubt}
    told = {id(r) for r in remarks if r.code in drawing_doubts.INFERRED and r.source_id in at_comments}
    return [r for r in remarks if r.code not in drawing_check.TOLD and id(r) not in told]


def _chosen(ordered: Sequence[PlannedComment], room: Room) -> list[PlannedComment]:
    """The first comments and all doubtful ones with what they stand under, as far as there is room."""
    most = max(min(MOST_COMMENTS, room.comments), LEAST)
    wanted = {id(comment) for comment in ordered[:most]}
    full = len(wanted) + most
    for comment in ordered[most:]:
        if len(wanted) >= full:
            break
        at = comment if drawing_doubts.is_doubtful(comment) else None
        while at is not None and id(at) not in wanted:
            wanted.add(id(at))
            at = at.parent
    chosen = [comment for comment in ordered if id(comment) in wanted]
    room.comments -= len(chosen)
    return chosen


def _comment(
    planned: PlannedArticle,
    comment: PlannedComment,
    number: int,
    opens: bool,
    closes: range,
    clues: Clues,
) -> DrawnComment:
    source = comment.said
    # In a new post everything is created, which need not be said at each comment.
    told = {comment.outcome, planned.outcome} != {Outcome.CREATED}
    gone = source.state in {"spam", "removed"} or source.kind == Kind.PLACEHOLDER
    return DrawnComment(
        planned=comment,
        anchor=anchor(number, comment),
        opens=opens,
        closes=closes,
        words=excerpt(source.body[: 4 * WORDS], WORDS),
        outcome=Outcome(comment.outcome).label if told else "",
        left_out=comment.left_out,
        doubt=drawing_doubts.doubt(comment, clues),
        marks=_marks(comment),
        corrected=is_corrected(comment.item),
        may_fate=not (gone or comment.row_stands or planned.is_left_out),
    )


def _marks(comment: PlannedComment) -> list[str]:
    """What was corrected, in a word or two each."""
    marks = []
    if comment.parent is not comment.said_parent and comment.parent is not None:
        marks.append(_("moved: answers %(label)s") % {"label": comment.parent.said.key})
    elif comment.stored_place is not None and comment.stored_place.parent is not None:
        marks.append(_("answers a comment that is here already and not in this file"))
    elif comment.parent is not comment.said_parent:
        marks.append(_("moved to the top level"))
    elif comment.record.parent_certain and not comment.said.parent_certain:
        marks.append(_("place accepted"))
    fate = fate_of(comment.item)
    if fate == DROP and not comment.row_stands:
        marks.append(_("left out"))
    elif fate == HOLD and not comment.row_stands:
        marks.append(_("will be held"))
    return marks


def _offer_choices(drawn: list[DrawnComment], ordered: Sequence[PlannedComment], room: Room) -> None:
    """Lists of what each comment could answer, where these are short and the page has room for them."""
    size = len(ordered) * len(drawn)
    if len(ordered) > MOST_CHOICES or size > room.choices:
        return
    room.choices -= size
    said = [(one, (one.said.key, _in_a_line(one))) for one in ordered]
    place = {id(one): n for n, one in enumerate(ordered)}
    for row in drawn:
        begin = end = place[id(row.planned)]
        # Its replies, which it cannot answer, follow it in one piece.
        while end + 1 < len(ordered) and ordered[end + 1].level > row.planned.level:
            end += 1
        others = [*said[:begin], *said[end + 1 :]]
        row.choices = [choice for one, choice in others if one.said.kind not in ECHOES]


def _in_a_line(comment: PlannedComment) -> str:
    name = comment.said.author_name or _("unnamed reader")
    return f"{comment.said.key} {name}: {excerpt(comment.said.body[:200], FEW_WORDS)}"


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
