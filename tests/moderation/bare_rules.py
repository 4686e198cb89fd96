"""A site without the rules that a new one begins with, and rules of its own; import `no_rules` to get it."""

import pytest

from forum.moderation.models_policy import Rule


@pytest.fixture(autouse=True)
def no_rules(db) -> None:
    """No rule stands at the beginning."""
    Rule.objects.all().delete()


def make_rule(**fields) -> Rule:
    """A stored rule, of words when nothing else is said."""
    return Rule.objects.create(**({"kind": "words", "text": "viagra"} | fields))
