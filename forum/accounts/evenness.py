"""Answers that leave at the same moment whatever was found, so that the time tells nothing (figure A2)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def evened(view: View) -> View:
    """A view whose answer to a POST leaves EVEN_ANSWERS seconds after it was asked, or when it is ready.

    Writing one letter or another differs by less than a millisecond, and that can be measured.
    """

    @wraps(view)
    def waiting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        begin = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            time.sleep(max(0, settings.EVEN_ANSWERS - (time.monotonic() - begin)))
        return response

    return waiting
