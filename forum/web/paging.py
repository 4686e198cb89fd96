"""Pages as they come in addresses: by number, or from where the last one ended."""

import datetime
import re
from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_CURSOR = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18}){0,3}")
_MICROSECOND = datetime.timedelta(microseconds=1)


def page_of(request: HttpRequest, rows: object, size: int) -> Page:
    """The page of `rows` that `?page=` asks for: the first for nonsense, the last for too large."""
    return Paginator(rows, max(size, 1)).get_page(request.GET.get("page", "1")[:9])


def cursor_of(row: Model, order: Sequence[str]) -> str:
    """Where a page that ends with this row ends: its values in the order's fields, as numbers and moments."""
    values = [getattr(row, name.removeprefix("-")) for name in order]
    return ".".join(str(_in_microseconds(v) if isinstance(v, datetime.datetime) else v) for v in values)


def rows_behind(rows: QuerySet, order: Sequence[str], cursor: str, size: int) -> list[Model] | None:
    """The first `size` rows behind a cursor, all of them in `order`; None when the cursor is nonsense.

    Never counts what stands before. Each field before the last two takes one statement more at most: one for
    the rows that share it, one for those beyond, so that an index on the order answers all.
    """
    rows = rows.order_by(*order)
    if not cursor:
        return list(rows[:size])
    place = _place(cursor, order)
    if place is None:
        return None
    found: list[Model] = []
    for part in _parts(order, place):
        found += rows.filter(part)[: size - len(found)] if len(found) < size else []
    return found


def _parts(order: Sequence[str], place: Sequence[object]) -> list[Q]:
    *outer, (major, at), (minor, number) = zip(order, place, strict=True)
    # `>=` stands alone so that the index can begin there; the rest is sifted.
    last = _beyond(major, at, "e") & (_beyond(major, at) | _beyond(minor, number))
    shared = [Q(**{name.removeprefix("-"): value}) for name, value in outer]
    parts = [Q(*shared) & last]
    for n in reversed(range(len(outer))):
        parts.append(Q(*shared[:n]) & _beyond(*outer[n]))
    return parts


def _beyond(name: str, value: object, or_equal: str = "") -> Q:
    side = "lt" if name.startswith("-") else "gt"
    return Q(**{f"{name.removeprefix('-')}__{side}{or_equal}": value})


def _place(cursor: str, order: Sequence[str]) -> list[object] | None:
    if not _CURSOR.fullmatch(cursor) or cursor.count(".") != len(order) - 1:
        return None
    try:
        return [
            EPOCH + int(part) * _MICROSECOND if name.removeprefix("-").endswith("at") else int(part)
            for part, name in zip(cursor.split("."), order, strict=True)
        ]
    except OverflowError:
        return None


def _in_microseconds(moment: datetime.datetime) -> int:
    return (moment - EPOCH) // _MICROSECOND
