"""What differs between two texts, for people to read: words that went, words that came, the rest around."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

KEPT, WENT, CAME, SKIPPED = "kept", "went", "came", "skipped"
AROUND = 160  # characters of unchanged text that stay readable on each side of a change
LONGEST = 4_000  # words of a changed passage that are compared one by one
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
    return [piece for piece in _joined(found) if piece.text]


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
    if not old or not new or max(len(old), len(new)) > LONGEST:
        return [Piece(WENT, went), Piece(CAME, came)]
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(KEPT, "".join(old[a:b])))
        else:
            found += [Piece(WENT, "".join(old[a:b])), Piece(CAME, "".join(new[c:d]))]
    return found


def _joined(found: list[Piece]) -> list[Piece]:
    """Neighbours of one kind as one, and single spaces between two changes as part of these."""
    joined: list[Piece] = []
    for piece in found:
        if not piece.text:
            continue
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
