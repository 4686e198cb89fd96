"""How much one person and one network may send within an hour, counted where all processes see it.

An IPv6 network is a /64, of IPv4 each address counts for itself: a whole hospital may share one, which is
why a network may send several times as much as a person. A guest is known by what their
browser has sent, too, whatever name stood over it.
"""

import datetime

from allauth.core.internal.ratelimit import RateLimitUsage, consume, get_cache_key, parse_rate
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum.accounts.models import Author
from forum.accounts.viewer import Viewer
from forum.moderation.models_requests import Report
from forum.posting import limits
from forum.site.models import SitePolicy
from forum.web.address import client_address

REPORTS_OF_PERSON, REPORTS_OF_NETWORK = 10, 40
TAKE_DOWNS_OF_NETWORK = 10
_APP = "forum.posting"
_HOUR = datetime.timedelta(hours=1)


class TooManyError(Exception):
    """More than may be sent within an hour; the text is one sentence that says when it goes on."""


def count_reply(
    request: HttpRequest | None, author: Author | None, viewer: Viewer, policy: SitePolicy
) -> None:
    """Count a reply that is about to be stored. Raises TooManyError."""
    if request is not None and viewer.guest_keys:
        sent = limits.sent_from(viewer.guest_keys)
        _refuse_beyond(policy.person_per_hour, sent, "received_at", policy)
    _count(request, "reply", author, policy.person_per_hour, policy.network_per_hour, policy)


def count_report(request: HttpRequest, author: Author | None, viewer: Viewer, policy: SitePolicy) -> None:
    """Count a report. Raises TooManyError."""
    if viewer.guest_keys:
        words = limits.sent_from(viewer.guest_keys).exclude(author=None)
        sent = Report.objects.filter(reporter__in=words.values("author"))
        _refuse_beyond(REPORTS_OF_PERSON, sent, "at", policy)
    _count(request, "report", author, REPORTS_OF_PERSON, REPORTS_OF_NETWORK, policy)


def count_take_down(request: HttpRequest, policy: SitePolicy) -> None:
    """Count a request to take something down. Raises TooManyError."""
    _count(request, "take_down", None, 0, TAKE_DOWNS_OF_NETWORK, policy)


def _refuse_beyond(most: int, sent: QuerySet, field: str, policy: SitePolicy) -> None:
    """Refuse one more of what a guest's browser has sent before, by when it came; 0 is no limit."""
    if not most:
        return
    newest = sent.filter(**{f"{field}__gt": timezone.now() - _HOUR}).order_by(f"-{field}")
    times = list(newest.values_list(field, flat=True)[:most])
    if len(times) == most:
        raise TooManyError(_of_person(times[-1], policy))


def _count(
    request: HttpRequest | None,
    what: str,
    author: Author | None,
    of_person: int,
    of_network: int,
    policy: SitePolicy,
) -> None:
    """One place of the person and one of the network; a number of 0 is no limit."""
    if request is None:
        return
    taken: list[RateLimitUsage] = []
    if of_person and author is not None:
        key = f"author:{author.pk}"
        taken.append(_take(request, f"{what}_person", f"{of_person}/h/key", key, policy))
    if of_network and client_address(request):
        try:
            _take(request, f"{what}_network", f"{of_network}/h/ip", None, policy)
        except TooManyError:
            for usage in taken:
                usage.rollback()
            raise


def _take(
    request: HttpRequest, action: str, rate: str, key: str | None, policy: SitePolicy
) -> RateLimitUsage:
    usage = consume(request, app=_APP, action=action, config={action: rate}, key=key)
    if usage is not None:
        return usage
    where = get_cache_key(request, app=_APP, action=action, rate=parse_rate(rate), key=key)
    times = cache.get(where) or [timezone.now().timestamp()]
    first = datetime.datetime.fromtimestamp(times[-1], datetime.UTC)
    if key is None:
        raise TooManyError(
            _("So much has come from your network in an hour that it has to wait. Try again after %(time)s.")
            % {"time": _an_hour_after(first, policy)}
        )
    raise TooManyError(_of_person(first, policy))


def _of_person(first: datetime.datetime, policy: SitePolicy) -> str:
    said = {"time": _an_hour_after(first, policy)}
    return _("You have sent so much in an hour that this has to wait. Try again after %(time)s.") % said


def _an_hour_after(first: datetime.datetime, policy: SitePolicy) -> str:
    # Rounded up to the next minute, so that who comes back at that time is let through.
    again = first.astimezone(policy.zone) + _HOUR + datetime.timedelta(minutes=1)
    return date_format(again, "H:i")
