"""Patterns of rules: made ready once, small enough, and no more of them than every reply can bear."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from forum.moderation import matching, matching_patterns, policy, policy_rules
from forum.moderation.matching import RuleError, Spec, checked
from forum.moderation.matching_patterns import MOST_PATTERNS
from forum.moderation.models_policy import PolicyChange, Rule
from forum.moderation.policy import RefusedError
from forum.site.models import SitePolicy
from tests.moderation.bare_rules import make_rule, no_rules  # noqa: F401

pytestmark = pytest.mark.django_db
ADD, RULES, FILE = "/moderation/rules/add/", "/moderation/rules/", "/moderation/rules/import/"
AT_MOST = "At most 200 patterns can be on at once"


def make_patterns(count: int) -> None:
    Rule.objects.bulk_create(
        Rule(kind="pattern", text=rf"casino{n}[a-z]", effect="hold") for n in range(1, count + 1)
    )


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """The patterns that were made ready, in their order."""
    texts: list[str] = []
    make = matching_patterns.made
    monkeypatch.setattr(matching_patterns, "made", lambda text: texts.append(text) or make(text))
    return texts


def test_each_pattern_is_made_ready_once_however_many_texts_are_looked_at(made):
    Rule.objects.bulk_create(Rule(kind="words", text=f"word{n}") for n in range(1_000))
    make_patterns(MOST_PATTERNS)
    site = SitePolicy(pk=1, rules_key="once")
    for n in (1, 100, 200):
        hits = matching.in_force(site).hits(f"A word7 of casino{n}s here.")
        assert [hit.matched for hit in hits] == ["word7", f"casino{n}s"]
    assert len(made) == len(set(made)) == MOST_PATTERNS


def test_of_too_many_stored_patterns_the_first_act_and_the_page_says_so(mod):
    make_patterns(MOST_PATTERNS)
    assert "patterns can act at once" not in mod.get(RULES).content.decode()
    make_rule(kind="pattern", text=r"roulette\w")
    rules = matching.in_force(SitePolicy())
    assert [hit.matched for hit in rules.hits("casino200s and roulettes")] == ["casino200s"]
    assert "Only 200 patterns can act at once: the newest one does" in mod.get(RULES).content.decode()
    Rule.objects.filter(text__startswith="casino1").update(active=False)
    assert matching.in_force(SitePolicy()).hits("roulettes")


def test_one_pattern_too_many_is_refused_however_it_would_come_to_be_on(boss):
    make_patterns(MOST_PATTERNS - 1)
    off = make_rule(kind="pattern", text=r"roulette\w", active=False)
    word = make_rule(text="poker")
    fields = {"kind": "pattern", "text": r"slots\w", "effect": "hold"}
    assert boss.post(ADD, fields | {"save": "yes"}).status_code == 303  # the last that fits
    one_more = boss.post(ADD, fields | {"text": r"bingo\w", "save": "yes"})
    assert one_more.status_code == 422
    assert AT_MOST in one_more.content.decode()
    switched = boss.post(f"{RULES}{off.pk}/switch/", {"active": "yes"})
    assert switched.status_code == 409
    assert AT_MOST in switched.content.decode()
    changed = boss.post(f"{RULES}{word.pk}/", fields | {"text": r"poker\w", "save": "yes"})
    assert changed.status_code == 422
    with pytest.raises(RefusedError, match=AT_MOST):
        policy_rules.take_in([policy_rules.said(fields | {"text": r"dice\w"})], {}, boss.user)
    assert Rule.objects.filter(kind="pattern", active=True).count() == MOST_PATTERNS
    assert boss.post(ADD, {"kind": "words", "text": "dice", "effect": "hold", "save": "y"}).status_code == 303


def test_putting_back_adds_no_pattern_too_many_either(boss):
    make_patterns(MOST_PATTERNS)
    first = Rule.objects.first()
    policy_rules.switch(first.pk, False, boss.user)
    make_rule(kind="pattern", text=r"slots\w")
    with pytest.raises(RefusedError, match=AT_MOST):
        policy.undo(PolicyChange.objects.latest("pk").pk, boss.user)
    first.refresh_from_db()
    assert not first.active


def test_where_more_are_on_already_the_others_can_be_changed(boss):
    make_patterns(MOST_PATTERNS + 5)
    first = Rule.objects.first()
    fields = policy.fields_of(first) | {"label": "a game"}
    assert policy_rules.change(first.pk, fields, boss.user).label == "a game"
    assert not policy_rules.switch(first.pk, False, boss.user).active


def preview(client, lines: list[str]):
    data = "kind,text\n" + "\n".join(lines)
    return client.post(FILE, {"file": SimpleUploadedFile("rules.csv", data.encode())})


def test_a_file_of_patterns_is_taken_as_far_as_they_fit_and_the_rest_is_not_even_made_ready(boss, made):
    make_patterns(MOST_PATTERNS - 10)
    lines = [*(rf"pattern,bingo{n}\w" for n in range(600)), "words,dice"]
    page = preview(boss, lines)
    assert page.status_code == 200
    assert (page.context["sums"]["new"], page.context["sums"]["refused"]) == (11, 590)
    assert AT_MOST in page.content.decode()
    assert len(made) == 2 * MOST_PATTERNS


@pytest.mark.parametrize("text", [r"\p{L}{30}w", r"[\p{L}\p{N}]{5,40}", "(?:[^a]{1,100}b){1,10}"])
def test_a_pattern_that_takes_megabytes_is_refused_in_one_sentence(text):
    with pytest.raises(RuleError, match="This pattern is too large"):
        checked(Spec("rule-1", "pattern", text))


@pytest.mark.parametrize(
    "text",
    [
        r"(?:cure|heal|treat)s?\s+(?:ms|cancer|diabetes)\b.{0,40}(?:guaranteed|naturally|herbal)",
        r"\bwhats?app\b.{0,30}\+?\d[\d\s-]{6,}",
        r"[\w.+-]{1,64}@[\w-]{1,60}\.[a-z]{2,10}",
        r"\p{L}+\s+(?:casino|slots|poker)\s+\p{L}+",
        r"\p{Cyrillic}{3,}",
        "|".join(f"word{n}x" for n in range(35)),
    ],
)
def test_control_what_an_admin_would_write_is_small_enough(text):
    assert checked(Spec("rule-1", "pattern", text)).text == text
