"""The log of the desk, as a page and as a file."""

import csv
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE
from forum.moderation import log, queries
from forum.moderation.log_entries import csv_rows, entries_of
from forum.site.models import SitePolicy

PER_PAGE = 50


@needs(MODERATE)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What the desk has done, newest first, as the address filters it, from where it says."""
    asked, zone = log.Asked.of(request.GET), SitePolicy.objects.current().zone
    after = request.GET.get("after", "")[:60]
    found = log.page(asked, zone, after, PER_PAGE + 1)
    lines, more = found[:PER_PAGE], len(found) > PER_PAGE
    query = asked.query()
    start = f"{reverse('moderation:log')}?{query}"
    context = {
        "entries": entries_of(lines),
        "asked": asked,
        "zone": zone,
        "actors": queries.actors(),
        "groups": _groups(),
        "kinds": log.KINDS.items(),
        "start": start,
        "is_first": not after,
        "file": f"{reverse('moderation:log_file')}?{query}",
        "following": f"{start}&after={lines[-1].cursor}" if more else "",
        "here": "log",
    }
    return render(request, "moderation/log.html", context)


@needs(MODERATE)
@require_safe
def file(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a CSV file, whole, written while it is read."""
    lines = log.whole(log.Asked.of(request.GET), SitePolicy.objects.current().zone)
    return csv_answer(csv_rows(lines), "moderation-log.csv")


def csv_answer(rows: Iterable[list[str]], name: str) -> StreamingHttpResponse:
    """Rows as a file to be kept under a name."""
    answer = StreamingHttpResponse(_written(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Echo:
    """What `csv.writer` writes to: gives back what it is handed."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def _written(rows: Iterable[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # without it spreadsheets take UTF-8 for something else
    for row in rows:
        yield writer.writerow(row)


def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The acts to choose from, by kind."""
    acts = [(act, str(label)) for act, label in log.ACTS.items()]
    return [
        (str(label), [a for a in acts if a[0].startswith(f"{kind}.")]) for kind, label in log.KINDS.items()
    ]
