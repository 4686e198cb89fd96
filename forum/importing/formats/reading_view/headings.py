"""Knows the lines that announce comments ("18 thoughts on “T”") and compares titles loosely."""

import re
from dataclasses import dataclass

_MOST_LETTERS = 300
_ONE = r"one|an?|eine?|ein|una?|uno|une?|um|uma|een"
_NOUNS = (
    r"thoughts?|comments?|responses?|repl(?:y|ies)|answers?"
    r"|gedanken?|kommentare?|antwort(?:en)?|reaktion(?:en)?|rückmeldung(?:en)?|meinung(?:en)?"
    r"|comentarios?|respuestas?|pensamientos?|ideas?|opinion(?:es)?"
    r"|commentaires?|réponses?|réflexions?|pensées?|avis"
    r"|comentários?|respostas?|pensamentos?|comment[oi]|rispost[ae]|pensier[oi]|reacties?|gedachten?"
)
_LINKS = r"on|to|about|for|zu|zum|auf|über|en|sobre|a|para|sur|à|pour|au sujet de|em|su|over|op"
_COUNTED = re.compile(
    rf"(?P<count>\d[\d.,’']{{0,8}}|{_ONE})\s(?:{_NOUNS})(?P<rest>\s?[:»]|\s(?:{_LINKS})[:\s]\s?.+)?",
    re.IGNORECASE,
)
_COUNT_LAST = re.compile(rf"(?:{_NOUNS})\s?:?\s?(?:\((?P<a>\d{{1,6}})\)|(?P<b>\d{{1,6}})):?", re.IGNORECASE)
_PUBLISHED = re.compile(r"se han? publicado (?P<count>\d{1,6}|un) comentarios?.{0,80}", re.IGNORECASE)
_NONE_YET = re.compile(
    r"(?:no (?:comments?|responses?|replies)(?: yet)?|keine kommentare|sin comentarios"
    r"|no hay comentarios|aucun commentaire|nessun commento)[:.]?",
    re.IGNORECASE,
)
_UNCOUNTED = re.compile(
    r"(?:comments|kommentare|comentarios|commentaires)(?P<rest>:|\s(?:on|to|zu|sobre|sur)\s.+)?",
    re.IGNORECASE,
)
_LINK_WORD = re.compile(rf"\s*(?:{_LINKS})[:\s]\s*", re.IGNORECASE)
_OPENING = "“„«‹\"'‘”»›‚"
_CLOSING = "”“»›\"'’«‹‘"
_FIRST = re.compile(
    rf"\d|(?:{_ONE}|{_NOUNS}|no|se|keine|sin|aucun|nessun)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that may announce comments: where it stands, what it declares, the title that it quotes.

    `declared` is None where it names no number, `quoted` is "" where it names no title, and
    `in_quotes` says whether that title stood in quotation marks.
    """

    line: int
    text: str
    declared: int | None
    quoted: str = ""
    in_quotes: bool = False


def heading_of(text: str, line: int = 0) -> Heading | None:
    """The comment heading that `text` is as a whole, or None. Forms: docs/reading-view.md."""
    text = text.strip()
    if len(text) > _MOST_LETTERS or not _FIRST.match(text):
        return None
    if _NONE_YET.fullmatch(text):
        return Heading(line, text, 0)
    found = _COUNTED.fullmatch(text)
    if found:
        quoted, in_quotes = _quoted(found["rest"] or "")
        return Heading(line, text, _number(found["count"]), quoted, in_quotes)
    found = _COUNT_LAST.fullmatch(text)
    if found:
        return Heading(line, text, int(found["a"] or found["b"]))
    found = _PUBLISHED.fullmatch(text)
    if found:
        return Heading(line, text, _number(found["count"]))
    found = _UNCOUNTED.fullmatch(text)
    if found:
        quoted, in_quotes = _quoted(found["rest"] or "")
        return Heading(line, text, None, quoted, in_quotes)
    return None


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same but for case, spaces, quotes and dashes, or one is cut short."""
    short, long = sorted((folded(one), folded(other)), key=len)
    if not short:
        return one.strip() == other.strip() and bool(one.strip())
    least = 8
    return short == long or (len(short) >= least and long.startswith(short))


def folded(title: str) -> str:
    """The letters and digits of a title in one case, for comparing."""
    return "".join(letter for letter in title.casefold() if letter.isalnum())


def _number(text: str) -> int:
    digits = "".join(letter for letter in text if letter.isdecimal())
    return int(digits) if digits else 1


def _quoted(rest: str) -> tuple[str, bool]:
    """The title behind "on", without its quotation marks, and whether it had an opening one."""
    title = _LINK_WORD.sub("", rest, count=1).strip(" \u00a0") if rest.strip(" :»") else ""
    if not title or title[0] not in _OPENING:
        return title, False
    title = title[1:].lstrip(" \u00a0")
    if title and title[-1] in _CLOSING:
        title = title[:-1].rstrip(" \u00a0")
    return title, True
