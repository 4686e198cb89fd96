"""Why a comment waits, in words and as marks in its text."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from forum.moderation.filters import reason_in_words


class Piece(NamedTuple):
    """A part of a comment's source text; `rule` says in words what matched it, "" when nothing did."""

    text: str
    rule: str


@dataclass(slots=True)
class Why:
    """A rule that wanted the comment looked at, in words, and what it matched."""

    rule: str
    words: str
    matched: list[str] = field(default_factory=list)


def pieces_of(source: str, hits: Iterable[dict]) -> list[Piece]:
    """A source text in pieces, what rules matched apart from the rest; empty when nothing is matched.

    A hit that does not say any more what stands at its place is left out: the text has been changed since.
    """
    pieces, at = [], 0
    for hit in sorted(hits, key=lambda hit: (hit["start"], -hit["end"])):
        start, end = max(hit["start"], at), hit["end"]
        if source[hit["start"] : end][: len(hit["matched"])] != hit["matched"] or start >= end:
            continue
        pieces += [Piece(source[at:start], "")] if start > at else []
        pieces.append(Piece(source[start:end], reason_in_words(hit["rule"], hit.get("label", ""))))
        at = end
    return [*pieces, Piece(source[at:], "")] if pieces else []


def why_of(hits: Iterable[dict]) -> list[Why]:
    """The rules of these hits in words, each once with all that it matched."""
    said: dict[str, Why] = {}
    for hit in hits:
        words = reason_in_words(hit["rule"], hit["label"])
        one = said.setdefault(hit["rule"], Why(hit["rule"], words))
        if hit["matched"] and hit["matched"] not in one.matched:
            one.matched.append(hit["matched"])
    return list(said.values())
