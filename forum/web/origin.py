"""Whether a POST comes from our own pages, without a token in pages that all visitors share."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import add_never_cache_headers


def is_foreign(request: HttpRequest) -> bool:
    """Whether a browser says that another site sent this request.

    Every current browser sends `Origin` with a POST (Fetch standard) and most `Sec-Fetch-Site`; a
    client that sends neither is no browser and carries nobody's cookies.
    """
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin not in _own_origins(request)
    return request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}


def needs_token(request: HttpRequest) -> bool:
    """Whether a session cookie comes along, so that a form needs Django's CSRF token as well."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def token_is_missing(request: HttpRequest) -> bool:
    """Whether the token that a session asks for is missing or wrong."""
    if not needs_token(request):
        return False
    check = _TokenCheck(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, _unused_view, (), {}) is not None


def is_not_from_here(request: HttpRequest) -> bool:
    """Whether a POST is of another site, or lacks the token that goes with a session."""
    return is_foreign(request) or token_is_missing(request)


def behind_a_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a page whose address holds the token of a letter: kept nowhere, found by nobody, told to nobody.

    `strict-origin` leaves path and token out of every Referer. `no-referrer` would, too, but then
    browsers send `Origin: null` with the form of the page (Fetch standard, 3.2), which no check can
    tell from a foreign one.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(response)
        return response

    return answer


def _own_origins(request: HttpRequest) -> set[str]:
    own = {f"{request.scheme}://{request.get_host()}"}
    if settings.SITE_URL:
        parts = urlsplit(settings.SITE_URL)
        own.add(f"{parts.scheme}://{parts.netloc}")
    return own


class _TokenCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _unused_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
