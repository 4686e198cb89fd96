"""What the list of rules shows: which there are, what they do, and how often each held something."""

import datetime
from collections.abc import Iterable

from django.db.models import Case as Ranked
from django.db.models import Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from forum.moderation.matching_patterns import MOST_PATTERNS
from forum.moderation.models import RuleHit
from forum.moderation.models_policy import Rule
from forum.moderation.policy import RULE

DAYS = 30
ORDER = (Rule.Effect.HOLD, Rule.Effect.CRISIS, Rule.Effect.MARK, Rule.Effect.ALLOW)


def listed(words: str = "", show: str = "") -> QuerySet[Rule]:
    """Rules in the order of their effects, those in force first.

    `words` stand in their text or label; `show` takes those `on`, `off` or of one effect.
    """
    rank = Ranked(
        *(When(effect=effect, then=Value(n)) for n, effect in enumerate(ORDER)),
        default=Value(len(ORDER)),
        output_field=IntegerField(),
    )
    rows = Rule.objects.annotate(rank=rank).order_by("rank", "-active", "kind", "text", "number", "pk")
    if words:
        rows = rows.filter(Q(text__icontains=words) | Q(label__icontains=words))
    if show in {"on", "off"}:
        rows = rows.filter(active=show == "on")
    if show in Rule.Effect.values:
        rows = rows.filter(effect=show)
    return rows


def patterns_resting() -> int:
    """How many patterns are on and do not act, since older ones are as many as may act."""
    return max(Rule.objects.filter(active=True, kind=Rule.Kind.PATTERN).count() - MOST_PATTERNS, 0)


def held_lately(rules: Iterable[Rule]) -> dict[int, int]:
    """How many replies each of these rules had a hand in holding during the last thirty days, by number."""
    names = {f"{RULE}{rule.pk}": rule.pk for rule in rules}
    since = timezone.now() - datetime.timedelta(days=DAYS)
    hits = RuleHit.objects.filter(rule__in=names, case__opened__gte=since).order_by()
    counted = hits.values("rule").annotate(n=Count("case__comment", distinct=True))
    return {names[row["rule"]]: row["n"] for row in counted}
