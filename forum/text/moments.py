"""How long something lasts and when it was, in words."""

import datetime

from django.utils.timesince import timesince
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3600, 86_400


def span(seconds: float | None) -> str:
    """A length of time in words: minutes, then hours, then days."""
    if seconds is None:
        return _("none")
    for unit, most in ((MINUTE, 90), (HOUR, 48)):
        if seconds < most * unit:
            n = round(seconds / unit)
            return (
                ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
                if unit == MINUTE
                else ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
            )
    n = round(seconds / DAY)
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def lasting(since: datetime.datetime, until: datetime.datetime | None = None) -> str:
    """How long it has been since a moment, until another or now: `2 hours, 3 minutes`."""
    until = until or now()
    if until - since < datetime.timedelta(minutes=1):
        return _("less than a minute")
    return timesince(since, until)


def ago(moment: datetime.datetime, at: datetime.datetime | None = None) -> str:
    """When a moment was, seen from another or from now: `2 hours, 3 minutes ago`, `just now`."""
    at = at or now()
    if at - moment < datetime.timedelta(minutes=1):
        return _("just now")
    return _("%(since)s ago") % {"since": timesince(moment, at)}
