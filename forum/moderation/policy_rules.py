"""Adding, changing and switching the admins' rules, one by one or many from a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts.models import User
from forum.moderation import matching
from forum.moderation.matching import Spec
from forum.moderation.models_policy import PolicyChange, Rule
from forum.moderation.policy import (
    RULE,
    RULE_FIELDS,
    RULES,
    RefusedError,
    StaleError,
    Values,
    difference,
    fields_of,
    locked_rules,
    log,
)

MOST_RULES = 5_000
PROPOSED = f"{RULE}new"


def checked(values: Values, name: str = PROPOSED) -> Spec:
    """A rule as it may be saved: `values` are its fields. Raises matching.RuleError with one sentence."""
    spec = Spec(
        name=name,
        kind=values["kind"],
        text=values.get("text", ""),
        number=values.get("number"),
        inside=bool(values.get("inside")),
        effect=values["effect"],
        label=values.get("label", ""),
    )
    return matching.checked(spec)


def add(values: Values, actor: User | None) -> Rule:
    """Write a new rule that holds from now on.

    Raises matching.RuleError with one sentence when it is no rule, and RefusedError when the same one stands
    already or there are too many (of patterns, too many that are on).
    """
    fields = said(values)
    with locked_rules():
        _check_is_new(fields)
        if Rule.objects.count() >= MOST_RULES:
            raise RefusedError(
                _("There are %(most)s rules already; no more fit.") % {"most": f"{MOST_RULES:,}"}
            )
        rule = Rule.objects.create(by=actor, **fields)
        log(f"{RULE}{rule.pk}", actor, {}, fields)
    return rule


def change(number: int, values: Values, actor: User | None, *, seen: Values | None = None) -> Rule:
    """Write other fields of a rule; `seen` are the fields that the actor's page showed.

    Raises Rule.DoesNotExist, matching.RuleError, StaleError when somebody was quicker, and RefusedError when
    nothing is different or the same rule stands already.
    """
    wanted = said(values)
    with locked_rules():
        rule = Rule.objects.get(pk=number)
        now = fields_of(rule)
        if seen and any(now.get(name) != value for name, value in seen.items() if name in now):
            raise StaleError
        before, after = difference(now, wanted)
        if not after:
            raise RefusedError(_("Nothing is different from what stands there already."))
        _check_is_new(wanted, but=number)
        Rule.objects.filter(pk=number).update(**after, by=actor, at=timezone.now())
        log(f"{RULE}{number}", actor, before, after)
        rule.refresh_from_db()
    return rule


def switch(number: int, active: bool, actor: User | None) -> Rule:
    """Let a rule hold, or stop holding. Raises Rule.DoesNotExist, and RefusedError when it does already."""
    with locked_rules():
        rule = Rule.objects.get(pk=number)
        if rule.active == active:
            already = _("This rule is on already.") if active else _("This rule is off already.")
            raise RefusedError(already)
        rule.active = active
        rule.save(update_fields=["active"])
        log(f"{RULE}{number}", actor, {"active": not active}, {"active": active})
    return rule


def take_in(new: Sequence[Values], changed: Mapping[int, Values], actor: User | None) -> PolicyChange:
    """Write many rules at once, which can be taken back together: new ones, and fields of ones by number.

    All have been checked. Raises RefusedError when there is nothing to write or too much of it.
    """
    with locked_rules():
        if not new and not changed:
            raise RefusedError(_("There is nothing new in this file, so nothing was changed."))
        if Rule.objects.count() + len(new) > MOST_RULES:
            most = {"most": f"{MOST_RULES:,}"}
            raise RefusedError(
                _("Together these would be more than %(most)s rules; nothing was changed.") % most
            )
        rows = [Rule(by=actor, **values) for values in new]
        Rule.objects.bulk_create(rows, batch_size=500)
        before: dict[str, Any] = {str(row.pk): {} for row in rows}
        after: dict[str, Any] = {str(row.pk): fields_of(row) for row in rows}
        there = Rule.objects.in_bulk(list(changed))
        for number, rule in there.items():
            before[str(number)], after[str(number)] = difference(fields_of(rule), changed[number])
            for name, value in changed[number].items():
                setattr(rule, name, value)
        Rule.objects.bulk_update(there.values(), RULE_FIELDS, batch_size=100)
        return log(RULES, actor, before, after)


def said(values: Values) -> dict[str, Any]:
    """The fields of a rule as they are stored: what its kind does not look at is empty.

    Raises matching.RuleError with one sentence when it is no rule.
    """
    spec = checked(values)
    return {
        "kind": str(spec.kind),
        "text": spec.text,
        "number": spec.number,
        "inside": spec.inside,
        "effect": str(spec.effect),
        "label": spec.label,
        "language": values.get("language", ""),
        "active": values.get("active", True),
    }


def same(fields: Values) -> tuple[str, str, int | None]:
    """What two rules share that look for the same: a file changes the one that is there."""
    return (
        fields["kind"],
        fields["text"].casefold() if fields["kind"] == Rule.Kind.WORDS else fields["text"],
        fields["number"],
    )


def _check_is_new(fields: Values, but: int | None = None) -> None:
    like = Rule.objects.filter(kind=fields["kind"], number=fields["number"], active=True).exclude(pk=but)
    for text, effect in like.filter(text__iexact=fields["text"]).values_list("text", "effect"):
        if same(fields | {"text": text}) == same(fields) and effect == fields["effect"] and fields["active"]:
            raise RefusedError(_("A rule that looks for the same stands already."))
