"""Finds dates in a line of text and reads those that leave no doubt."""

import datetime
import re

_MONTHS = (
    ("january", "jan", "januar", "jänner", "enero", "janvier"),
    ("february", "feb", "februar", "febrero", "février"),
    ("march", "mar", "märz", "marzo", "mars"),
    ("april", "apr", "abril", "avril"),
    ("may", "mai", "mayo"),
    ("june", "jun", "juni", "junio", "juin"),
    ("july", "jul", "juli", "julio", "juillet"),
    ("august", "aug", "agosto", "août"),
    ("september", "sep", "sept", "septiembre", "septembre"),
    ("october", "oct", "oktober", "okt", "octubre", "octobre"),
    ("november", "nov", "noviembre", "novembre"),
    ("december", "dec", "dezember", "dez", "diciembre", "décembre"),
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_MONTH = "(?:" + "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAYS = (
    ("monday", "montag", "lunes", "lundi", "mon"),
    ("tuesday", "dienstag", "martes", "mardi", "tue"),
    ("wednesday", "mittwoch", "miércoles", "mercredi", "wed"),
    ("thursday", "donnerstag", "jueves", "jeudi", "thu"),
    ("friday", "freitag", "viernes", "vendredi", "fri"),
    ("saturday", "samstag", "sonnabend", "sábado", "samedi", "sat"),
    ("sunday", "sonntag", "domingo", "dimanche", "sun"),
)
_WEEKDAY_NUMBERS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_WEEKDAY = "(?:" + "|".join(sorted(_WEEKDAY_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_DAY_NAMED = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\.? (?:de )?{_MONTH},? (?:de )?\d{{4}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
)
_DAY = rf"(?:{_DAY_NAMED}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})"
_TIME = (
    r"\d{1,2}[:.]\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?(?: (?:uhr|h)\b)?(?: ?(?:utc|gmt|z)\b| ?[+-]\d\d:?\d\d)?"
)
_GLUE = r"[ ,/·|@–-]{0,3}(?:T|at |um |à |a las )?"
_MOMENT = re.compile(
    rf"(?:(?<!\w){_WEEKDAY},? )?(?<!\w)(?:{_DAY}(?P<time>{_GLUE}{_TIME})?)(?!\w)", re.IGNORECASE
)
_NAMED_PARTS = re.compile(
    rf"(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:de )?(?P<m1>{_MONTH}),? (?:de )?(?P<y1>\d{{4}})"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>\d{{4}})|(?P<iso>\d{{4}}-\d\d-\d\d))",
    re.IGNORECASE,
)
_WEEKDAY_FIRST = re.compile(rf"({_WEEKDAY}),? {_DAY}\.?", re.IGNORECASE)
_CLOCK = re.compile(
    r"(\d{1,2})[:.](\d\d)(?::(\d\d))?(?: ?([ap])\.?m\b\.?)?(?: uhr)? ?(utc|gmt|z|[+-]\d\d:?\d\d)$",
    re.IGNORECASE,
)


def find_moment(line: str) -> re.Match[str] | None:
    """The first date in `line`, with its time in the group `time` if it has one; None if there is none."""
    return _MOMENT.search(line)


def is_weekday_date(line: str) -> bool:
    """Whether a whole line is a date with its weekday ("Friday, 6 December 2013")."""
    return bool(_WEEKDAY_FIRST.fullmatch(line.strip()))


def day_in(text: str) -> datetime.date | None:
    """The day that `text` names, where it is sure: the month as a word or the ISO form.

    None for figures like 3/4/2014, which two countries read differently, for a day that does not
    exist, and where a weekday beside it contradicts it.
    """
    found = _NAMED_PARTS.search(text)
    if found is None:
        return None
    try:
        if found["iso"]:
            day = datetime.date.fromisoformat(found["iso"])
        else:
            month = (found["m1"] or found["m2"]).casefold().rstrip(".")
            year, number = int(found["y1"] or found["y2"]), int(found["d1"] or found["d2"])
            day = datetime.date(year, _MONTH_NUMBERS[month], number)
    except ValueError:
        return None
    named = _WEEKDAY_FIRST.match(text.strip())
    if named and _WEEKDAY_NUMBERS[named[1].casefold().rstrip(".")] != day.weekday():
        return None
    return day


def moment_in(text: str) -> datetime.datetime | None:
    """The moment that `text` names; None unless day, time and time zone are all written there."""
    day = day_in(text)
    clock = _CLOCK.search(text.strip())
    if day is None or clock is None:
        return None
    hour, half = int(clock[1]), (clock[4] or "").casefold()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        time = datetime.time(hour, int(clock[2]), int(clock[3] or 0), tzinfo=_zone(clock[5]))
    except ValueError:
        return None
    return datetime.datetime.combine(day, time)


def _zone(written: str) -> datetime.timezone:
    if written[0] not in "+-":
        return datetime.UTC
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return datetime.timezone(datetime.timedelta(minutes=-minutes if written[0] == "-" else minutes))
