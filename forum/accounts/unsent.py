"""What somebody wrote and sent when their session was over: kept until they have signed in again.

A session lasts twelve hours, and a moderator's tab may stand open overnight. What was typed lies in the
session of the browser that sent it, is shown to nobody but who may enter where it was sent, and is sent
again by hand.
"""

from dataclasses import dataclass

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve, reverse

from forum.accounts.viewer import Viewer
from forum.web.parts import is_fragment

MOST = 64_000  # characters, of all fields together
OFTEN = "20/h/ip"
_KEY = "unsent"
_TOKEN = "csrfmiddlewaretoken"
_ACCOUNTS = "/accounts/"  # where passwords and codes are typed
_OWN_WORDS = {"comment_change", "comment_appeal"}
_OF_FORMS = {"seen", "rows", "filter", "next"}  # what forms carry along, spaces or not


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form as it was sent: where to, and its fields in their order."""

    path: str
    fields: list[tuple[str, str]]

    @property
    def words(self) -> list[tuple[str, str]]:
        """The fields that somebody wrote in."""
        return [one for one in self.fields if _is_written(*one)]

    @property
    def rest(self) -> list[tuple[str, str]]:
        """The others, which go along unseen."""
        return [one for one in self.fields if not _is_written(*one)]


def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer to a POST that a view has answered with `response`.

    Where that sends a visitor to sign-in and words were sent, they are kept, and sign-in leads to them; so
    it does from pages about one's own words, which are not there for visitors, whether the words are or not.
    A script that asked for a part of a page is told by 401, so that it sends the form as a whole page.
    """
    if request.user.is_authenticated:
        if request.session.get(_KEY, {}).get("path") == request.get_full_path():
            drop(request)
        return response
    if not _leads_to_sign_in(request, response):
        return response
    if is_fragment(request):
        return HttpResponse(status=401)
    return redirect_to_login(reverse("unsent")) if _keep(request) else response


def of(request: HttpRequest) -> Unsent | None:
    """What is kept in this browser for whoever has signed in, None for who may not enter where it goes."""
    known = request.session.get(_KEY)
    if known is None:
        return None
    try:
        needed = getattr(resolve(known["path"].partition("?")[0]).func, "needs", None)
    except Resolver404:
        return None
    if needed is not None and not Viewer.of(request).may(needed):
        return None
    return Unsent(known["path"], [(name, value) for name, value in known["fields"]])


def drop(request: HttpRequest) -> None:
    """Forget what is kept."""
    request.session.pop(_KEY, None)


def _leads_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    if response.status_code == 404:
        return getattr(request.resolver_match, "url_name", "") in _OWN_WORDS
    login = resolve_url(settings.LOGIN_URL)
    return response.status_code == 302 and response.headers["Location"].startswith(login)


def _keep(request: HttpRequest) -> bool:
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name != _TOKEN]
    if request.FILES or request.path.startswith(_ACCOUNTS):
        return False
    if not any(_is_written(*one) for one in fields):
        return False
    if sum(len(name) + len(value) for name, value in fields) > MOST:
        return False
    if not consume(request, app="forum.accounts", action=_KEY, config={_KEY: OFTEN}):
        return False
    request.session[_KEY] = {"path": request.get_full_path(), "fields": fields}
    return True


def _is_written(name: str, value: str) -> bool:
    """Whether a value is something that somebody typed: what forms set themselves has no spaces."""
    return name not in _OF_FORMS and any(sign in value.strip() for sign in " \n")
