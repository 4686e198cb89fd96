"""Rules over archived pages: one reading of them for rules, cards, training and rehearsals."""

import pytest

from forum.moderation import rehearsal, rules, spam_training
from forum.moderation.models_policy import Rehearsal
from forum.site.models import SitePolicy
from forum.text.render import render
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import load_comments
from tests.moderation.bare_rules import make_rule, no_rules  # noqa: F401
from tests.moderation.desk import desk

pytestmark = pytest.mark.django_db
ARCHIVED = {
    "break": ("one viagra<br>two", True),
    "paragraphs": ("<p>buy viagra</p><p>Now</p>", True),
    "list": ("<ul><li>viagra</li><li>more</li></ul>", True),
    "quotation": ("<blockquote>viagra</blockquote>Indeed.", True),
    "within": ("Buy via<b>gra</b> here.", True),
    "reference": ("Buy v&#105;agra here.", True),
    "longer": ("<p>viagra<i>like</i></p>", False),
    "apart": ("<p>via</p><p>gra</p>", False),
}


@pytest.fixture
def archived(article) -> dict[str, Comment]:
    """Archived comments with markup at and within their words."""
    rows = load_comments(article, [None] * len(ARCHIVED))
    for row, (source, _is_found) in zip(rows, ARCHIVED.values(), strict=True):
        stored = {"body_source": source, "body_html": render(source, "html"), "source_format": "html"}
        Comment.objects.filter(pk=row.pk).update(**stored)
        row.refresh_from_db()
    return dict(zip(ARCHIVED, rows, strict=True))


def try_rule(user, **fields) -> Rehearsal:
    values = {
        "kind": "words",
        "text": "viagra",
        "number": None,
        "inside": False,
        "effect": "hold",
        "label": "",
    }
    tried = rehearsal.start(Rehearsal.Kind.RULE, values | fields, user)
    rehearsal.run(tried)
    tried.refresh_from_db()
    return tried


def found_by_rules(archived) -> set[int]:
    policy = SitePolicy.objects.current()
    return {row.pk for row in archived.values() if rules.find(rules.text_of(row), policy)}


def test_a_rule_and_its_rehearsal_find_the_same(boss, archived):
    tried = try_rule(boss.user)
    make_rule(text="viagra")
    wanted = {archived[name].pk for name, (_source, is_found) in ARCHIVED.items() if is_found}
    assert found_by_rules(archived) == set(tried.result["approved"]) == wanted
    page = boss.get(f"/moderation/rehearsals/{tried.pk}/").content.decode()
    assert page.count("<mark>viagra</mark>") == len(wanted)
    assert "Buy <mark>viagra</mark> here." in page


def test_links_are_counted_alike_whether_their_address_is_read_or_not(boss, archived):
    page = '<p><a href="https://a.example/">https://a.example/</a> <a href="https://b.example/">here</a></p>'
    for row in archived.values():
        row.body_html = page
        row.save(update_fields=["body_html"])
    for number, count in ((1, len(ARCHIVED)), (2, 0)):
        tried = try_rule(boss.user, kind="links", text="", number=number)
        rule = make_rule(kind="links", text="", number=number)
        policy = SitePolicy.objects.current()
        hits = [hit for row in archived.values() for hit in rules.find(rules.text_of(row), policy)]
        assert sum(hit.rule == f"rule-{rule.pk}" for hit in hits) == count
        assert tried.result["counts"]["archive"][1] == count
        rule.delete()


def test_before_it_is_restored_the_desk_sees_what_the_published_words_hold(mod, archived):
    make_rule(text="viagra", label="Sells pills")
    Comment.objects.update(state=State.REMOVED)
    for name, (_source, is_found) in ARCHIVED.items():
        page = desk(mod, f"/moderation/comments/{archived[name].pk}/")
        assert ("Sells pills" in page) == is_found


def test_training_learns_the_words_apart(archived):
    Comment.objects.update(state=State.SPAM)
    learnt = spam_training._examples(spam_training._spam(), True)
    assert sum("viagra" in example.words for example in learnt) == 6
    assert not [example for example in learnt if "viagratwo" in example.words]
