"""What a page of the policy or a rule had shown: kept through a rehearsal, and never trusted to be sound."""

import json
import re
from html import unescape

import pytest

from forum.moderation import policy_rules, policy_seen
from forum.moderation.models_policy import Rehearsal
from forum.moderation.policy import fields_of
from forum.site.models import SitePolicy
from tests.make import make_comment, make_user
from tests.moderation.bare_rules import make_rule, no_rules  # noqa: F401

pytestmark = pytest.mark.django_db
NONSENSE = [
    "",
    "[1]",
    "NaN",
    "[" * 5_000,
    '{"kind": [1]}',
    '{"mode": NaN}',
    '{"mode": {}, "text": []}',
    '{"text": "\\u0000", "help_lines": "\\u0000"}',
    '{"label": "\\ud800", "help_lines": "\\ud800"}',
    '{"number": 1e9, "trust_after": 1e9}',
    '{"number": true, "trust_after": true}',
    '{"effect": "explode", "mode": "explode"}',
    '{"something": 1}',
]


def fields_in(page: str) -> dict[str, str]:
    """The hidden fields with which a rehearsal's page saves what was tried."""
    form = re.search(r'<form class="apply".*?</form>', page, re.DOTALL)[0]
    tags = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", form)]
    return {tag["name"]: unescape(tag.get("value", "")) for tag in tags}


def tried(boss, rule) -> str:
    """The address of a rehearsal of a change, tried from the page of a rule as it is."""
    sent = {"kind": "words", "text": "cures", "effect": "hold", "seen": json.dumps(fields_of(rule))}
    return boss.post(f"/moderation/rules/{rule.pk}/", sent | {"try": "yes"})["Location"]


@pytest.mark.parametrize("meddled", [True, False])
def test_saving_from_a_rehearsal_overwrites_nobody(boss, article, meddled):
    make_comment(article, "a cure")
    rule = make_rule(text="cure")
    where = tried(boss, rule)
    if meddled:  # the control is that nobody does
        other = fields_of(rule) | {"text": "cure of ms", "label": "careful"}
        policy_rules.change(rule.pk, other, make_user("other", "admin"))
    saved = boss.post(f"/moderation/rules/{rule.pk}/", fields_in(boss.get(where).content.decode()))
    rule.refresh_from_db()
    assert (saved.status_code, rule.text) == ((409, "cure of ms") if meddled else (303, "cures"))


def test_the_form_that_is_filled_from_a_rehearsal_knows_what_was_shown_then(boss, article):
    rule = make_rule(text="cure")
    number = tried(boss, rule).rstrip("/").rpartition("/")[2]
    before = fields_of(rule)
    policy_rules.change(rule.pk, before | {"label": "careful"}, make_user("other", "admin"))
    form = boss.get(f"/moderation/rules/{rule.pk}/?rehearsal={number}").context["form"]
    assert json.loads(form["seen"].value()) == before
    fresh = boss.get(f"/moderation/rules/{rule.pk}/").context["form"]
    assert json.loads(fresh["seen"].value())["label"] == "careful"


def policy_form(boss, **changes) -> dict[str, str]:
    form = boss.get("/moderation/policy/").context["form"]
    values = {name: form[name].value() for name in form.fields} | changes
    return {name: "" if value is None else value for name, value in values.items() if value is not False}


def test_a_policy_filled_from_a_rehearsal_is_held_against_the_version_that_was_shown_then(boss):
    sent = policy_form(boss, mode="open", **{"try": "yes", "days": "30"})
    number = boss.post("/moderation/policy/", sent)["Location"].rstrip("/").rpartition("/")[2]
    assert boss.post("/moderation/policy/", policy_form(boss, trust_after="7")).status_code == 303
    form = boss.get(f"/moderation/policy/?rehearsal={number}").context["form"]
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert boss.post("/moderation/policy/", values).status_code == 409
    assert SitePolicy.objects.current().trust_after == 7


@pytest.mark.parametrize("seen", NONSENSE)
def test_nonsense_counts_as_nothing_and_stops_no_page(boss, article, seen):
    assert (policy_seen.of_rule(seen), policy_seen.of_policy(seen)) == ({}, {})
    rule = make_rule(text="cure")
    sent = {"kind": "words", "text": "cures", "effect": "hold", "seen": seen}
    where = boss.post(f"/moderation/rules/{rule.pk}/", sent | {"try": "yes"})
    assert where.status_code == 303
    assert boss.get(where["Location"]).status_code == 200
    assert boss.post(f"/moderation/rules/{rule.pk}/", sent).status_code == 303
    for more in ({"try": "yes", "days": "7"}, {"version": "99"}):
        answer = boss.post("/moderation/policy/", policy_form(boss, mode="open", seen=seen) | more)
        assert answer.status_code == (303 if "try" in more else 409)
    assert Rehearsal.objects.count() == 2


def test_control_what_the_pages_show_is_read(boss):
    rule = fields_of(make_rule(text="cure", label="“sells”", language="de"))
    assert policy_seen.of_rule(json.dumps(rule)) == rule
    shown = boss.get("/moderation/policy/").context["form"]["seen"].value()
    assert policy_seen.of_policy(shown) == json.loads(shown) != {}
