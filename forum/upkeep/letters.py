"""The letters of a site in development, to be read in the browser instead of a mailbox."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from forum.mail.models import Letter
from forum.web.paging import page_of

PAGE = 20


@require_safe
@never_cache
def letters(request: HttpRequest) -> HttpResponse:
    """The newest letters with their text. Raises Http404 unless DEBUG is on: they hold signed links."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "mail/letters.html", {"page": page_of(request, Letter.objects.recent(), PAGE)})
