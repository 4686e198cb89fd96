"""Dates of Atom entries: one instant in UTC, whatever zone the blog wrote in."""

import datetime

_BLOGGER_BEGAN = 1999


def instant(written: str) -> datetime.datetime | None:
    """The instant in UTC of an RFC 3339 date; None for what is none, never the current time.

    A date without a zone is taken for UTC: Blogger always writes one, other tools do not.
    """
    try:
        found = datetime.datetime.fromisoformat(written.strip())
        if found.tzinfo is None:
            return found.replace(tzinfo=datetime.UTC)
        return found.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


def has_zone(written: str) -> bool:
    """Whether the date says which zone it is in."""
    try:
        return datetime.datetime.fromisoformat(written.strip()).tzinfo is not None
    except ValueError:
        return False


def is_doubtful(when: datetime.datetime) -> bool:
    """Whether a date cannot be right: before Blogger began, or still to come."""
    return when.year < _BLOGGER_BEGAN or when > datetime.datetime.now(datetime.UTC)
