"""The rules that admins write: adding, changing, switching, putting back, and who may."""

import datetime
import re
from html import unescape

import pytest
from django.utils import timezone

from forum.moderation import cases
from forum.moderation.models import Case
from forum.moderation.models_policy import PolicyChange, Rehearsal, Rule
from forum.moderation.rules import Hit
from forum.site.models import SitePolicy
from forum.threads.states import State
from tests.make import make_comment
from tests.moderation.bare_rules import make_rule, no_rules  # noqa: F401

pytestmark = pytest.mark.django_db
ADD = "/moderation/rules/add/"
WORDS = {"kind": "words", "text": "miracle cure", "effect": "hold", "label": "sells medicine"}


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def key() -> str:
    return SitePolicy.objects.current().rules_key


def shown_fields(client, rule: Rule, **changes) -> dict[str, str]:
    """The form of a rule as a browser would send it, with some fields changed."""
    form = client.get(f"/moderation/rules/{rule.pk}/").context["form"]
    fields = {name: form[name].value() for name in form.fields} | changes
    return {name: "" if v is None else v for name, v in fields.items() if v is not False}


def test_a_rule_is_added_and_kept_with_who_and_when(boss):
    answer = boss.post(ADD, WORDS | {"save": "yes"})
    rule, change = Rule.objects.get(), PolicyChange.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/rules/")
    assert (rule.text, rule.effect, rule.label, rule.active) == (
        "miracle cure",
        "hold",
        "sells medicine",
        True,
    )
    assert (rule.by, change.by, change.about) == (boss.user, boss.user, f"rule-{rule.pk}")
    assert (change.before, change.after["text"]) == ({}, "miracle cure")
    assert key()
    page = text_of(boss.get("/moderation/rules/"))
    assert "Saved: “sells medicine”." in page
    assert "miracle cure" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "pattern", "text": "(un"}, "This is no pattern that can be used here"),
        ({"kind": "pattern", "text": "a*"}, "This pattern fits a text without any words"),
        ({"text": ""}, "A rule of this kind needs a text to look for."),
        ({"text": "x" * 301}, "The text of the rule is 301 characters long"),
        ({"text": "x" * 200_000}, "The text of the rule is 200,000 characters long"),
        ({"kind": "links", "text": ""}, "A rule of this kind needs a number."),
        ({"kind": "links", "number": "-3"}, "Please give a whole number from 0 to 100,000."),
        ({"kind": "links", "number": "some"}, "Please give a whole number from 0 to 100,000."),
        ({"kind": "magic"}, "Please choose what the rule looks for."),
        ({"effect": "explode"}, "Please choose what then happens."),
        ({"kind": "links", "number": "3", "effect": "allow"}, "Only words can be allowed"),
    ],
)
def test_what_is_no_rule_is_said_in_one_sentence_and_nothing_is_written(boss, fields, sentence):
    answer = boss.post(ADD, WORDS | fields | {"save": "yes"})
    assert answer.status_code == 422
    said = [error for errors in answer.context["form"].errors.values() for error in errors]
    assert len(said) == 1
    assert sentence in said[0]
    assert not Rule.objects.exists()
    assert not PolicyChange.objects.exists()


def test_what_is_no_rule_is_not_tried_either(boss):
    answer = boss.post(ADD, {"kind": "pattern", "text": "(un", "effect": "hold", "try": "yes"})
    assert answer.status_code == 422
    assert not Rehearsal.objects.exists()


def test_the_same_rule_is_not_added_twice(boss):
    boss.post(ADD, WORDS | {"save": "yes"})
    answer = boss.post(ADD, WORDS | {"text": "Miracle CURE", "save": "yes"})
    assert answer.status_code == 422
    assert "A rule that looks for the same stands already." in text_of(answer)
    assert Rule.objects.count() == 1


def test_only_what_differs_of_a_changed_rule_is_kept(boss):
    rule, before = make_rule(), key()
    answer = boss.post(f"/moderation/rules/{rule.pk}/", shown_fields(boss, rule, effect="mark", inside="on"))
    change = PolicyChange.objects.get()
    assert answer.status_code == 303
    assert (change.before, change.after) == (
        {"inside": False, "effect": "hold"},
        {"inside": True, "effect": "mark"},
    )
    assert key() != before
    assert Rule.objects.get().effect == "mark"


def test_whoever_was_slower_with_a_rule_sees_both_differences(boss):
    rule = make_rule()
    typed = shown_fields(boss, rule, label="pills")
    boss.post(f"/moderation/rules/{rule.pk}/", shown_fields(boss, rule, effect="mark"))
    answer = boss.post(f"/moderation/rules/{rule.pk}/", typed)
    assert answer.status_code == 409
    assert Rule.objects.get().label == ""
    assert [str(line.label) for line in answer.context["other"]] == ["effect"]
    assert [line.after for line in answer.context["mine"]] == ["pills"]
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields}
    again = {name: "" if v is None else v for name, v in again.items() if v is not False}
    assert boss.post(f"/moderation/rules/{rule.pk}/", again).status_code == 303
    assert (Rule.objects.get().label, Rule.objects.get().effect) == ("pills", "mark")


def test_a_rule_is_switched_off_and_on_and_never_deleted(boss):
    rule = make_rule()
    address = f"/moderation/rules/{rule.pk}/switch/"
    assert boss.post(address, {"active": "no"}).status_code == 303
    assert not Rule.objects.get().active
    again = boss.post(address, {"active": "no"})
    assert again.status_code == 409
    assert "This rule is off already." in text_of(again)
    assert boss.post(address, {"active": "yes"}).status_code == 303
    changes = PolicyChange.objects.order_by("pk").values_list("before", "after")
    assert list(changes) == [({"active": True}, {"active": False}), ({"active": False}, {"active": True})]


def test_a_rule_that_was_added_is_switched_off_by_putting_back_what_was_before(boss):
    boss.post(ADD, WORDS | {"save": "yes"})
    added = PolicyChange.objects.get()
    assert boss.post("/moderation/policy/undo/", {"id": added.pk}).status_code == 303
    assert not Rule.objects.get().active
    assert boss.post("/moderation/policy/undo/", {"id": added.pk}).status_code == 409
    last = PolicyChange.objects.order_by("-pk").first()
    assert boss.post("/moderation/policy/undo/", {"id": last.pk}).status_code == 303
    assert Rule.objects.get().active


def test_the_list_says_how_often_a_rule_was_found_lately_in_as_many_statements(mod, article):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    for n in range(6):
        rule = make_rule(text=f"word {n}")
        comment = make_comment(article, "Buy viagra.", state=State.HELD)
        hits = [Hit(f"rule-{rule.pk}", "viagra", 4, 10), Hit(f"rule-{rule.pk}", "viagra", 4, 10)]
        case = cases.open_case(comment, Case.Cause.NEW, hits)
        if n == 5:
            Case.objects.filter(pk=case.pk).update(opened=timezone.now() - datetime.timedelta(days=31))
        with CaptureQueriesContext(connection) as seen:
            page = mod.get("/moderation/rules/")
        counted.append(len(seen))
    assert [held for _rule, held in page.context["rows"]] == [1, 1, 1, 1, 1, 0]
    assert counted[0] == counted[-1]


def test_the_list_is_searched_and_goes_by_what_rules_do(mod):
    make_rule(text="ash", effect="allow")
    make_rule(text="birch")
    make_rule(text="cedar", label="wood", active=False)
    page = text_of(mod.get("/moderation/rules/"))
    assert re.findall(r'class="effect">([^<]*)<', page) == ["Hold", "Never hold because of this word"]
    found = {
        query: mod.get(f"/moderation/rules/?{query}")
        for query in ("q=WOOD", "show=off", "show=allow", "q=oak")
    }
    assert [rule.text for rule, _held in found["q=WOOD"].context["rows"]] == ["cedar"]
    assert [rule.text for rule, _held in found["show=off"].context["rows"]] == ["cedar"]
    assert [rule.text for rule, _held in found["show=allow"].context["rows"]] == ["ash"]
    assert "No rule fits." in text_of(found["q=oak"])


def test_moderators_read_the_rules_and_change_none(mod, stranger, ben):
    rule = make_rule()
    page = text_of(mod.get("/moderation/rules/"))
    assert "viagra" in page
    assert "Switch off" not in page
    assert "Add a rule" not in page
    for address in (ADD, f"/moderation/rules/{rule.pk}/", f"/moderation/rules/{rule.pk}/switch/"):
        assert mod.post(address, WORDS | {"save": "yes"}).status_code == 404
        assert ben.post(address, WORDS | {"save": "yes"}).status_code == 404
        assert stranger.post(address, WORDS | {"save": "yes"}).status_code == 302
    assert ben.get("/moderation/rules/").status_code == 404
    assert stranger.get("/moderation/rules/").status_code == 302
    assert (Rule.objects.count(), Rule.objects.get().active) == (1, True)
    assert not PolicyChange.objects.exists()
