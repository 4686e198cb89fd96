"""Text as it is compared: letters that mean the same are the same, and what nobody sees is gone."""

import re
import unicodedata
from functools import cached_property, lru_cache

MOST_MARKS = 8  # on one letter; more of them are taken apart from it, so that no heap of marks costs time
# One sign for all that people type in place of it; the Turkish i without a dot and the Russian ё are
# written without care for the difference, and a mark of trade is no part of the word.
_SAME = {
    **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4\u02b9\uff07", "'"),
    **dict.fromkeys("\u2010\u2011\u2043\u2212", "-"),
    **dict.fromkeys("\u2122\u2120\u2800", " "),
    **{"\u0451": "\u0435", "\u0131": "i"},
}
# Marks that make another letter of a sign before them which no canonical composition knows: those of
# Japanese, of which half-width and free-standing ones are no marks to Unicode, and accents on wide letters.
_JOINING = re.compile("[\u0300-\u036f\u3099-\u309c\uff9e\uff9f]")
_VOICED = {"\u309b": "\u3099", "\u309c": "\u309a", "\uff9e": "\u3099", "\uff9f": "\u309a"}
# Accents that do not compose, points and vowel marks that may be left out, stretching, blank fillers.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u0652\u0670\u115f\u1160\u17b4\u17b5\u180b-\u180d\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\u3164\ufe00-\ufe0f\ufe20-\ufe2f\uffa0\U000e0100-\U000e01ef]"
)
# Scripts that set no spaces between words: each of their signs stands by itself.
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)


def _marks() -> str:
    """The signs of Indian and other scripts that belong to a word and that `\\w` does not know."""
    spans = (range(0x0900, 0x0E00), range(0x0F00, 0x1000), range(0x1700, 0x1780), range(0x1900, 0x1D00))
    signs = (chr(n) for span in (*spans, range(0xA800, 0xAC00)) for n in span)
    return "".join(sign for sign in signs if unicodedata.category(sign) in {"Mn", "Mc"})


_LETTER, _MARK = rf"[^\W_{SPACELESS}]", f"[{_marks()}]"
WORD = re.compile(f"{_LETTER}+(?:{_MARK}+{_LETTER}*)*|[{SPACELESS}]")
IN_WORD = re.compile(f"{_LETTER}|{_MARK}")


class Folded:
    """A text as it is compared, in `text`, which knows where in its source each part of it stands.

    It is folded when somebody asks for the first time: rules that only count do not.
    """

    __slots__ = ("__dict__", "source")

    def __init__(self, source: str) -> None:
        self.source = source

    @cached_property
    def text(self) -> str:
        """The folded text."""
        if self.source.isascii():
            return self.source.lower()
        if _is_composed(self.source):
            return self.source.translate(_TABLE)
        return "".join(map(_one, _clusters(self.source)))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the source the characters `start` to `end` of the folded text come from."""
        if self._places is None:
            return start, end
        begins, ends = self._places
        if start >= end:
            at = begins[start] if start < len(begins) else len(self.source)
            return at, at
        return begins[start], ends[end - 1]

    @cached_property
    def _places(self) -> tuple[list[int], list[int]] | None:
        """Where each folded character's piece of the source begins and ends; None when they are the same."""
        if self.source.isascii():
            return None
        # As `text` was made.
        pieces = list(self.source) if _is_composed(self.source) else _clusters(self.source)
        begins: list[int] = []
        ends: list[int] = []
        at = 0
        for piece in pieces:
            width = len(_one(piece))
            begins += [at] * width
            at += len(piece)
            ends += [at] * width
        return begins, ends


def fold(text: str) -> str:
    """A text as it is compared: NFKC and casefold, so that ß is ss; ё is е and all apostrophes are one.

    Soft hyphens, zero-width and other format characters are gone, so are accents that make no letter of
    their own with what they stand on. Accented letters stay apart from those without.
    """
    return Folded(text).text


def words_in(folded: str) -> list[str]:
    """The words of a folded text in their order; each sign of a script without spaces is one."""
    return WORD.findall(folded)


def whole(folded: str) -> re.Pattern[str]:
    """What finds these folded words over any white space, and only where no letter stands beside them."""
    first, rest = re.escape(folded[0]), [re.escape(part) for part in folded[1:].split(" ")]
    # Behind the first letter, so that a search can jump from one such letter to the next.
    before = f"(?<!{_LETTER}{first})(?<!{_MARK}{first})" if IN_WORD.match(folded) else ""
    behind = f"(?!{_LETTER}|{_MARK})" if IN_WORD.match(folded[-1:]) else ""
    return re.compile(first + before + r"\s+".join(rest) + behind)


def anywhere(folded: str) -> re.Pattern[str]:
    """What finds these folded words over any white space, also within longer ones."""
    return re.compile(r"\s+".join(re.escape(part) for part in folded.split(" ")))


def _is_composed(source: str) -> bool:
    """Whether each sign can be folded by itself."""
    return unicodedata.is_normalized("NFC", source) and not _JOINING.search(source)


def _clusters(source: str) -> list[str]:
    """Letters with the marks that stand on them, and the parts of Korean syllables together."""
    found: list[str] = []
    for char in source:
        if char > "\u02ff" and _joins(char) and found and len(found[-1]) <= MOST_MARKS:
            found[-1] += char
        else:
            found.append(char)
    return found


def _joins(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff" or char in _VOICED


@lru_cache(maxsize=8192)
def _one(cluster: str) -> str:
    if cluster in _SAME:
        return _SAME[cluster]
    if _JOINING.search(cluster):
        cluster = "".join(_VOICED.get(char, char) for char in cluster)
    known = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    seen = (_SAME.get(c, c) for c in known if unicodedata.category(c) != "Cf")
    return _DROPPED.sub("", "".join(seen))


class _Table(dict[int, str]):
    """What each character becomes, found out when it is first seen."""

    def __missing__(self, code: int) -> str:
        self[code] = _one(chr(code))
        return self[code]


_TABLE = _Table({code: chr(code).lower() for code in range(128)})
