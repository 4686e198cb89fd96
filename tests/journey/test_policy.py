"""The policy in a browser: hold newcomers, try a rule, save it, see it hold; with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from forum.accounts.models import User
from forum.articles.models import Article
from forum.moderation import rehearsal
from forum.moderation.models_policy import Rehearsal, Rule, SpamModel
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from tests.journey.hands import press
from tests.journey.looks import NARROW, look
from tests.make import load_comments, make_article, make_comment
from tests.moderation.desk import hold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def talk(db) -> Article:
    """Archived and live comments, of which some speak of a cure, one refused and one that waits."""
    Rule.objects.all().delete()
    article = make_article("On walking sticks")
    rows = load_comments(article, [None, 0, None, None])
    words = "No miracle cure for walking, my neurologist says, but a good stick of ash goes a long way."
    Comment.objects.filter(pk=rows[1].pk).update(body_source=words)
    make_comment(article, "They call it a miracle cure. I call it a stick.", name="Otto")
    make_comment(article, "Buy the MIRACLE CURE at pills.example, only today", name="Pill", state="spam")
    hold(article, "May I ask how long yours is?", name="Ida")
    return article


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_site_holds_newcomers_and_a_rule_is_tried_saved_and_holds(people, talk, scripts):
    SitePolicy.objects.create(pk=1, mode="open", form_seconds=0)
    page = people("admin", java_script_enabled=scripts)
    page.goto("/moderation/")
    press(page.get_by_role("link", name="Policy", exact=True))
    expect(page.get_by_text("Replies are public at once, unless a rule holds them.")).to_be_visible()
    page.get_by_label("Hold replies of people who are not trusted yet").check()
    page.get_by_label("Approved replies until somebody is trusted").fill("2")
    press(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Saved. This is how replies are treated from now on.")).to_be_visible()
    press(page.get_by_role("button", name="Put back what was before"))
    assert SitePolicy.objects.get().mode == "open"
    press(page.get_by_role("link", name="Rules"))
    press(page.get_by_role("link", name="Add a rule"))
    page.get_by_label("Word, phrase or pattern").fill("miracle cure")
    page.get_by_label("Why (optional)").fill("sells medicine")
    press(page.get_by_role("button", name="Try it first"))
    expect(page.get_by_text("It would have held 2 of 5 approved comments.")).to_be_visible()
    expect(page.locator(".samples mark")).to_have_count(3)
    press(page.get_by_role("button", name="Save this rule"))
    expect(page.get_by_text("it found 2 of 5 approved comments.")).to_be_visible()
    visitor = people(java_script_enabled=scripts)
    visitor.goto(talk.path)
    visitor.get_by_label("Your reply").fill("Try this Miracle Cure.")
    visitor.fill("[name=name]", "Zoë")
    press(visitor.get_by_role("button", name="Send reply"))
    said = Comment.objects.get(name_shown="Zoë")
    assert said.state == "held"
    page.goto(f"/moderation/comments/{said.pk}/")
    expect(page.locator(".whys mark", has_text="Miracle Cure")).to_be_visible()
    assert page.faults == []
    assert visitor.faults == []


def rules() -> None:
    """Some of each kind, long and short."""
    boss = User.objects.get(username="admin")
    for n, (text, effect) in enumerate(
        [
            ("miracle cure", "hold"),
            ("a_very_long_word_" * 6, "hold"),
            ("end my life", "crisis"),
            ("Cialis", "mark"),
        ]
    ):
        Rule.objects.create(kind="words", text=text, effect=effect, by=boss, active=n != 3, label="why " * n)
    Rule.objects.create(kind="pattern", text=r"\b(cheap|free) (pills?|loans?)\b", by=boss)
    Rule.objects.create(kind="links", number=3, by=boss, label="too many links")
    Rule.objects.create(kind="words", text="specialist", effect="allow", by=boss)


def test_pages_of_the_policy_have_no_fault(people, talk):
    page = people("admin", **NARROW)
    rules()
    found = []
    page.goto("/moderation/policy/")
    page.get_by_label("Hold replies of people who are not trusted yet").check()
    page.get_by_label("Help lines").fill("Samaritans, 116 123, day and night.")
    press(page.get_by_role("button", name="Save"))
    found += look(page, "policy")
    page.get_by_label("Seconds that writing takes at least").fill("-4")
    press(page.get_by_role("button", name="Save"))
    found += look(page, "policy-refused")
    page.goto("/moderation/policy/")
    SitePolicy.objects.update(version=99, edit_minutes=5)
    page.get_by_label("Reports that hide a reply").fill("5")
    press(page.get_by_role("button", name="Save"))
    found += look(page, "policy-stale")
    page.goto("/moderation/policy/")
    page.get_by_label("Publish replies at once").check()
    press(page.get_by_role("button", name="Try it first"))
    found += look(page, "tried-policy")
    page.goto("/moderation/rules/")
    found += look(page, "rules")
    press(page.get_by_role("link", name="miracle cure"))
    found += look(page, "rule")
    press(page.get_by_role("button", name="Try it first"))
    found += look(page, "tried-rule")
    page.goto("/moderation/rules/import/")
    found += look(page, "import")
    rows = b"kind,text,effect,number\nwords,miracle cure,mark,\nwords,casino,hold,\npattern,(un,hold,\n"
    page.get_by_label("File").set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": rows})
    press(page.get_by_role("button", name="Preview"))
    found += look(page, "import-preview")
    waits = rehearsal.start(
        Rehearsal.Kind.RULE, Rehearsal.objects.last().proposal, User.objects.get(username="admin")
    )
    rehearsal.ask(waits)
    page.goto(f"/moderation/rehearsals/{waits.pk}/")
    found += look(page, "tried-waits")
    press(page.get_by_role("button", name="Cancel"))
    found += look(page, "tried-cancelled")
    SpamModel.objects.create(
        spam=812, honest=4000, bias=-1, weights={"casino": 2.0, "pills": 3.0, "stick": -1.0}
    )
    page.goto("/moderation/spam/")
    found += look(page, "spam")
    page.goto(f"/moderation/articles/{talk.pk}/")
    page.locator("summary", has_text="Treat new replies").click()
    found += look(page, "article-policy")
    assert found == []
