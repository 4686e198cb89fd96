"""What a role may enter."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from forum.accounts.viewer import Viewer

View = Callable[..., HttpResponse]


def needs(right: str, back: str = "") -> Callable[[View], View]:
    """A gate for views: visitors are sent to sign-in (302), people without the right see nothing (404).

    Stands outside of the check of the method, so that a closed door looks the same to every method.
    `back` is the URL name to come back to when the request itself cannot be fetched again.
    """

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                again = request.method in {"GET", "HEAD"} or not back
                return redirect_to_login(request.get_full_path() if again else reverse(back))
            if not Viewer.of(request).may(right):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.needs = right
        return guarded

    return gate
