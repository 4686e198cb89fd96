"""Where a form may send somebody afterwards."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


class SeeOther(HttpResponseRedirect):
    """303: the answer to a POST is elsewhere, to be fetched by GET (RFC 9110, 15.4.4)."""

    status_code = 303


def safe_next(request: HttpRequest, default: str) -> str:
    """The address in the form field or query `next` when it leads to our own host, else `default`."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and allowed else default
