"""What taking in a file of rules would change, and doing it."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from forum.accounts.models import User
from forum.moderation import policy_rules
from forum.moderation.matching_patterns import MOST_PATTERNS, too_many
from forum.moderation.models_policy import PolicyChange, Rule
from forum.moderation.policy import Values, difference, fields_of
from forum.moderation.rules_csv import Line, Sheet


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines of a file by what they would do; `changed` are lines with the rule and what differs of it."""

    new: list[Line] = field(default_factory=list)
    changed: list[tuple[Line, Rule, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    unchanged: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """What tells whether the same file would still do the same."""
        new = [repr(line.fields) for line in self.new]
        changed = [repr((rule.pk, before, after)) for _line, rule, before, after in self.changed]
        return hashlib.sha256("\n".join([*new, "", *changed]).encode()).hexdigest()[:32]


def plan(sheet: Sheet) -> Plan:
    """What a file would do to the rules that are there, in one statement."""
    there: dict[tuple, Rule] = {}
    room = MOST_PATTERNS
    for rule in Rule.objects.order_by("active", "-pk"):  # of two alike the first that is in force counts
        there[policy_rules.same(fields_of(rule))] = rule
        room -= _is_pattern_on(fields_of(rule))
    planned = Plan()
    for line in sheet.lines:
        if line.refused:
            planned.refused.append(line)
            continue
        known = there.get(policy_rules.same(line.fields))
        now = {} if known is None else fields_of(known)
        wanted = line.fields if known is None else _said_of(line, known, is_list=sheet.is_list)
        more = _is_pattern_on(wanted) - _is_pattern_on(now)
        if more > max(room, 0):
            planned.refused.append(replace(line, refused=too_many()))
            continue
        room -= more
        before, after = difference(now, wanted)
        if known is None:
            planned.new.append(line)
        elif after:
            planned.changed.append((line, known, before, after))
        else:
            planned.unchanged.append(line)
    return planned


def apply(planned: Plan, actor: User) -> PolicyChange:
    """Write the new and the changed rules of a file at once. Raises policy.RefusedError with one sentence."""
    changed = {rule.pk: after for _line, rule, _before, after in planned.changed}
    return policy_rules.take_in([line.fields for line in planned.new], changed, actor)


def _is_pattern_on(fields: Values) -> bool:
    return fields.get("kind") == Rule.Kind.PATTERN and fields["active"]


def _said_of(line: Line, known: Rule, *, is_list: bool) -> dict[str, Any]:
    """What a line says of a rule that is there: a mere list of words says of known ones that they hold."""
    if not is_list:
        return line.fields
    return fields_of(known) | {"effect": line.fields["effect"], "active": True}
