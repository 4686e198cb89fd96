"""What a role may enter."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from forum.accounts.viewer import Viewer

View = Callable[..., HttpResponse]


def needs(right: str) -> Callable[[View], View]:
    """A gate for views: visitors are sent to sign-in (302), people without the right see nothing (404)."""

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not Viewer.of(request).may(right):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.needs = right
        return guarded

    return gate
