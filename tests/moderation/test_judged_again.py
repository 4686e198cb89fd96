"""Case X1: rules run on the very text that will be published: new, edited and restored."""

import pytest

from forum.moderation import cases, decisions, edits, undo
from forum.moderation.models import Act, Case, Decision, RuleHit
from forum.moderation.models_policy import Rule
from forum.site.models import SitePolicy
from forum.threads import tree
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import load_comments, make_comment, send_reply
from tests.moderation.desk import cards, desk, hold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules(db):
    """One rule that holds and one for people in danger."""
    Rule.objects.all().delete()
    Rule.objects.create(kind="words", text="pills", label="Sells pills")
    Rule.objects.create(kind="words", text="bridge", effect="crisis", label="In danger")


def found(comment: Comment) -> set[str]:
    """What the rules say of a comment on its open cases."""
    hits = RuleHit.objects.filter(case__comment=comment, case__closed=None).exclude(matched="")
    return set(hits.values_list("matched", flat=True))


def edit(comment: Comment, body: str, mod) -> Comment:
    """Give a comment other words from the desk."""
    comment.refresh_from_db()
    edits.edit(comment.pk, body, mod.user, version=comment.version)
    comment.refresh_from_db()
    return comment


def test_case_x1_a_new_reply_is_judged_by_its_text(article, stranger):
    send_reply(stranger, article, "Cheap pills!")
    assert found(Comment.objects.get()) == {"pills"}


def test_case_x1_an_edited_reply_is_judged_by_its_new_text(article, mod):
    comment = hold(article, "Cheap pills!")
    before = comment.risk
    comment = edit(comment, "I stand on the bridge, see https://a.example/", mod)
    assert found(comment) == {"bridge", "https://a.example/"}
    assert (comment.urgent, comment.risk > before) == (1, True)
    page = desk(mod, f"/moderation/comments/{comment.pk}/")
    assert '<mark title="In danger">bridge</mark>' in page
    assert "Sells pills" not in page
    comment = edit(comment, "I tried one, too.", mod)
    assert (found(comment), comment.urgent) == (set(), 0)
    assert Case.objects.count() == 1


def test_case_x1_an_edit_that_is_taken_back_is_judged_by_the_words_that_come_back(article, mod):
    comment = hold(article, "Cheap pills!")
    edit(comment, "Words of no harm.", mod)
    undo.undo(Decision.objects.latest("pk").pk, mod.user)
    assert found(comment) == {"pills"}


def test_what_was_said_of_the_sending_stays_whatever_the_words_become(article, mod):
    comment = hold(article, "Cheap pills!")
    comment.cases.get().hits.create(rule="too_quick")
    comment = edit(comment, "Words of no harm.", mod)
    assert RuleHit.objects.filter(case__comment=comment, rule="too_quick").count() == 1
    risky = comment.risk
    RuleHit.objects.filter(rule="too_quick").delete()
    assert edit(comment, "Words of no harm at all.", mod).risk < risky  # the control


def test_an_edit_of_a_public_comment_opens_no_case_and_moves_nothing(article, mod):
    comment = make_comment(article)
    comment = edit(comment, "Cheap pills!", mod)
    assert (comment.state, comment.risk, Case.objects.count()) == (State.VISIBLE, 0, 0)


def test_case_x1_before_restoring_the_rules_of_today_are_shown_on_the_words_of_today(article, mod):
    comment = hold(article, "Cheap pills and powders!")
    decisions.decide(Act.REJECT, comment.pk, None)
    Rule.objects.filter(text="pills").update(active=False)
    Rule.objects.create(kind="words", text="powders", label="Sells powders")
    page = desk(mod, f"/moderation/comments/{comment.pk}/")
    assert "What the rules find today" in page
    assert '<mark title="Sells powders">powders</mark>' in page
    assert "Sells pills" not in page
    assert found(comment) == set()  # nothing is written by looking


def test_case_x1_among_spam_too_the_words_of_today_are_looked_at_and_the_sending_is_remembered(article, mod):
    comments = [hold(article, f"Cheap pills and powders {n}!") for n in range(3)]
    comments[0].cases.get().hits.create(rule="honeypot")
    decisions.decide_some(Act.SPAM, {comment.pk: None for comment in comments}, mod.user)
    edit(comments[0], "Powders alone.", mod)
    Rule.objects.create(kind="words", text="powders", label="Sells powders")
    page = desk(mod, "tab=spam")
    assert page.count("<li>Sells powders: <mark") == 3
    assert page.count("<li>Sells pills: <mark") == 2
    assert page.count("<li>A hidden field was filled in</li>") == 1


def test_control_case_x1_a_comment_that_waits_shows_what_held_it(article, mod):
    comment = hold(article, "Cheap pills and powders!")
    Rule.objects.create(kind="words", text="powders", label="Sells powders")
    page = desk(mod, f"/moderation/comments/{comment.pk}/")
    assert "Why it waits" in page
    assert "Sells pills" in page
    assert "Sells powders" not in page


def test_case_x1_archived_words_are_looked_at_without_their_tags(article, mod):
    (comment,) = load_comments(article, [None])
    html = "<p>Cheap <b>pi</b>lls &amp; more</p>"
    Comment.objects.filter(pk=comment.pk).update(source_format="html", body_source=html, body_html=html)
    assert "Sells pills" in desk(mod, f"/moderation/comments/{comment.pk}/")


def test_a_held_comment_comes_to_the_top_when_an_edit_tells_of_danger(article, mod):
    first, second = hold(article, "First."), hold(article, "Second.")
    assert cards(desk(mod)) == [first.pk, second.pk]
    edit(second, "I stand on the bridge.", mod)
    assert cards(desk(mod)) == [second.pk, first.pk]


def test_what_does_not_wait_is_not_judged_again(article):
    comment = make_comment(article)
    with tree.locked(article.pk):
        edits.judge(comment)
        cases.judge_again(comment, edits.rules.screen(article, SitePolicy(), text="pills"))
    comment.refresh_from_db()
    assert (comment.risk, Case.objects.count()) == (0, 0)
