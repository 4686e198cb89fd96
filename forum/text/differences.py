"""What differs between two texts, for people to read: words that went, words that came, the rest around."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

KEPT, WENT, CAME, SKIPPED = "kept", "went", "came", "skipped"
AROUND = 160  # characters of unchanged text that stay readable on each side of a change
LONGEST = 4_000  # words of a changed passage that are compared one by one
ALIKE = 0.4  # below that, one text in place of another reads better than crumbs of both
_WORD = re.compile(r"\s+|[^\s\w]|\w+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that was kept, went or came; of a long one that was kept only its ends are shown."""

    kind: str
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """The way from one text to the other, compared by lines and within changed lines by words.

    What is left of it without what came is `before`, without what went `after`.
    """
    found: list[Piece] = []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        went, came = "".join(old[a:b]), "".join(new[c:d])
        found += [Piece(KEPT, went)] if tag == "equal" else _by_words(went, came)
    return _joined(found)


def shortened(found: list[Piece]) -> Iterator[Piece]:
    """The same with the middle of long unchanged runs left out, as a piece that is SKIPPED."""
    for n, piece in enumerate(found):
        if piece.kind != KEPT or len(piece.text) <= 3 * AROUND:
            yield piece
            continue
        if n:
            yield Piece(KEPT, piece.text[:AROUND].rsplit(" ", 1)[0])
        yield Piece(SKIPPED, "")
        if n < len(found) - 1:
            yield Piece(KEPT, piece.text[-AROUND:].split(" ", 1)[-1])


def _by_words(went: str, came: str) -> list[Piece]:
    old, new = _WORD.findall(went), _WORD.findall(came)
    begin = _same(old, new)
    end = _same(old[begin:][::-1], new[begin:][::-1])
    head, tail = "".join(old[:begin]), "".join(old[len(old) - end :])
    old, new = old[begin : len(old) - end], new[begin : len(new) - end]
    middle = [Piece(WENT, "".join(old)), Piece(CAME, "".join(new))]
    if old and new and max(len(old), len(new)) <= LONGEST:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        if matcher.ratio() >= ALIKE:
            middle = [piece for step in matcher.get_opcodes() for piece in _step(step, old, new)]
    return [Piece(KEPT, head), *middle, Piece(KEPT, tail)]


def _same(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(old), len(new)))


def _step(step: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> list[Piece]:
    tag, a, b, c, d = step
    went, came = "".join(old[a:b]), "".join(new[c:d])
    return [Piece(KEPT, went)] if tag == "equal" else [Piece(WENT, went), Piece(CAME, came)]


def _joined(found: list[Piece]) -> list[Piece]:
    """Neighbours of one kind as one, and white space alone between two changes as part of both."""
    joined: list[Piece] = []
    went = came = gap = ""
    for piece in found:
        if piece.kind == KEPT and (went or came) and not piece.text.strip():
            gap += piece.text
        elif piece.kind == KEPT:
            joined += [Piece(WENT, went), Piece(CAME, came), Piece(KEPT, gap + piece.text)]
            went = came = gap = ""
        else:
            went += gap + (piece.text if piece.kind == WENT else "")
            came += gap + (piece.text if piece.kind == CAME else "")
            gap = ""
    return _merged([*joined, Piece(WENT, went), Piece(CAME, came), Piece(KEPT, gap)])


def _merged(found: list[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in found:
        if piece.text and merged and merged[-1].kind == piece.kind:
            merged[-1] = Piece(piece.kind, merged[-1].text + piece.text)
        elif piece.text:
            merged.append(piece)
    return merged
