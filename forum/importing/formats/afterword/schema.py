"""Records as plain JSON values and back, by the fields and types that the records themselves declare."""

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, NoReturn, get_args, get_origin, get_type_hints

from forum.importing.records import ArchivedArticle, ArchivedComment, RefusedError

LARGEST = 2**31 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_FORMATS = {"text", "html"}
_CHOICES: dict[tuple[type, str], set[str]] = {
    (ArchivedArticle, "body_format"): _FORMATS,
    (ArchivedArticle, "kind"): {"post", "page"},
    (ArchivedArticle, "state"): {"published", "draft", "private", "pending", "future", "trash"},
    (ArchivedArticle, "date_precision"): {"unknown", "day", "second"},
    (ArchivedComment, "body_format"): _FORMATS,
    (ArchivedComment, "kind"): {"comment", "pingback", "trackback", "placeholder"},
    (ArchivedComment, "state"): {"visible", "held", "spam", "removed"},
}


class WrongValueError(RefusedError):
    """A value that the format does not allow; its text names the place and what is wanted there."""


def to_plain(record: Any) -> Any:
    """A record as JSON values; fields that have their default value are left out."""
    if is_dataclass(record):
        return {
            field.name: to_plain(value)
            for field in fields(record)
            if (value := getattr(record, field.name)) != _default(field)
        }
    if isinstance(record, datetime.datetime):
        return record.isoformat()
    if isinstance(record, list):
        return [to_plain(each) for each in record]
    return record


def to_record(kind: type, raw: Any, place: str) -> Any:
    """The record of a class from JSON values; `place` is where they stand in the file.

    Raises WrongValueError for a field that is missing, unknown, or of another type or range.
    """
    if not isinstance(raw, dict):
        _refuse(place, "an object")
    known = _types_of(kind)
    for name in raw:
        if name not in known:
            _refuse(f"{place}.{name}", "no such field")
    for field in fields(kind):
        if field.name not in raw and _default(field) is MISSING:
            _refuse(f"{place}.{field.name}", "a value")
    values = {name: _value(known[name], raw[name], f"{place}.{name}") for name in raw}
    for name, value in values.items():
        allowed = _CHOICES.get((kind, name))
        if allowed and value not in allowed:
            _refuse(f"{place}.{name}", f"one of {', '.join(sorted(allowed))}")
    return kind(**values)


def _default(field: Any) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


@cache
def _types_of(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, raw: Any, place: str) -> Any:
    if isinstance(kind, UnionType):
        if raw is None:
            return None
        kind = next(each for each in get_args(kind) if each is not type(None))
    if get_origin(kind) is list:
        if not isinstance(raw, list):
            _refuse(place, "a list")
        (inner,) = get_args(kind)
        return [_value(inner, each, f"{place}[{number}]") for number, each in enumerate(raw)]
    if is_dataclass(kind):
        return to_record(kind, raw, place)
    return _SIMPLE[kind](raw, place)


def _text(raw: Any, place: str) -> str:
    if not isinstance(raw, str):
        _refuse(place, "a text")
    if _UNSTORABLE.search(raw):
        _refuse(place, "a text without NUL and lone surrogates")
    return raw


def _truth(raw: Any, place: str) -> bool:
    if not isinstance(raw, bool):
        _refuse(place, "true or false")
    return raw


def _count(raw: Any, place: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= LARGEST:
        _refuse(place, f"a whole number from 0 to {LARGEST}")
    return raw


def _share(raw: Any, place: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw <= 1:
        _refuse(place, "a number from 0 to 1")
    return float(raw)


def _when(raw: Any, place: str) -> datetime.datetime:
    try:
        found = datetime.datetime.fromisoformat(_text(raw, place))
        if found.tzinfo is not None:
            return found.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        pass
    _refuse(place, "a date with time and zone (ISO 8601)")


def _free(raw: Any, place: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        _refuse(place, "an object")
    _check_inside(raw, place)
    return raw


def _check_inside(raw: Any, place: str) -> None:
    if isinstance(raw, str):
        _text(raw, place)
    elif isinstance(raw, float) and not math.isfinite(raw):
        _refuse(place, "a finite number")
    elif isinstance(raw, dict):
        for name, value in raw.items():
            _text(name, place)
            _check_inside(value, f"{place}.{name}")
    elif isinstance(raw, list):
        for number, value in enumerate(raw):
            _check_inside(value, f"{place}[{number}]")


def _refuse(place: str, wanted: str) -> NoReturn:
    raise WrongValueError(f"{place[:200]}: wanted is {wanted}.")


_SIMPLE: dict[Any, Callable[[Any, str], Any]] = {
    str: _text,
    bool: _truth,
    int: _count,
    float: _share,
    dict: _free,
    datetime.datetime: _when,
}
