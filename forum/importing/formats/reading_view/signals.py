"""Scores what speaks for one comment answering another, where the text itself does not settle it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from forum.importing.formats.reading_view.items import Item
from forum.importing.records import ArchivedComment, Remark

_FARTHEST = 60
_MOST_SHOWN = 3
_LEAST = 0.3
_SURE = 0.5
_HIGHEST = 0.95
_SHORTEST_NAME = 2
_GREETING = (
    r"(?:(?:dear|hi|hello|hey|thanks|thank you|thx|yes|no|well|sorry|welcome|agree with|i agree with(?: you)?"
    r"|hallo|liebe[rs]?|danke|hola|gracias|merci|bonjour|cher|chère)[,!]?\s+){0,2}"
)
_CALLED = re.compile(rf"{_GREETING}([^\W\d_][^,:!.?@\n]{{1,40}}?)\s*(?:[,:!]|\s[–-]\s)", re.IGNORECASE)
_AT = re.compile(r"\W{0,2}@\s?([^\W_][^\n,:!?]{1,60})")
_SIGNATURE = re.compile(r"\n\s*[–-]?\s*([^\W\d_][\w .'-]{1,30})\s*\Z")


@dataclass(slots=True)
class Candidate:
    """An earlier comment that may be the one answered: how likely (0 to 1), and what speaks for it."""

    key: str
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def add(self, score: float, reason: str) -> None:
        """One more signal, for it or against it."""
        self.score = round(self.score + score, 2)
        self.reasons.append(reason)


def suggest_parents(comments: Sequence[ArchivedComment], items: Sequence[Item]) -> list[Remark]:
    """Remarks on comments whose parent is a guess, or that call somebody else by name, with suggestions.

    The tree stays as it is; each candidate with its score and signals goes to the comment's hints
    (`parent_candidates`), for a person to decide. Signals (case T8): a name called at the start, “@”, the
    order of dates, two people taking turns, numbers that start again.
    """
    remarks: list[Remark] = []
    by_number: dict[str, str] = {}
    for index, comment in enumerate(comments):
        called, marked = _called(comment.body)
        if comment.parent_certain and not called:
            continue
        _note_number(index, comments, items, by_number)
        found = [
            candidate
            for place in range(max(0, index - _FARTHEST), index)
            if (candidate := _judged(comments, place, index, called, marked, by_number.get(comment.key, "")))
        ]
        found.sort(key=lambda candidate: -candidate.score)  # stable: of equals the first in the text
        if not found or (comment.parent_certain and not _contradicts(comment, found[0])):
            continue
        shown = found[:_MOST_SHOWN]
        comment.hints["parent_candidates"] = [
            {"key": one.key, "score": one.score, "signals": one.reasons} for one in shown
        ]
        if shown[0].key != comment.parent_key:
            remarks.append(Remark("parent_suggested", comment.key, _told(comment, shown)))
    return remarks


def _contradicts(comment: ArchivedComment, best: Candidate) -> bool:
    """Whether a sure place in the tree is doubted: only by somebody else being called by name."""
    return best.key != comment.parent_key and best.score >= _SURE


def _called(body: str) -> tuple[str, bool]:
    """The name that a comment begins with, folded, and whether an “@” stood before it; "" without."""
    found = _AT.match(body)
    if found:
        return found[1].casefold().strip(), True
    found = _CALLED.match(body)
    return (found[1].casefold().strip(), False) if found else ("", False)


def _note_number(
    index: int, comments: Sequence[ArchivedComment], items: Sequence[Item], by_number: dict[str, str]
) -> None:
    """What the numbers say where indentation is lost: 1 begins a list under the comment above it."""
    number = items[index].number
    if comments[index].parent_certain or number is None or not index:
        return
    above = comments[index - 1].key
    if number == 1:
        by_number[comments[index].key] = above
    elif items[index - 1].number == number - 1 and above in by_number:
        by_number[comments[index].key] = by_number[above]


def _judged(
    comments: Sequence[ArchivedComment], place: int, index: int, called: str, marked: bool, by_number: str
) -> Candidate | None:
    """What speaks for and against one candidate, None when it is too little."""
    comment, other = comments[index], comments[place]
    candidate = Candidate(other.key)
    if called and _is_name(called, other.author_name):
        candidate.add(0.6 if marked else 0.5, f"“{'@' if marked else ''}{other.author_name}” is called")
    elif called and (signed := _SIGNATURE.search(other.body)) and _is_name(called, signed[1]):
        candidate.add(0.4, f"“{signed[1].strip()}”, who signed it, is called")
    if by_number == other.key:
        candidate.add(0.35, "the numbers start again below it")
    if not candidate.reasons and place != index - 1:
        return None
    if comment.author_name:
        _weigh_turns(candidate, comments, place, comment)
    if comment.posted_at and other.posted_at:
        later = comment.posted_at < other.posted_at
        candidate.add(*((-0.6, "it is newer") if later else (0.1, "it is older")))
    if place == index - 1:
        candidate.add(0.05, "it stands right above")
    candidate.score = min(candidate.score, _HIGHEST)
    return candidate if candidate.score >= _LEAST else None


def _weigh_turns(
    candidate: Candidate, comments: Sequence[ArchivedComment], place: int, comment: ArchivedComment
) -> None:
    """Two people taking turns answer each other; hardly anybody answers oneself."""
    before = comments[place - 1].author_name if place else ""
    if comments[place].author_name == comment.author_name:
        candidate.add(-0.2, "the same person wrote it")
    elif before == comment.author_name:
        candidate.add(0.25, "the two take turns")


def _is_name(called: str, name: str) -> bool:
    """Whether what is called, folded, is a name or its first word; “@” has the text right behind it."""
    folded = " ".join(name.casefold().split())
    first = folded.partition(" ")[0]
    if len(first) < _SHORTEST_NAME:
        return False
    return called in {folded, first} or any(
        re.match(rf"{re.escape(one)}(?!\w)", called) for one in (folded, first)
    )


def _told(comment: ArchivedComment, shown: Sequence[Candidate]) -> str:
    told = "; ".join(f"{one.key} ({one.score:.2f}: {', '.join(one.reasons)})" for one in shown)
    return f"Comment {comment.key} may answer {told}."
