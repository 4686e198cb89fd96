"""The rules that a new site begins with, also where a test has emptied the tables."""

from importlib import import_module

from forum.moderation.models_policy import Rule
from forum.site.models import Mode, SitePolicy

_seeds = import_module("forum.migrations.0016_first_rules_of_a_blog_about_health")


def with_first_rules(mode: str = Mode.HOLD_ALL, **fields) -> SitePolicy:
    """A policy on which the first rules act."""
    if not Rule.objects.exists():
        Rule.objects.bulk_create(_seeds.rules_of(Rule))
    return SitePolicy.objects.update_or_create(pk=1, defaults={"mode": mode} | fields)[0]
