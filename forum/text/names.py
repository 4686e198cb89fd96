"""What may be a person's name: any script, but nothing that looks like somebody of the staff.

The rules follow Unicode's UTS 39 (confusables, mixed scripts) and UTS 51 (joined pictures); the tables
are those of the Unicode consortium as confusable_homoglyphs ships them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

from confusable_homoglyphs import categories, confusables

from forum.text.tidy import is_visible, one_line

LONGEST = 80
MARKS = 3  # marks on one letter; Vietnamese and pointed Hebrew need two, Tibetan three
RESERVED = (
    *("admin", "admins", "administrator", "administrators", "sysadmin", "afterword", "owner", "root"),
    *("moderator", "moderators", "mod", "mods", "staff", "support", "system", "webmaster"),
)
# Scripts that are written together within one word (UTS 39, 5.2: highly restrictive).
_TOGETHER = (
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
)
_ANY_SCRIPT = {"COMMON", "INHERITED", "Unknown"}
_TRADE = re.compile("[™℠]")  # NFKC would make letters of them
_WORD_BREAKS = re.compile(r"[\s\-_.,:;/|()\[\]{}<>~*+=&@#!?\"'`´’‘“”·•]+")
# Small capitals, turned letters, flags: the letter is the last word of their Unicode name.
_DRAWN = re.compile(r"(?:LATIN|REGIONAL|SQUARED|NEGATIVE|MODIFIER)\b.*\b(?:LETTER|CAPITAL)\b.* ([A-Z])")
_LOOK_ALIKE = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "3": "e", "4": "a", "@": "a", "$": "s"}
)


class NotANameError(ValueError):
    """A text that may not be a name; its argument is the reason: EMPTY, LONG, MARKS, MIXED or STAFF."""


EMPTY, LONG, MANY_MARKS, MIXED, STAFF = "empty", "long", "marks", "mixed", "staff"


def tidy(text: str) -> str:
    """A name as it is stored: compatible forms made plain (NFKC), one line, nothing invisible."""
    return one_line(unicodedata.normalize("NFKC", _TRADE.sub("", text)), 10 * LONGEST)


def checked(text: str, staff: Collection[str] = ()) -> str:
    """A name in its stored form. Raises NotANameError for one that may not be given.

    `staff` are the names that people of the staff go by; whoever is of the staff is not asked.
    """
    name = tidy(text)
    if not is_visible(name):
        raise NotANameError(EMPTY)
    if len(name) > LONGEST:
        raise NotANameError(LONG)
    if _most_marks(name) > MARKS:
        raise NotANameError(MANY_MARKS)
    if _imitates(name, {skeleton(one) for one in staff}):
        raise NotANameError(STAFF)
    if not all(_one_script(word) for word in name.split()):
        raise NotANameError(MIXED)
    return name


def skeleton(name: str) -> str:
    """What a name looks like: equal for names that a reader takes for the same. Not to be shown."""
    return "".join(_bones(word) for word in _words(name))


def _imitates(name: str, staff: set[str]) -> bool:
    # A sign within a word may stand for a letter, as in “adm!n”.
    words = {*_words(name), *tidy(name).split()}
    # “M o d e r a t o r” and “2 Moderators 2” too; not “Staffan” or “Modesty”.
    words |= {"".join(_words(name)), *(_without_ends(word) for word in words)}
    return not {_bones(word) for word in words}.isdisjoint(_reserved()) or skeleton(name) in staff


def _without_ends(word: str) -> str:
    letters = [n for n, char in enumerate(word) if char.isalpha()]
    return word[letters[0] : letters[-1] + 1] if letters else ""


@lru_cache(maxsize=1)
def _reserved() -> frozenset[str]:
    return frozenset(_bones(word) for word in RESERVED)


def _words(name: str) -> Iterator[str]:
    return filter(None, _WORD_BREAKS.split(tidy(name)))


def _bones(word: str) -> str:
    seen = "".join(_like_ascii(char) for char in word).casefold()
    drawn = unicodedata.normalize("NFKD", seen).translate(_LOOK_ALIKE)
    plain = "".join(char for char in drawn if _counts(char))
    return plain.replace("rn", "m").replace("vv", "w").replace("cl", "d")


def _counts(char: str) -> bool:
    """Letters and digits make a name; marks, modifiers and pictures around them do not."""
    return unicodedata.category(char) in {"Ll", "Lo", "Lt", "Lu", "Nd"}


@lru_cache(maxsize=20_000)
def _like_ascii(char: str) -> str:
    """The ASCII that a character is taken for, else the character."""
    if char.isascii():
        return char
    for known in (char, char.casefold(), *unicodedata.normalize("NFKD", char)[:1]):
        if known.isascii():
            return known
        for like in confusables.confusables_data.get(known, []):
            if like["c"].isascii() and like["c"].isalnum():
                return like["c"]
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    drawn = _DRAWN.fullmatch(unicodedata.name(char, ""))
    return drawn[1] if drawn else char


def _one_script(word: str) -> bool:
    scripts = {categories.alias(char) for char in word if char.isalpha()} - _ANY_SCRIPT
    return len(scripts) <= 1 or any(scripts <= together for together in _TOGETHER)


def _most_marks(name: str) -> int:
    most = run = 0
    for char in unicodedata.normalize("NFD", name):
        run = run + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        most = max(most, run)
    return most
