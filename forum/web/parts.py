"""Scripts of ours that ask for a piece of a page."""

from django.http import HttpRequest


def is_fragment(request: HttpRequest) -> bool:
    """Whether a script of ours wants only the piece of the page that changes."""
    return request.headers.get("HX-Request") == "true"
