"""Finds the line that names a comment's author and date, where a reading view has kept it."""

import re
from dataclasses import dataclass

from forum.importing.formats.reading_view.dates import find_moment
from forum.importing.formats.reading_view.lines import is_blank

_MOST_LETTERS = 160
_LONGEST_NAME = 80
_MOST_WORDS = 8
_MOST_WORDS_ALONE = 5
_MARKS = ",'"
_SAID = (
    r"says|said|wrote|writes|commented|schreibt|schrieb|sagt|sagte|meint|meinte|dice|dijo|escribió|a dit|dit"
)
# The sign behind the verb tells "Mary says:" from the first words of a sentence.
_SAID_AT_END = re.compile(
    rf"(.{{1,{_LONGEST_NAME}}}?)[ ,]+(?:{_SAID})(?: ?(?::|\.\.\.|…)| on| am):?", re.IGNORECASE
)
_SAID_BEFORE_DATE = re.compile(rf"[ ,]+(?:{_SAID})$", re.IGNORECASE)
_DATE_WORD = re.compile(r"(?:^|[ ,]+)(?:on|am|at|el|le)$", re.IGNORECASE)
_BEHIND_DATE = re.compile(
    r"[ :.)»/|·-]*(?:(?:reply|permalink|edit|antworten)[ :.)»/|·-]*){0,2}", re.IGNORECASE
)
_NOBODY = (
    " he she it we they you i this that these those the a an my your his her our their as who what which"
    " and but so if when while also there here everyone everybody someone somebody nobody one"
    " er sie es wir ihr ich das dies der die mein meine ein eine man jemand niemand wer was"
    " el la los las un una mi su il elle on ce le les mon ma "
)
_SMALL_WORDS = " of the and und y e de del da di du van von der den la le bin al el zu "


@dataclass(frozen=True, slots=True)
class Header:
    """An author line taken off a comment: the name, the date as it stands there, the lines left.

    `sure` is false for one that could as well begin a sentence; it counts only where the other
    comments of the page have such lines too. `form` is all of it but name and date: a page prints the
    same for each comment.
    """

    name: str
    when: str
    rest: list[str]
    sure: bool
    form: str = ""


def header_of(lines: list[str]) -> Header | None:
    """The header that the lines of one comment begin with, or None; text must follow below it.

    Forms: docs/reading-view.md, “Header lines”.
    """
    if len(lines) < 2 or len(lines[0]) > _MOST_LETTERS:
        return None
    first = lines[0].strip().replace("\u00a0", " ")
    following = _first_filled(lines, 1)
    if following is None:
        return None
    with_date = _with_date(first)
    if with_date:
        name, when, verb = with_date
        return _checked(name, when, lines[following:], bool(verb) or _is_a_name(name), f"{verb} date")
    found = _SAID_AT_END.fullmatch(first)
    if found:
        when, rest = _date_below(lines, following)
        apart = following > 1 or bool(when)
        form = first[found.end(1) :].strip(" ,").casefold()
        return _checked(found[1], when, rest, apart and _is_a_name(found[1]), form)
    if first.endswith("»"):
        when, rest = _date_below(lines, following)
        return _checked(first.rstrip(" »"), when, rest, bool(when), "»") if when else None
    if _is_a_name(first) and _is_stamp(lines[following]):
        when, rest = _date_below(lines, following)
        return _checked(first, when, rest, True, "name") if when else None
    return None


def is_header_line(line: str) -> bool:
    """Whether a line at the margin names the author of the text below it ("Mary said...")."""
    if not line or line[0].isspace() or len(line) > _MOST_LETTERS:
        return False
    header = header_of([line, "", "text"])
    return header is not None and header.sure


def header_at(lines: list[str], place: int) -> Header | None:
    """The header that begins here: a line that names the author, or a name with a date and time below.

    Of the lines left it says nothing.
    """
    line = lines[place]
    is_said = is_header_line(line)
    if not is_said and (not line or line[0].isspace() or not _is_a_name(line)):
        return None
    below = _first_filled(lines, place + 1)
    if is_said:
        return header_of([line, "", *([] if below is None else [lines[below]]), "text"])
    return header_of([line, lines[below], "text"]) if below is not None else None


def is_stamp_line(line: str) -> bool:
    """Whether a whole line at the margin is a date with its time, as it stands by a comment."""
    return bool(line) and not line[0].isspace() and _is_stamp(line)


def _is_stamp(line: str) -> bool:
    text = line.strip().replace("\u00a0", " ")
    found = find_moment(text) if len(text) <= _MOST_LETTERS else None
    whole = found and found.start() == 0 and _BEHIND_DATE.fullmatch(text[found.end() :])
    return bool(whole and found["time"])


def _checked(name: str, when: str, rest: list[str], sure: bool, form: str) -> Header | None:
    name = name.strip(" ,\u00a0").rstrip(" ,/|·–—-")
    words = name.split()
    if not words or len(words) > _MOST_WORDS or len(name) > _LONGEST_NAME or name[-1] in ".:;!?":
        return None
    if not any(not is_blank(line) for line in rest):
        return None
    return Header(name, when, rest, sure, form)


def _with_date(line: str) -> tuple[str, str, str] | None:
    """Name, date and the verb of saying between them, if any, for a line that ends with a date."""
    found = find_moment(line)
    if found is None or not _BEHIND_DATE.fullmatch(line[found.end() :]):
        return None
    before = line[: found.start()].rstrip(" ,/|·–—-(")
    name = _DATE_WORD.sub("", before).rstrip(" ,/|·–—-")
    spoken = _SAID_BEFORE_DATE.search(name)
    if spoken:
        return name[: spoken.start()], found[0], spoken[0].strip(" ,").casefold()
    # Without a verb only the time of day makes it a stamp: "We met on March 5, 2014" is a sentence.
    return (name, found[0], "") if name and found["time"] else None


def _date_below(lines: list[str], position: int) -> tuple[str, list[str]]:
    """The date that the line at `position` wholly is ("" if it is none), and the lines of the text."""
    line = lines[position].strip()
    found = find_moment(line) if len(line) <= _MOST_LETTERS else None
    following = _first_filled(lines, position + 1)
    if found and found.start() == 0 and _BEHIND_DATE.fullmatch(line[found.end() :]) and following is not None:
        return found[0], lines[following:]
    return "", lines[position:]


def _is_a_name(text: str) -> bool:
    words = text.strip(" ,/|·–—-").split()
    if not words or len(words) > _MOST_WORDS_ALONE or _is_among(words[0], _NOBODY):
        return False
    if len(words) == 1:
        return True
    return all(not word[0].islower() or _is_among(word, _SMALL_WORDS) for word in words)


def _first_filled(lines: list[str], start: int) -> int | None:
    return next((place for place in range(start, len(lines)) if not is_blank(lines[place])), None)


def _is_among(word: str, words: str) -> bool:
    return f" {word.casefold().strip(_MARKS)} " in words
