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

MOST = 64_000  # characters, of all fields together
OFTEN = "20/h/ip"
_KEY = "unsent"
_TOKEN = "csrfmiddlewaretoken"
_ACCOUNTS = "/accounts/"  # where passwords and codes are typed
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

    Where that sends a visitor to sign-in and words were sent, they are kept, and sign-in leads to them.
    A script that asked for a part of a page is told by 401, so that it sends the form as a whole page.
    """
    if request.user.is_authenticated:
        if request.session.get(_KEY, {}).get("path") == request.get_full_path():
            drop(request)
        return response
    login = resolve_url(settings.LOGIN_URL)
    if response.status_code != 302 or not response.headers["Location"].startswith(login):
        return response
    if request.headers.get("HX-Request") == "true":
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
