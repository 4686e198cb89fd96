"""Reads the dates of posts and comments from their attributes, or keeps them as they are written."""

import datetime
import re
from dataclasses import dataclass

from forum.importing.formats.reading_view.dates import day_in, find_moment, moment_in

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.\d{1,9})?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)", re.IGNORECASE
)
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class When:
    """A date: the exact moment where day, time and zone are known, and the words of the page."""

    moment: datetime.datetime | None = None
    written: str = ""


def iso_moment(value: str | None) -> datetime.datetime | None:
    """The moment of a machine-readable date with its zone, in UTC; None for any other text.

    Source: the `datetime` attribute of HTML and the dates of Open Graph.
    """
    found = _ISO.fullmatch((value or "").strip())
    if found is None:
        return None
    zone = "+00:00" if found[4].upper() in {"Z", "UTC", "GMT"} else found[4]
    try:
        moment = datetime.datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ':00'}{zone}")
        return moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


def read_when(attribute: str | None, text: str) -> When:
    """The date that an element gives by its attribute and by its text."""
    found = find_moment(text)
    written = found[0] if found else text.strip(" :|/·–—-")[:_LONGEST]
    moment = iso_moment(attribute)
    if moment is None and found:
        exact = moment_in(found[0])
        moment = exact.astimezone(datetime.UTC) if exact else None
    if not written and day_in(attribute or ""):
        written = (attribute or "").strip()[:_LONGEST]
    return When(moment, written)
