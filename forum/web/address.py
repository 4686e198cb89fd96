"""Who a request comes from, as the server sees it."""

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the peer; forwarded headers are the server's business, which knows its proxies."""
    return request.META.get("REMOTE_ADDR", "")[:45]


def client_agent(request: HttpRequest) -> str:
    """What the browser calls itself, cut to what is stored."""
    return request.headers.get("User-Agent", "")[:300]
