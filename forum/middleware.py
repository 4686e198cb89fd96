"""Door: what happens around every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

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
