"""The admins' rules held against a text: what they find, and what of it stands where."""

import pytest

from forum.moderation.matching import RuleError, Ruleset, Spec, checked, in_force
from forum.moderation.models_policy import Rule
from forum.site.models import SitePolicy


def words(text: str, **fields) -> Spec:
    """A rule of words as somebody would type it."""
    return checked(Spec(**({"name": "rule-1", "kind": "words", "text": text} | fields)))


def found(spec: Spec, text: str) -> list[str]:
    """What a rule by itself finds in a text."""
    hits = Ruleset([spec]).hits(text)
    assert all(hit.start is None or text[hit.start : hit.end] == hit.matched for hit in hits)
    return [hit.matched for hit in hits]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("cialis", "My specialist was kind. Specialists are."),
        ("press", "It runs on WordPress, I am impressed."),
        ("kill myself", "I could kill. Myself, I would not."),
        ("schwul", "Ein schwüler Tag, schwül."),
    ],
)
def test_case_x4_a_word_is_not_found_within_another(rule, text):
    assert found(words(rule), text) == []


@pytest.mark.parametrize(
    ("rule", "text", "matched"),
    [
        ("cialis", "Buy CIALIS-online!", "CIALIS"),
        ("press", "The press, he said.", "press"),
        ("カジノ", "オンラインｶｼﾞﾉで", "ｶｼﾞﾉ"),
        ("елка", "Моя Ёлка упала", "Ёлка"),
        ("Ёлка", "моя ЕЛКА", "ЕЛКА"),
        ("strasse", "in der Straße", "Straße"),
        ("Straße", "IN DER STRASSE", "STRASSE"),
        ("viagra", "cheap vi\u200bag\u00adra here", "vi\u200bag\u00adra"),
        ("via\u200bgra", "cheap viagra here", "viagra"),
        ("kill myself", "I will Kill\n  myself.", "Kill\n  myself"),
        ("don't want to live", "I don’t want to live", "don’t want to live"),
        ("istanbul", "İSTANBUL", "İSTANBUL"),
        ("DIYABET", "dıyabet ilacı", "dıyabet"),
        ("自杀", "我想自杀", "自杀"),
        ("c++", "I know C++ well", "C++"),
    ],
)
def test_control_case_x4_a_word_is_found_however_it_is_written(rule, text, matched):
    assert found(words(rule), text) == [matched]


def test_inside_finds_a_word_within_another_and_only_when_it_is_asked_for():
    assert found(words("cialis", inside=True), "my specialist") == ["cialis"]
    assert found(words("cialis"), "my specialist") == []


def test_what_an_allowed_word_covers_is_not_found_and_the_rest_is():
    hold = words("cialis", inside=True)
    allow = words("specialist", name="rule-2", effect="allow")
    hits = Ruleset([hold, allow]).hits("My Specialist sells cialis.")
    assert [(hit.rule, hit.start) for hit in hits] == [("rule-1", 20)]
    assert [hit.start for hit in Ruleset([hold]).hits("My Specialist sells cialis.")] == [
        6,
        20,
    ]  # the control


def test_an_allowed_word_covers_what_it_contains_whole():
    rules = [words("press release"), words("press", name="rule-2", effect="allow")]
    assert [hit.matched for hit in Ruleset(rules).hits("A press release")] == ["press release"]


@pytest.mark.parametrize(
    ("kind", "number", "quiet", "loud", "matched"),
    [
        ("links", 2, "www.a.org https://b.org", "www.a.org www.b.org http://c.org", ["http://c.org"]),
        ("shorter", 5, "quite", " no ", [""]),
        ("longer", 5, " quite ", "longer", [""]),
        ("repeated", 3, "no no no !!!", "well No no NO no", ["No no NO no"]),
        ("repeated", 3, "aaa", "aaaah!!!!", ["aaaa"]),
    ],
)
def test_a_number_is_counted_to(kind, number, quiet, loud, matched):
    spec = checked(Spec("rule-1", kind, number=number, text="left over", inside=True))
    assert (spec.text, spec.inside) == ("", False)
    assert found(spec, quiet) == []
    assert found(spec, loud) == matched


@pytest.mark.parametrize(
    ("pattern", "text", "matched"),
    [
        (r"v[i1]agra", "V1AGRA and vi\u200bagra", ["V1AGRA", "vi\u200bagra"]),
        (r"t\.me/\w+", "see T.me/abc.", ["T.me/abc"]),
        (r"Straße \d+", "strasse 7", ["strasse 7"]),
        (r"x*y?z", "no such", []),
    ],
)
def test_a_pattern_is_looked_for_in_the_text_as_it_is_compared(pattern, text, matched):
    assert found(checked(Spec("rule-1", "pattern", pattern)), text) == matched


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (Spec("n", "words", " \n"), "needs a text"),
        (Spec("n", "words", "\u200b"), "can be seen"),
        (Spec("n", "words", "x" * 301), "301"),
        (Spec("n", "words", "a", inside=True), "nearly everywhere"),
        (Spec("n", "pattern", "(a"), "no pattern"),
        (Spec("n", "pattern", "(?=a)"), "no pattern"),
        (Spec("n", "pattern", r"\C"), "no pattern"),
        (Spec("n", "pattern", "(a{1000}){1000}"), "no pattern"),
        (Spec("n", "pattern", "a*"), "every text"),
        (Spec("n", "pattern", "a", effect="allow"), "Only words"),
        (Spec("n", "links"), "needs a number"),
        (Spec("n", "longer", number=0), "between 1 and 20,000"),
        (Spec("n", "links", number=10**12), "between 0 and 1,000"),
        (Spec("n", "links", number=-1), "between"),
        (Spec("n", "magic", "a"), "kind"),
        (Spec("n", "words", "a", effect="erase"), "cannot do that"),
    ],
)
def test_what_is_no_rule_is_refused_in_one_sentence(spec, said):
    with pytest.raises(RuleError, match=said) as refused:
        checked(spec)
    assert str(refused.value).count(". ") == 0


def test_a_pattern_that_would_take_for_ever_elsewhere_does_not():
    spec = checked(Spec("rule-1", "pattern", "(a+)+b"))
    assert found(spec, "a" * 20_000) == []
    assert found(spec, "a" * 10 + "b") == ["a" * 10 + "b"]  # the control


def test_the_longest_text_of_one_rule_has_so_many_hits_and_no_more():
    assert len(found(words("no"), "no " * 6_000)) == 20


@pytest.mark.django_db
def test_rules_in_force_are_read_once_for_a_key_and_again_for_the_next(django_assert_num_queries):
    Rule.objects.all().delete()
    rule = Rule.objects.create(kind="words", text="pills", label="Sells pills")
    policy = SitePolicy(rules_key="key-of-this-test-1")
    with django_assert_num_queries(1):
        rules = in_force(policy)
    assert [(h.rule, h.label) for h in rules.hits("pills")] == [(f"rule-{rule.pk}", "Sells pills")]
    assert rules.effect(f"rule-{rule.pk}") == "hold"
    with django_assert_num_queries(0):
        assert in_force(policy) is rules
    Rule.objects.update(active=False)
    policy.rules_key = "key-of-this-test-2"  # as a change by another process leaves it
    with django_assert_num_queries(1):
        assert not in_force(policy).hits("pills")


@pytest.mark.django_db
def test_rules_without_a_key_are_read_each_time_and_made_ready_once():
    Rule.objects.all().delete()
    Rule.objects.create(kind="words", text="pills")
    policy = SitePolicy()
    assert in_force(policy).hits("pills")
    assert in_force(policy) is in_force(policy)
    Rule.objects.update(text="powders")
    assert not in_force(policy).hits("pills")


@pytest.mark.django_db
def test_a_stored_rule_that_cannot_be_used_stops_no_other():
    Rule.objects.create(kind="pattern", text="(a")
    Rule.objects.create(kind="words", text="pills")
    assert [hit.matched for hit in in_force(SitePolicy()).hits("(a pills")] == ["pills"]
