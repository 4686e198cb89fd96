"""What each mode lets pass, and what is held all the same; nothing is ever deleted by a rule."""

import pytest

from forum.accounts.models import Author
from forum.articles.models import Article
from forum.moderation import articles_closed, rules
from forum.moderation.models import Case, Decision, RuleHit
from forum.moderation.models_policy import Rule
from forum.moderation.rules import Signs
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import make_article, make_comment, make_user, send_reply
from tests.moderation.desk import desk

pytestmark = pytest.mark.django_db
PLAIN = "I tried one, too, and it helped me a little."
LINKED = "See https://a.example/ for that stick."


def account() -> Author:
    """Somebody with an account and nothing published."""
    return make_user("vera").author


def state(
    mode: str | None, text: str = PLAIN, author: Author | None = None, *, own: str | None = None, **said
):
    """How a reply begins where the site has one mode and the article another or none."""
    return rules.screen(Article(mode=own), SitePolicy(mode=mode), text=text, author=author, **said).state


@pytest.mark.parametrize(
    ("mode", "guest", "guest_with_link", "account"),
    [
        (Mode.HOLD_ALL, "held", "held", "held"),
        (Mode.HOLD_NEWCOMERS, "held", "held", "held"),
        (Mode.HOLD_GUESTS, "held", "held", "visible"),
        (Mode.HOLD_LINKS, "visible", "held", "visible"),
        (Mode.OPEN, "visible", "visible", "visible"),
        (Mode.CLOSED, "held", "held", "held"),
        (Mode.READ_ONLY, "held", "held", "held"),
    ],
)
def test_each_mode_holds_what_it_says(mode, guest, guest_with_link, account):
    nobody = Author.objects.create(kind="guest", name="Vera")
    assert state(mode, PLAIN, nobody) == guest
    assert state(mode, LINKED, nobody) == guest_with_link
    assert state(mode, PLAIN, make_user("vera").author) == account


def test_an_articles_mode_is_stronger_than_the_sites():
    assert state(Mode.OPEN, own=Mode.HOLD_ALL) == State.HELD
    assert state(Mode.HOLD_ALL, own=Mode.OPEN) == State.VISIBLE


@pytest.mark.parametrize("mode", [Mode.CLOSED, Mode.READ_ONLY])
def test_a_site_that_takes_nothing_is_stronger_than_an_open_article(article, stranger, mode):
    SitePolicy.objects.create(pk=1, mode=mode)
    Article.objects.update(mode=Mode.OPEN)
    article.refresh_from_db()
    assert articles_closed.is_closed(article, SitePolicy.objects.get())
    assert state(mode, own=Mode.OPEN) == State.HELD
    assert send_reply(stranger, article).status_code == 422
    assert not Comment.objects.exists()
    SitePolicy.objects.update(mode=Mode.HOLD_ALL)  # the control
    assert send_reply(stranger, article).status_code == 303


HELD_ALL_THE_SAME = {
    "a hold rule": ({"text": "Cheap pills for everybody here."}, "rule-{hold}"),
    "a crisis rule": ({"text": "I will be gone tomorrow, bridge and all."}, "rule-{crisis}"),
    "a rule on the name": ({"name": "Pills for all"}, "rule-{hold}"),
    "a name that is an address": ({"name": "cheap-meds.com"}, "link_in_name"),
    "too quick": ({"signs": Signs(seconds=1)}, "too_quick"),
    "a link without our form": ({"text": LINKED, "signs": Signs(has_form=False)}, "no_form"),
}
LET_PASS = {
    "a mark rule": {"text": "Take 20 drops of it, and be well."},
    "an inactive rule": {"text": "Powders for everybody here."},
    "slow enough": {"signs": Signs(seconds=3)},
    "a form kept for days": {"signs": Signs(seconds=900_000), "text": LINKED},
    "no form and no link": {"signs": Signs(has_form=False)},
    "a name with dots": {"name": "J. R. Vera"},
}


@pytest.fixture
def own_rules() -> dict[str, int]:
    """A rule of each effect, by number."""
    Rule.objects.all().delete()
    made = {
        "hold": Rule.objects.create(kind="words", text="pills", label="Sells pills"),
        "crisis": Rule.objects.create(kind="words", text="bridge", effect="crisis"),
        "mark": Rule.objects.create(kind="words", text="drops", effect="mark"),
        "off": Rule.objects.create(kind="words", text="powders", active=False),
    }
    return {name: rule.pk for name, rule in made.items()}


@pytest.mark.parametrize("mode", [Mode.OPEN, Mode.HOLD_LINKS])
@pytest.mark.parametrize("what", HELD_ALL_THE_SAME)
def test_what_speaks_for_looking_holds_where_the_mode_lets_pass(own_rules, mode, what):
    said, rule = HELD_ALL_THE_SAME[what]
    verdict = rules.screen(Article(), SitePolicy(mode=mode), **({"text": PLAIN} | said))
    assert verdict.state == State.HELD
    rule = rule.format(**own_rules)
    assert rule in {hit.rule for hit in verdict.hits}
    assert verdict.rule == rule or mode == Mode.HOLD_LINKS
    assert verdict.risk > 0


@pytest.mark.parametrize("what", LET_PASS)
def test_control_what_does_not_speak_for_looking_passes(own_rules, what):
    verdict = rules.screen(Article(), SitePolicy(mode=Mode.OPEN), **({"text": PLAIN} | LET_PASS[what]))
    assert (verdict.state, verdict.rule) == (State.VISIBLE, "open")


def test_the_time_that_a_form_must_be_open_is_the_policys(own_rules):
    for seconds, held in ((0, False), (10, True)):
        policy = SitePolicy(mode=Mode.OPEN, form_seconds=seconds)
        verdict = rules.screen(Article(), policy, text=PLAIN, signs=Signs(seconds=5))
        assert (verdict.state == State.HELD) == held


def test_the_language_of_crisis_is_urgent_and_weighs_more_than_anything_else(own_rules):
    crisis = rules.screen(Article(), SitePolicy(), text="A bridge.")
    pills = rules.screen(Article(), SitePolicy(), text="Some pills.")
    assert (crisis.urgent, pills.urgent) == (1, 0)
    assert crisis.risk > pills.risk > rules.screen(Article(), SitePolicy(), text=PLAIN).risk


def test_a_filled_trap_makes_spam_but_not_of_somebody_in_danger(article, stranger, own_rules):
    send_reply(stranger, article, "Words of a robot.", website="x")
    assert (Comment.objects.get().state, Decision.objects.get().actor) == (State.SPAM, None)
    send_reply(stranger, article, "I stand on the bridge.", website="x")
    comment = Comment.objects.latest("pk")
    assert (comment.state, comment.urgent) == (State.HELD, 1)
    assert set(RuleHit.objects.filter(case__comment=comment).values_list("rule", flat=True)) >= {"honeypot"}


def test_the_same_text_again_is_held_wherever_and_by_whomever(article, django_assert_num_queries):
    policy, text = SitePolicy(mode=Mode.OPEN), PLAIN + " I will try it again."
    vera, other = account(), Author.objects.create(kind="guest", name="Other")
    assert rules.screen(article, policy, text=text, author=vera).state == State.VISIBLE
    first = make_comment(make_article(), text, author=vera, name="vera")
    said = {
        who: rules.screen(article, policy, text=text, author=author)
        for who, author in (("again", vera), ("other", other))
    }
    assert {who: verdict.rule for who, verdict in said.items()} == {
        "again": "said_again",
        "other": "said_before",
    }
    assert rules.screen(article, policy, text=text, author=vera, besides=first.pk).state == State.VISIBLE
    assert rules.screen(article, policy, text="Thank you!", author=vera).state == State.VISIBLE
    make_comment(article, "Thank you!", author=vera, name="vera")
    assert rules.screen(article, policy, text="Thank you!", author=other).state == State.VISIBLE


LONG = "Buy the very best walking sticks at my own house, today and tomorrow."


@pytest.mark.parametrize(
    "text",
    [
        LONG.replace("best", "be\u200bst"),
        "\u200b".join(LONG),
        LONG.upper(),
        LONG + ".",
        LONG.replace(" ", "  ", 1),
        LONG.replace(",", "\n-"),
    ],
)
def test_the_same_text_is_known_again_in_another_dress(article, text):
    policy, spammer = SitePolicy(mode=Mode.OPEN), Author.objects.create(kind="guest", name="Other")
    first = make_comment(article, LONG, author=spammer, state=State.SPAM)
    assert rules.screen(article, policy, text=text).rule == "said_before"
    assert rules.screen(article, policy, text=text, besides=first.pk).state == State.VISIBLE
    for other in (LONG.replace("best", "worst"), LONG + " Or do not.", "🎉" * 60, "." * 60):
        assert rules.screen(article, policy, text=other).state == State.VISIBLE


def test_signs_without_a_word_are_the_same_only_when_all_of_them_are(article):
    policy = SitePolicy(mode=Mode.OPEN)
    make_comment(article, "🎉" * 60, state=State.SPAM)
    assert rules.screen(article, policy, text="🎉" * 60).rule == "said_before"
    assert rules.screen(article, policy, text="🎂" * 60).state == State.VISIBLE


@pytest.mark.parametrize("words", ["mg dose " * 22 + "casino", "casino " + "mg dose " * 22])
def test_the_rule_that_holds_is_shown_among_many_marks(article, stranger, own_rules, words):
    for text, effect in (("mg", "mark"), ("dose", "mark"), ("casino", "hold")):
        Rule.objects.create(kind="words", text=text, effect=effect)
    SitePolicy.objects.update_or_create(pk=1, defaults={"mode": Mode.OPEN, "form_seconds": 0})
    send_reply(stranger, article, words)
    hits = RuleHit.objects.filter(case__comment=Comment.objects.get())
    assert set(hits.values_list("matched", flat=True)) >= {"casino", "mg", "dose"}
    assert hits.count() == rules.MOST_HITS
    assert set(hits.values_list("rule", flat=True)) >= {"guest", "newcomer"}


def test_looking_for_the_same_text_is_one_statement_however_much_there_is(article, django_assert_num_queries):
    text = PLAIN + " I will try it again."
    for n in range(3):
        make_comment(article, f"{PLAIN} {n}", state="held" if n else "visible")
        with django_assert_num_queries(1):
            assert list(rules.rules_signs.repeated(text, None)) == []


def test_an_own_rule_is_named_by_its_label_on_the_card_and_in_the_filter(article, stranger, mod, own_rules):
    send_reply(stranger, article, "Cheap PILLS for everybody.")
    page = desk(mod)
    assert '<mark title="Sells pills">PILLS</mark>' in page
    assert "<li>Sells pills: <mark" in page
    number = own_rules["hold"]
    found = desk(mod, f"reason=rule-{number}")
    assert "because of: Sells pills" in found
    assert "Cheap" in found
    assert "Cheap" not in desk(mod, f"reason=rule-{own_rules['mark']}")
    assert Case.objects.count() == 1


def test_cards_cost_no_statement_for_each_own_rule(
    article, stranger, mod, own_rules, django_assert_max_num_queries
):
    send_reply(stranger, article, "Cheap pills, first.")
    desk(mod)
    with django_assert_max_num_queries(40) as few:
        desk(mod)
        count = len(few)
    for n in range(4):
        Rule.objects.create(kind="words", text=f"w{n}", label=f"Word {n}")
        send_reply(stranger, article, f"Pills, drops, bridge, w{n} and more.", name=f"V{n}")
    with django_assert_max_num_queries(count):
        assert "Word 3" in desk(mod)


def test_a_long_text_of_many_matches_keeps_what_is_known_of_its_author(own_rules):
    text = " ".join(f"https://a{n}.example/" for n in range(40)) + " pills" * 50
    verdict = rules.screen(Article(), SitePolicy(), text=text)
    names = [hit.rule for hit in verdict.hits]
    assert len(names) == rules.MOST_HITS
    assert {"hold_all", "newcomer", "guest"} & set(names)
