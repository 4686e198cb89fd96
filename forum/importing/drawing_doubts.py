"""Why a parent is a guess and how good the guess is, in words for people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forum.importing.plan_items import PlannedComment
from forum.importing.records import AS_WRITTEN, Remark
from forum.text.excerpt import excerpt

INFERRED = {"parent_inferred", "parent_missing", "parent_circle", "parent_suggested"}
SNIPPET = 160  # characters of the parent's words
LIKELY, POSSIBLE = 0.75, 0.4
MOST_NAMED = 3  # comments of somebody who is spoken to
_SPEAKS_TO = re.compile(
    r"\W*(?:(?:dear|hi|hello|hey|thanks|thank you|sorry|yes|no)\b[\s,]*)?@?"
    r"([^\W\d_][\w.' -]{1,38}?)\s*(?:[,:!?–-]|$)",
    re.I,
)


@dataclass(slots=True)
class Suggestion:
    """A comment that may be the one answered, how likely that is, and what speaks for it."""

    label: str
    name: str
    snippet: str
    sure: str
    score: float
    signals: str


@dataclass(slots=True)
class Doubt:
    """A parent in doubt: its label and name ("" for the top level), the beginning of its words, how sure
    the reader was, and what it went by; `guessed` is false where only the words contradict a sure place,
    `settled` is true once an admin has said what is right."""

    label: str
    name: str
    snippet: str
    sure: str
    confidence: float
    why: list[str]
    suggestions: list[Suggestion]
    guessed: bool
    settled: bool


@dataclass(slots=True)
class Clues:
    """What an article tells of its guessed parents: the readers' remarks by label, the comments by label,
    and who wrote what, by whole and first names in small letters."""

    remarks: dict[str, str]
    by_label: dict[str, PlannedComment]
    by_name: dict[str, list[PlannedComment]]


def clues(remarks: Iterable[Remark], comments: Iterable[PlannedComment]) -> Clues:
    """Gather the clues of one article."""
    said = {r.source_id: r.message for r in remarks if r.code in INFERRED - {"parent_suggested"}}
    by_label: dict[str, PlannedComment] = {}
    by_name: dict[str, list[PlannedComment]] = {}
    for comment in comments:
        by_label[comment.said.key] = comment
        name = comment.said.author_name.casefold().strip()
        for known in {name, name.split(" ")[0]} - {""}:
            by_name.setdefault(known, []).append(comment)
    return Clues(said, by_label, by_name)


def is_doubtful(comment: PlannedComment) -> bool:
    """Whether its source's parent is a guess, or contradicted by the comment's words.

    One whose parent its file lacks is in no doubt while an earlier import knows it.
    """
    place = comment.stored_place
    if place is not None and place.parent is not None:
        return False
    return not comment.said.parent_certain or bool(comment.said.hints.get("parent_candidates"))


def is_settled(comment: PlannedComment) -> bool:
    """Whether an admin has said what a doubtful comment answers."""
    if not comment.said.parent_certain:
        return comment.record.parent_certain
    return comment.item is not None and "parent" in comment.item.override


def doubt(comment: PlannedComment, found: Clues) -> Doubt | None:
    """The doubt about a comment's parent, as its source has it; None where there is none."""
    if not is_doubtful(comment):
        return None
    source, parent = comment.said, comment.said_parent
    suggestions = _suggestions(comment, found)
    return Doubt(
        label=parent.said.key if parent else "",
        name=parent.said.author_name if parent else "",
        snippet=excerpt(parent.said.body[: 4 * SNIPPET], SNIPPET) if parent else "",
        sure=_in_words(source.confidence),
        confidence=round(source.confidence, 2),
        why=_reasons(comment, found, brief=bool(suggestions)),
        suggestions=suggestions,
        guessed=not source.parent_certain,
        settled=is_settled(comment),
    )


def _suggestions(comment: PlannedComment, found: Clues) -> list[Suggestion]:
    """The candidates that a reader has scored (`parent_candidates` of its hints)."""
    told = []
    for candidate in comment.said.hints.get("parent_candidates", []):
        other = found.by_label.get(candidate["key"])
        if other is None:
            continue
        score = round(candidate["score"], 2)
        words = excerpt(other.said.body[: 4 * SNIPPET], SNIPPET)
        signals = ", ".join(candidate["signals"])
        told.append(
            Suggestion(other.said.key, other.said.author_name, words, _in_words(score), score, signals)
        )
    return told


def _in_words(confidence: float) -> str:
    if confidence >= LIKELY:
        return _("likely")
    return _("possible") if confidence >= POSSIBLE else _("a mere guess")


def _reasons(comment: PlannedComment, found: Clues, *, brief: bool) -> list[str]:
    """What speaks for and against the parent; `brief` where scored suggestions tell the rest."""
    source = comment.said
    reasons = [found.remarks[source.key]] if source.key in found.remarks else []
    if missing := source.hints.get(AS_WRITTEN):
        reasons.append(_("Its source names “%(key)s” as what it answers.") % {"key": str(missing)[:60]})
    return reasons if brief else reasons + _spoken_to(comment, found) + _in_turn(comment)


def _spoken_to(comment: PlannedComment, found: Clues) -> list[str]:
    """Whom it begins by addressing, where that is somebody who wrote before it."""
    named = _SPEAKS_TO.match(comment.said.body[:80])
    theirs = found.by_name.get(named[1].casefold().strip(), []) if named else []
    earlier = [one for one in theirs if one.place < comment.place][-MOST_NAMED:]
    if not earlier:
        return []
    said = {"name": earlier[-1].said.author_name, "labels": ", ".join(one.said.key for one in earlier)}
    return [_("It begins by addressing %(name)s, who wrote %(labels)s.") % said]


def _in_turn(comment: PlannedComment) -> list[str]:
    """What the order of dates and of authors says for or against the parent."""
    source, parent = comment.said, comment.said_parent
    if parent is None:
        return []
    reasons = []
    if source.posted_at and parent.said.posted_at and source.posted_at < parent.said.posted_at:
        reasons.append(_("It is older than the comment that it stands under."))
    above = parent.said_parent
    if above is not None and source.author_name and source.author_name == above.said.author_name:
        reasons.append(_("Its author also wrote what that comment answers, so the two may talk in turn."))
    return reasons
