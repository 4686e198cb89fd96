"""Figures S1 and W1: spam is held, honest talk is not, and who may be in danger is seen first."""

import uuid

import pytest

from forum.accounts.models import Author
from forum.articles.models import Article
from forum.moderation import matching, rules
from forum.moderation.models_policy import Rule, SpamModel
from forum.moderation.spam import features
from forum.moderation.spam_training import Example, fit
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import send_reply
from tests.moderation import talk
from tests.moderation.desk import cards, desk
from tests.moderation.first_rules import with_first_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def taught() -> SitePolicy:
    """An open site with the rules that it began with and a model learnt from other comments."""
    learnt = [Example(features(text), f"Spammer {n}", True) for n, text in enumerate(talk.spam(1, 300))]
    learnt += [Example(features(text), f"Reader {n}", False) for n, text in enumerate(talk.honest(2, 300))]
    model = fit(learnt)
    SpamModel.objects.create(spam=300, honest=300, bias=model.bias, weights=model.weights)
    return with_first_rules(Mode.OPEN, rules_key=uuid.uuid4().hex)


def held(policy: SitePolicy, texts) -> list[str]:
    """Which of these the rules find something in that holds them, although the site is open."""
    article, found = Article(), []
    for text in texts:
        verdict = rules.screen(article, policy, text=text, besides=0)
        assert verdict.state in {State.VISIBLE, State.HELD}  # nothing is deleted, and nothing refused
        found += [text] if verdict.state == State.HELD else []
    return found


def test_figure_s1_spam_is_held_and_honest_talk_is_not(taught):
    assert len(held(taught, talk.spam(3, 1_000))) >= 950
    assert len(held(taught, talk.honest(4, 1_000))) <= 10


def test_control_figure_s1_without_rules_and_model_hardly_anything_is_held():
    Rule.objects.all().delete()
    policy = SitePolicy(mode=Mode.OPEN)
    assert len(held(policy, talk.spam(3, 200))) == 0


def test_control_figure_s1_a_model_that_learnt_the_wrong_way_round_fails():
    learnt = [Example(features(text), f"R {n}", True) for n, text in enumerate(talk.honest(2, 200))]
    learnt += [Example(features(text), f"S {n}", False) for n, text in enumerate(talk.spam(1, 200))]
    model = fit(learnt)
    assert sum(model.per_cent(text) >= 90 for text in talk.honest(4, 100)) > 90


def test_figure_s1_first_time_authors_are_always_held_where_newcomers_are(article, stranger, ben):
    with_first_rules(Mode.HOLD_NEWCOMERS)
    for n, text in enumerate([*talk.honest(5, 3), *talk.spam(6, 3)]):
        assert (
            send_reply(stranger, article, text, name=f"New {n}", email="boss@example.org").status_code == 303
        )
    send_reply(ben, article, "Words of a new account.")
    assert set(Comment.objects.values_list("state", flat=True)) == {State.HELD}
    assert Comment.objects.count() == 7


def test_figure_s1_links_in_comments_lend_no_weight(article, stranger):
    with_first_rules(Mode.OPEN)
    send_reply(stranger, article, "See https://a.example/ there.")
    comment = Comment.objects.get()
    assert comment.state == State.HELD  # sent without our form, so a moderator looks
    for rel in ("nofollow", "ugc", "noopener", "noreferrer"):
        assert rel in comment.body_html


def test_figure_w1_every_phrase_of_crisis_is_found_and_hardly_any_other_text():
    ruleset = matching.in_force(with_first_rules())

    def is_crisis(text: str) -> bool:
        return any(ruleset.effect(hit.rule) == "crisis" for hit in ruleset.hits(text))

    assert len(talk.crisis()) == 60
    assert [text for text in talk.crisis() if not is_crisis(text)] == []
    assert sum(is_crisis(text) for text in talk.honest(7, 500)) <= 25


def test_control_figure_w1_without_the_rules_no_phrase_is_found():
    Rule.objects.filter(effect="crisis").delete()
    ruleset = matching.in_force(SitePolicy())
    assert not any(ruleset.effect(hit.rule) == "crisis" for t in talk.crisis() for hit in ruleset.hits(t))


@pytest.mark.parametrize("mode", [Mode.HOLD_ALL, Mode.OPEN])
def test_figure_w1_who_may_be_in_danger_stands_first_in_the_queue(article, stranger, mod, mode):
    with_first_rules(Mode.HOLD_ALL)
    for n in range(3):
        send_reply(stranger, article, f"Ordinary words that wait, number {n}.", name=f"Reader {n}")
    SitePolicy.objects.update(mode=mode)
    places = []
    for n, text in enumerate(talk.crisis()[::20]):
        send_reply(stranger, article, text, name=f"Vera {n}")
        comment = Comment.objects.latest("pk")
        assert (comment.state, comment.urgent) == (State.HELD, 1)
        for order in ("", "sort=newest", "sort=risk"):
            places.append(cards(desk(mod, order)).index(comment.pk) + 1)
        page = desk(mod, f"/moderation/comments/{comment.pk}/")
        assert "Language of crisis" in page
        mod.post("/moderation/decide/", {"comment": comment.pk, "decision": "approve"})
    assert sorted(places)[len(places) // 2] == 1
    ordinary = Comment.objects.exclude(state=State.VISIBLE)
    assert not ordinary.filter(urgent=1).exists()  # the control: others wait behind


def test_figure_w3_a_dose_or_a_cure_is_marked_for_the_moderator_and_holds_nothing(article, stranger, mod):
    policy = with_first_rules(Mode.OPEN)
    text = "I take 240 mg of Tecfidera; some call it a miracle cure."
    assert rules.screen(article, policy, text=text).state == State.VISIBLE
    SitePolicy.objects.update(mode=Mode.HOLD_ALL)
    send_reply(stranger, article, text)
    page = desk(mod)
    assert '<mark title="Names a dose">240 mg</mark>' in page
    assert '<mark title="Claims a cure">miracle cure</mark>' in page
    assert "Names a dose" not in rules.screen(article, policy, text="I take nothing.").rule
    assert Author.objects.count() >= 1
