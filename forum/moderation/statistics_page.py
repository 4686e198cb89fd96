"""The statistics of the desk, as a page and as files."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE
from forum.moderation import queries, statistics
from forum.moderation.log_entries import cell
from forum.moderation.log_page import csv_answer
from forum.moderation.statistics_charts import tables_of
from forum.site.models import SitePolicy
from forum.text.moments import span


@needs(MODERATE)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How long things wait, how much comes, and what became of decisions, over the days asked for."""
    said, counts = _asked(request), queries.counts()
    oldest = None if counts.oldest is None else (timezone.now() - counts.oldest).total_seconds()
    context = {
        "days": said.days,
        "periods": statistics.PERIODS,
        "oldest": span(oldest),
        "waits": [(days, span(wait)) for days, wait in said.waits.items()],
        "tables": tables_of(said),
        "counts": counts,
        "here": "statistics",
    }
    return render(request, "moderation/statistics.html", context)


@needs(MODERATE)
@require_safe
def file(request: HttpRequest) -> StreamingHttpResponse:
    """One table of that page, by `table`, as a CSV file; 404 for a table that is not there."""
    for table in tables_of(_asked(request)):
        if table.slug == request.GET.get("table", "volume"):
            rows = [table.heads, *([cell(value) for value in row] for row in table.rows)]
            return csv_answer(rows, f"statistics-{table.slug}.csv")
    raise Http404


def _asked(request: HttpRequest) -> statistics.Overview:
    days = {str(days): days for days in statistics.PERIODS}.get(request.GET.get("days", ""))
    zone = SitePolicy.objects.current().zone
    return statistics.overview(days or statistics.PERIODS[0], zone)
