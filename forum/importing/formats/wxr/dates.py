"""Reads the dates of a WXR file: GMT first, local time with a known offset second, never a guess."""

import datetime
import email.utils
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

EARLIEST_YEAR = 1990
FARTHEST_OFFSET = datetime.timedelta(hours=14)
QUARTER = datetime.timedelta(minutes=15)

_WRITTEN = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_ZERO = re.compile(r"0000-00-00.*|-?0001-.*|.*-0001 .*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of time in UTC, or None with the text as it was written; `problem` is a remark's code."""

    at: datetime.datetime | None = None
    as_written: str = ""
    problem: str = ""


@lru_cache(maxsize=1000)  # each date is asked for several times
def parsed(text: str) -> datetime.datetime | None:
    """A date of WXR or ISO 8601, with a zone only when it is written; None for zero or impossible ones."""
    match = _WRITTEN.fullmatch(text.strip())
    if not match or int(match[1]) < EARLIEST_YEAR:
        return None
    try:
        moment = datetime.datetime(*(int(part or 0) for part in match.groups()[:6]))  # noqa: DTZ001
        if not match[7]:
            return moment
        zone = datetime.datetime.strptime(match[7].replace(":", ""), "%z").tzinfo
        return moment.replace(tzinfo=zone).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


def offset_of(pairs: Iterable[tuple[str, str]]) -> datetime.timedelta | None:
    """The one offset that all pairs of local and GMT time agree on, None when there is no such one."""
    offsets = {offset for local, gmt in pairs if (offset := _between(parsed(local), parsed(gmt))) is not None}
    return offsets.pop() if len(offsets) == 1 else None


def moment(local: str, gmt: str, offset: datetime.timedelta | None, now: datetime.datetime | None) -> Moment:
    """What a pair of local and GMT time says. A date after `now` is not believed; None allows it.

    GMT wins; without it the local time needs an offset, else it is kept as written (WXR 1.2,
    `comment_date` and `comment_date_gmt`).
    """
    here, there = parsed(local), parsed(gmt)
    written = _as_written(local, gmt)
    problem = ""
    if there is not None:
        at = _utc(there)
        if here is not None and here.tzinfo is None and _between(here, at.replace(tzinfo=None)) is None:
            problem = "date_mismatch"
    elif here is not None and here.tzinfo is not None:
        at = here
    elif here is not None and offset is not None:
        at = _utc(here - offset)
    else:
        return Moment(None, written, "date_unreadable" if written and here is None else "")
    if now is not None and at > now + datetime.timedelta(days=1):
        return Moment(None, written, "date_in_future")
    return Moment(at, "", problem)


def published(text: str) -> datetime.datetime | None:
    """The `pubDate` of RSS 2.0 in UTC, None when it is missing, impossible or the zero date of drafts."""
    if _ZERO.fullmatch(text):
        return None
    try:
        at = email.utils.parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if at.tzinfo is None or at.year < EARLIEST_YEAR:
        return None
    return at.astimezone(datetime.UTC)


def _utc(at: datetime.datetime) -> datetime.datetime:
    return at if at.tzinfo else at.replace(tzinfo=datetime.UTC)


def _between(local: datetime.datetime | None, gmt: datetime.datetime | None) -> datetime.timedelta | None:
    """The zone between two times without zone, None when no zone of the world explains it."""
    if local is None or gmt is None or local.tzinfo or gmt.tzinfo:
        return None
    offset = local - gmt
    return offset if abs(offset) <= FARTHEST_OFFSET and not offset % QUARTER else None


def _as_written(*texts: str) -> str:
    """The first text that says something."""
    stripped = (text.strip() for text in texts)
    return next((text[:100] for text in stripped if text and not _ZERO.fullmatch(text)), "")
