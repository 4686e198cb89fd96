"""The public log of what moderators do, where an admin has switched it on."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from forum.moderation import log_public
from forum.site.models import SitePolicy


@require_safe
def public_log(request: HttpRequest) -> HttpResponse:
    """What was done in one month, by day, with the numbers of the last year on top; the same for everybody.

    `?month=2026-11` asks for a month; nonsense, and what has not begun yet, gives the newest. 404 unless the
    policy says that the log is public.
    """
    policy = SitePolicy.objects.current()
    if not policy.public_log:
        raise Http404
    zone = policy.zone
    today = timezone.now().astimezone(zone).date()
    newest, oldest = today.replace(day=1), log_public.began(today, zone)
    month = min(_month(request.GET.get("month", "")) or newest, newest)
    months = log_public.months(today, zone)
    context = {
        "month": month,
        "days": log_public.days_of(month, today, zone),
        "months": [one for one in months if one.looked_at],
        "year": log_public.whole_year(months),
        "earlier": log_public.month_before(month) if month > oldest else None,
        "later": log_public.next_month(month) if month < newest else None,
    }
    return render(request, "pages/log.html", context)


def _month(text: str) -> datetime.date | None:
    try:
        month = datetime.date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        return None
    return month if 1990 < month.year < 9000 else None
