"""Door: what happens around every request."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from forum.accounts import second_factor, unsent
from forum.accounts.viewer import is_personal


class PrivatePages:
    """Marks a page that may hold something personal `private, no-store`; the others vary by cookie.

    A page is personal when a cookie of ours came along, when one is set, or when it answers a POST.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response with its caching headers."""
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD"} or is_personal(request) or response.cookies:
            response.headers.pop("Cache-Control", None)
            patch_cache_control(response, private=True, no_store=True)
        elif not response.has_header("Cache-Control"):
            patch_cache_control(response, no_cache=True)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class SecondFactor:
    """Sends staff without a second factor to its set-up from every address of the staff (figure A3).

    A convenience over the walls: without a second factor the `Viewer` has no right of the staff's, and
    Django's admin lets nobody in. Stands behind AccountMiddleware, whose work the set-up needs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, unchanged."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list, kwargs: dict
    ) -> HttpResponse | None:
        """A redirect to the set-up, or None for everybody else and everywhere else."""
        if not second_factor.is_staff_address(request, view) or not second_factor.is_missing(request.user):
            return None
        messages.warning(request, _("Set up a second factor first: a passkey or an authenticator app."))
        return redirect("mfa_index")


class UnsentWords:
    """Keeps what was written when its session was over, and leads through sign-in back to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, or the way to sign-in and back to the words."""
        response = self.get_response(request)
        return unsent.answer(request, response) if request.method == "POST" else response
