"""The rules that a new site begins with."""

from importlib import import_module

import pytest
from django.apps import apps

from forum.moderation import matching
from forum.moderation.matching import Ruleset, Spec, checked
from forum.moderation.models_policy import Rule
from forum.site.models import SitePolicy
from tests.make import make_user
from tests.moderation.first_rules import with_first_rules

pytestmark = pytest.mark.django_db
seeds = import_module("forum.migrations.0016_first_rules_of_a_blog_about_health")


def test_every_first_rule_can_be_used_and_says_why():
    with_first_rules()
    rules = list(Rule.objects.all())
    for rule in rules:
        spec = Spec.of(rule)
        assert checked(spec) == spec
        assert spec.label
    assert len({(rule.kind, rule.text) for rule in rules}) == len(rules)
    assert {rule.language for rule in rules if rule.effect == "crisis"} == {"en", "de", "fr", "es", "it"}
    assert Rule.objects.filter(by=None).count() == len(rules)


@pytest.mark.parametrize(
    "text",
    ["My specialist prescribed baclofen.", "I voted socialist.", "Tysabri every month.", "On WordPress."],
)
def test_an_allowed_word_is_not_held_by_a_rule_that_looks_inside(text):
    with_first_rules()
    inside = ["cialis", "clofen", "sabri", "press"]
    for word in inside:
        Rule.objects.create(kind="words", text=word, inside=True)
    assert not matching.in_force(SitePolicy()).hits(text)
    Rule.objects.filter(effect="allow").delete()  # the control
    assert matching.in_force(SitePolicy()).hits(text)


def test_an_admin_can_switch_one_off():
    with_first_rules()
    assert matching.in_force(SitePolicy()).hits("I want to die.")
    Rule.objects.filter(text="want to die").update(active=False)
    assert not matching.in_force(SitePolicy()).hits("I want to die.")


def test_they_are_put_only_where_there_is_no_rule_and_taken_only_where_nobody_has_touched_them():
    Rule.objects.all().delete()
    own = Rule.objects.create(kind="words", text="pills", by=make_user("boss", "admin"))
    seeds.put(apps, None)
    assert Rule.objects.count() == 1
    Rule.objects.filter(pk=own.pk).delete()
    seeds.put(apps, None)
    assert Rule.objects.count() > 200
    first = Rule.objects.first()
    first.by = own.by
    first.save()
    seeds.take(apps, None)
    assert list(Rule.objects.all()) == [first]


def test_all_of_them_on_an_ordinary_text_find_nothing():
    with_first_rules()
    rules = Ruleset(Spec.of(rule) for rule in Rule.objects.all())
    text = "I die laughing when the dog takes my stick. The rest of my life is worth a lot, and so is my leg."
    assert rules.hits(text) == []
