"""What a page of the policy or of a rule had shown, as a browser sends it back; anything may stand there."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from forum.moderation.models_policy import Rule
from forum.site.forms import LARGEST
from forum.site.models import Mode

LONGEST, LARGEST_NUMBER = 10_000, 100_000
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # JSON may hold it, and no database takes it


def of_rule(sent: str) -> dict[str, Any]:
    """The fields of a rule that its page had shown; nothing when it cannot be read."""
    return _read(sent, RULE)


def of_policy(sent: str) -> dict[str, Any]:
    """The fields of the policy that its page had shown; nothing when it cannot be read."""
    return _read(sent, POLICY)


def _read(sent: str, fields: Mapping[str, Callable[[Any], bool]]) -> dict[str, Any]:
    try:
        seen = json.loads(sent, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(seen, dict) or not all(name in fields and fields[name](seen[name]) for name in seen):
        return {}
    return seen


def _no_number(name: str) -> None:
    raise ValueError(name)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and not _UNSTORABLE.search(value)


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= LARGEST_NUMBER


def _is_number_or_none(value: object) -> bool:
    return value is None or _is_number(value)


def _is_yes_or_no(value: object) -> bool:
    return isinstance(value, bool)


def _is_one_of(values: list[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in values


RULE: dict[str, Callable[[Any], bool]] = {
    "kind": _is_one_of(Rule.Kind.values),
    "text": _is_text,
    "number": _is_number_or_none,
    "inside": _is_yes_or_no,
    "effect": _is_one_of(Rule.Effect.values),
    "label": _is_text,
    "language": _is_text,
    "active": _is_yes_or_no,
}
POLICY: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(LARGEST, _is_number),
    "close_after_days": _is_number_or_none,
    "mode": _is_one_of(Mode.values),
    "help_lines": _is_text,
    "public_log": _is_yes_or_no,
}
