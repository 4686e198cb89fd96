"""What in a text could tell strangers who somebody is or how to reach them: for a hint to its writer alone.

Deliberately narrow: a hint that comes for doses, scores or years would teach people to press it away.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import phonenumbers
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a passage looks like."""

    PHONE = "phone", _("a phone number")
    EMAIL = "email", _("an e-mail address")
    NUMBER = "number", _("a record, insurance or identity number")
    BIRTH = "birth", _("a date of birth")
    PLACE = "place", _("a postal address")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage of a text and what it looks like."""

    kind: Kind
    start: int
    end: int


_OF_DIGITS = frozenset({Kind.PHONE, Kind.NUMBER})
MOST = 20
# A text can be made of nothing else, and each is put to libphonenumber, which takes its time.
MOST_NUMBERS = 50
LONGEST_NUMBER = 40
# No pattern here repeats anything without an end: anybody may send a text that is all repetition.
# Whose ways of writing numbers without a country code are known here.
REGIONS = (
    *("GB", "US", "CA", "AU", "NZ", "IE", "DE", "AT", "CH", "FR", "BE", "NL", "ES", "PT", "IT", "SE"),
    *("NO", "DK", "FI", "PL", "GR", "IL", "ZA", "IN"),
)
_POSSIBLE = phonenumbers.Leniency.POSSIBLE
_PLUS = re.compile(r"[+＋](?=[ ()]{0,2}\d)")
_NATIONAL = re.compile(r"(?<![\w.,/+])\(?0\d(?:[ \-./()]{0,2}\d){7,12}(?![\w/]|[.,]\d)")
_AMERICAN = re.compile(
    r"(?<![\w.,/+-])(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])[2-9]\d\d[-.]\d{4}(?![\w/-])"
)
# Of these cells people tell how many they have.
_OF_BLOOD = "".join(
    rf"(?<!\b{what}[\s-])" for what in ("white", "red", "blood", "T", "B", "NK", "stem", "plasma", "mast")
)
_CALLED = re.compile(
    r"\b(?:phone|telephone|tel|telefon|teléfono|téléphone|whatsapp|(?:call|ring|text) me"
    rf"|(?P<also>mobile|handy|{_OF_BLOOD}cell))\b"
    r"(?:\s(?:no|number|nummer|is|on|at|me|my|unter)\b|[\s.:#]){0,8}"
    r"(?P<said>\+?\(?\d(?:[ \-./()]{0,2}\d){6,13})",
    re.IGNORECASE,
)
# Numbers of books, papers and money, which look like those of phones; an ISBN even like one of the NHS.
_OF_WORKS = re.compile(
    r"\b(?:ISBN(?:-1[03])?|ISSN|PMID|grant)\b(?:\s(?:no|number|nr|id)\b|[\s.:#]){0,6}"
    r"(?:[A-Z]{1,4}[ /-]?)?(?P<said>\d(?:[ /-]?\d){0,16})",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\d{1,2}")
_AMOUNT = re.compile(r"\d{1,3}[.,]\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[^\W\d_]{2,24}\b")
_MONTH = (
    r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|fév|avr|juin|juil|août"
    r"|déc)[^\W\d_]{0,7}"
)
_DAY = (
    r"(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?(?:\sof|\sde)?\s{_MONTH}\.?,?(?:\sde)?\s\d{{4}}"
    rf"|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
)
_BIRTH = re.compile(
    r"\b(?:born|date of birth|birth ?date|d\.?o\.?b\.?|birthday|geboren|geburtsdatum|geb\.|née?|nacid[oa]"
    rf"|fecha de nacimiento)(?:\s(?:is|on|am|le|el|was|the)\b|[\s:]){{0,8}}(?P<said>{_DAY})(?!\d)",
    re.IGNORECASE,
)
_RECORD = re.compile(
    r"\b(?:patient|medical|record|chart|hospital|clinic|insurance|policy|member(?:ship)?|medicare|medicaid"
    r"|health card|nhs|national|passport|social security|identity|id|(?:versicher|kranken|patienten)\w{0,30})"
    r"(?:\s(?:record|insurance|id|card|file|security)){0,4}\s?"
    r"(?:no\.?|number|nr\.?|nummer|#|id|(?<=\bid)\s?:|(?<=passport)\s?:|(?<=security)\s?:)"
    r"(?:\s?(?:is|ist|:|#))?\s?"
    r"(?P<said>[A-Z]{0,3}[- ]?\d(?:[ /-]?\d){4,14}[A-Z]?)\b",
    re.IGNORECASE,
)
_MRN = re.compile(r"\bMRN\b[\s:#]{0,8}(?P<said>[A-Z]{0,3}-?\d{5,12})\b")
_NHS = re.compile(r"(?<![\w.,/+-])\d{3}(?P<gap>[ -]?)\d{3}(?P=gap)\d{4}(?![\w/-]|[.,]\d)")
_NUMBERS = (
    re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])"),  # United States
    re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b"),  # United Kingdom
    re.compile(r"\b[A-Z]{6}\d\d[A-EHLMPR-T][0-7]\d[A-Z]\d{3}[A-Z]\b"),  # Italy
    re.compile(r"(?<![\w-])[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d(?![\w-])"),  # France
    re.compile(
        r"(?<![\w-])(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]\d{4}(?![\w-])"
    ),  # Sweden
)
_PLACES = (
    re.compile(
        r"\b\d{1,5}[A-Za-z]?,?\s(?:[A-Z][\w'’-]{1,40}\s){1,3}"
        r"(?:(?:Street|Road|Avenue|Lane|Drive|Court|Close|Boulevard|Terrace|Crescent|Gardens|Square|Grove)\b"
        r"|(?:St|Rd|Ave|Ln|Blvd)\b(?=[.,\n]|$))"
    ),
    re.compile(
        r"\b(?:[A-ZÄÖÜ][\wäöüß-]{0,40}(?:straße|strasse|str\.|platz|allee|gasse|straat|gracht|laan)"
        r"|[A-ZÄÖÜ][\wäöüß]{1,40}er (?:Straße|Strasse|Str\.|Platz|Allee))\s\d{1,4}(?!\d)"
    ),
    re.compile(
        r"\b\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|allée|chemin|impasse|quai) "
        r"(?:d[eu]s? )?(?:la |l['’])?[^\W\d_]{1,40}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:[Cc]alle|[Aa]venida|[Pp]laza) (?:de(?:l| la)? )?[A-ZÁÉÍÓÚÑ]\w{1,40},? (?:n[ºo]\.? ?)?\d{1,4}\b"
    ),
    re.compile(r"\b(?:[BEGLMNSW]|[A-PR-UWYZ][A-HK-Y])\d[A-HJKPSTUW\d]? \d[ABD-HJLNP-UW-Z]{2}\b"),
    re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d\b"),
    re.compile(
        r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT"
        r"|V[AT]|W[AIVY]) \d{5}(?:-\d{4})?\b"
    ),
    re.compile(r"\bP\.? ?O\.? ?[Bb]ox \d{1,9}"),
)


def find(text: str) -> list[Found]:
    """The passages of a text that look private, in their order, none within another; MOST of them."""
    works = {place for match in _OF_WORKS.finditer(text) for place in range(*match.span("said"))}
    looked_at = (one for one in _all(text) if one.kind not in _OF_DIGITS or one.start not in works)
    found = sorted(looked_at, key=lambda one: (one.start, -one.end))
    kept: list[Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept[:MOST]


def _all(text: str) -> Iterator[Found]:
    yield from (Found(Kind.EMAIL, *match.span()) for match in _EMAIL.finditer(text))
    yield from (Found(Kind.BIRTH, *match.span("said")) for match in _BIRTH.finditer(text))
    yield from _phones(text)
    for pattern in (_RECORD, _MRN):
        found = (match for match in pattern.finditer(text) if not _is_run(match["said"]))
        yield from (Found(Kind.NUMBER, *match.span("said")) for match in found)
    yield from (Found(Kind.NUMBER, *m.span()) for m in _NHS.finditer(text) if _is_nhs(m.group()))
    for pattern in _NUMBERS:
        yield from (Found(Kind.NUMBER, *match.span()) for match in pattern.finditer(text))
    for pattern in _PLACES:
        yield from (Found(Kind.PLACE, *match.span()) for match in pattern.finditer(text))


def _phones(text: str) -> Iterator[Found]:
    for plus in islice(_PLUS.finditer(text), MOST_NUMBERS):
        some = text[plus.start() : plus.start() + LONGEST_NUMBER]
        for match in islice(phonenumbers.PhoneNumberMatcher(some, None, leniency=_POSSIBLE), 1):
            yield Found(Kind.PHONE, plus.start() + match.start, plus.start() + match.end)
    for match in _CALLED.finditer(text):
        if not _DATE.search(match["said"]) and not (match["also"] and _is_run(match["said"])):
            yield Found(Kind.PHONE, *match.span("said"))
    for pattern, regions in ((_NATIONAL, REGIONS), (_AMERICAN, ("US",))):
        for match in islice(pattern.finditer(text), MOST_NUMBERS):
            if not _DATE.search(match.group()) and _is_phone(match.group(), regions):
                yield Found(Kind.PHONE, *match.span())


def _is_run(said: str) -> bool:
    """Whether digits are short numbers, amounts or years in a row: "10 20 30", "4.5 5.6", "2010 2011".

    Pairs that begin with a nought are a phone number in many countries.
    """
    pieces = said.split()
    if len(pieces) > 2 and not said.startswith("0") and all(map(_PAIR.fullmatch, pieces)):
        return True
    return len(pieces) > 1 and any(all(map(kind.fullmatch, pieces)) for kind in (_AMOUNT, _YEAR))


def _is_phone(digits: str, regions: tuple[str, ...]) -> bool:
    for region in regions:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(digits, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def _is_nhs(digits: str) -> bool:
    """Whether the last of ten digits fits the others, as the numbers of the British health service do."""
    ten = [int(char) for char in digits if char.isdigit()]
    check = 11 - sum(digit * (10 - n) for n, digit in enumerate(ten[:9])) % 11
    return len(set(ten)) > 1 and ten[9] == (0 if check == 11 else check)
