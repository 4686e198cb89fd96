"""Page numbers as they come in addresses."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def page_of(request: HttpRequest, rows: object, size: int) -> Page:
    """The page of `rows` that `?page=` asks for: the first for nonsense, the last for too large."""
    return Paginator(rows, max(size, 1)).get_page(request.GET.get("page", "1")[:9])
