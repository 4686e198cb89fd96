"""An author always knows where a reply stands: with and without script, and each page in each size."""

import pytest
from playwright.sync_api import expect

from forum.accounts.models import Author, User
from forum.accounts.viewer import OWN_COOKIE
from forum.moderation import appeals, decisions, takedowns, takedowns_answer
from forum.moderation import edits as desk_edits
from forum.moderation.decisions import Grounds
from forum.posting import edits
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from tests.journey.hands import press
from tests.journey.looks import NARROW, look
from tests.journey.served import site, there  # noqa: F401
from tests.make import make_article, make_comment
from tests.moderation.desk import hold

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
LONG = (
    "I walk with a stick since 2009, and on bad days with two. My neurologist says that this is fine as long "
    "as I do not fall. Has anybody here tried the kind with four feet?"
)


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def options(request):
    return {"java_script_enabled": request.param}


def reply(page, text: str) -> None:
    """Write a reply at the foot of an article."""
    page.get_by_label("Your reply").fill(text)
    page.get_by_label("Name", exact=False).first.fill("Vera")
    press(page.get_by_role("button", name="Send reply"))


def test_a_reader_posts_looks_changes_is_refused_objects_and_another_moderator_answers(
    people,
    site,  # noqa: F811
    options,
):
    path = there(lambda: make_article("On walking sticks").path)
    vera = people(**options)
    desk, other = people("moderator", **options), people("admin", **options)
    vera.goto(path)
    reply(vera, "Call me on 020 7946 0958 about sticks.")
    expect(vera.get_by_role("heading", name="Do you want everybody to read this?")).to_be_visible()
    vera.get_by_role("textbox", name="Your reply").fill("Write to me about sticks.")
    press(vera.get_by_role("button", name="Send reply"))
    press(vera.get_by_role("link", name="Where does my reply stand?"))
    expect(vera.get_by_text("Waiting for a moderator", exact=True)).to_be_visible()
    expect(vera.get_by_text("It is the next one to be read.")).to_be_visible()

    press(vera.get_by_role("link", name="Change the words"))
    vera.get_by_label("Your words").fill("I tried one with four feet.")
    press(vera.get_by_role("button", name="Save the change"))
    expect(vera.get_by_text("Your change is saved.")).to_be_visible()

    desk.goto("/moderation/")
    expect(desk.get_by_text("I tried one with four feet.")).to_be_visible()
    desk.get_by_label("In your words").fill("It names no source.")
    if options["java_script_enabled"]:
        desk.get_by_role("button", name="Reject").click()
        expect(desk.locator("[data-decided]")).to_be_visible()
    else:
        press(desk.get_by_role("button", name="Reject"))
    vera.reload()
    expect(vera.get_by_text("Not published", exact=True)).to_be_visible()
    expect(vera.get_by_text("It names no source.")).to_be_visible()
    press(vera.get_by_role("link", name="Object to the decision"))
    vera.get_by_label("What should another moderator know?").fill("I am the source.")
    press(vera.get_by_role("button", name="Send the objection"))
    expect(vera.get_by_text("It waits for another moderator")).to_be_visible()

    desk.goto("/moderation/?tab=appeals")
    expect(desk.get_by_text("You made this decision, so another moderator answers.")).to_be_visible()
    other.goto("/moderation/?tab=appeals")
    expect(other.get_by_text("I am the source.")).to_be_visible()
    other.get_by_label("Your answer, for its author to read").fill("You are right, thank you.")
    if options["java_script_enabled"]:
        other.get_by_role("heading", level=1).click()
        with other.expect_navigation():
            other.locator(".case").focus()
            other.keyboard.press("a")
    else:
        press(other.get_by_role("button", name="Publish it after all"))
    expect(other.get_by_text("Granted: the objection by Vera.")).to_be_visible()
    vera.reload()
    expect(vera.get_by_text("A moderator has looked at it and agrees with you.")).to_be_visible()
    expect(vera.get_by_text("You are right, thank you.")).to_be_visible()
    expect(vera.get_by_text("Published", exact=True)).to_be_visible()
    vera.goto(path)
    expect(vera.get_by_text("I tried one with four feet.")).to_be_visible()
    assert [fault for fault in vera.faults if "422" not in fault] == []
    assert desk.faults == other.faults == []


def fill() -> dict:
    """Replies of one browser in each state that has a page of its own, and the browser's cookie."""
    SitePolicy.objects.update_or_create(pk=1, defaults={"mode": Mode.HOLD_ALL})
    article = make_article("On walking sticks and how to fall well, with_a_very_long_word_in_its_title")
    vera = Author.objects.create(kind=Author.Kind.GUEST, name="Vera")
    mod, boss = (User.objects.get(username=name) for name in ("moderator", "admin"))
    for n in range(12):
        hold(article, f"Others wait {n}.")
    rows = {"held": hold(article, LONG, author=vera, name="Vera")}
    rows["refused"] = hold(article, LONG, author=vera, name="Vera")
    rows["objected"] = hold(article, LONG, author=vera, name="Vera")
    rows["edited"] = make_comment(article, LONG, author=vera, name="Vera")
    Comment.objects.filter(pk=rows["held"].pk).update(urgent=1)
    why = Grounds(reason="Please leave out what your neurologist said; it may not fit somebody else.")
    for name in ("refused", "objected"):
        decision = decisions.decide("reject", rows[name].pk, mod, grounds=why)
    asked = appeals.appeal(rows["objected"], decision.pk, "It is about me alone.\n\nNobody else.")
    appeals.answer(asked.pk, False, "We know, and others will read it as advice.", boss)
    viewer = edits.Viewer(own_keys=(rows["edited"].own_key,))
    words = LONG.replace("two", "three").replace("four", "five")
    edits.change(rows["edited"].pk, words, viewer, None, version=rows["edited"].version)
    rows["reworded"] = make_comment(article, LONG, author=vera, name="Vera")
    desk_edits.edit(rows["reworded"].pk, words, mod, version=rows["reworded"].version, grounds=why)
    rows["erased"] = make_comment(article, LONG, author=vera, name="Vera")
    request = takedowns.ask(takedowns.Asked("erase", comment=rows["erased"].pk))
    takedowns_answer.answer(request.pk, takedowns_answer.Answer("erased"), mod)
    spam = hold(article, LONG, author=vera, name="Vera")
    decision = decisions.decide("spam", spam.pk, boss)
    appeals.appeal(spam, decision.pk, "I sell nothing at all, I only walk with a stick.")
    keys = ".".join(row.own_key for row in rows.values())
    return {name: row.pk for name, row in rows.items()} | {"path": article.path, "keys": keys}


def test_the_pages_about_own_words_have_no_fault(people, site):  # noqa: F811
    made = there(fill)
    vera, desk = people(**NARROW), people("moderator", **NARROW)
    vera.context.add_cookies([{"name": OWN_COOKIE, "value": made["keys"], "url": site}])
    found = []
    for name in ("held", "refused", "objected", "edited", "reworded", "erased"):
        vera.goto(f"/comments/{made[name]}/status/")
        found += look(vera, f"status-{name}")
    for what, name in (("change", "edited"), ("withdraw", "held"), ("appeal", "refused")):
        vera.goto(f"/comments/{made[name]}/{what}/")
        found += look(vera, what)
    press(vera.get_by_role("button", name="Send the objection"))
    found += look(vera, "appeal-empty")
    vera.goto(f"/comments/{made['held']}/change/")
    vera.get_by_label("Your words").fill(f"{LONG} Call 020 7946 0958 or write to vera@mail.example.")
    press(vera.get_by_role("button", name="Save the change"))
    found += look(vera, "hint")
    vera.goto(made["path"])
    found += look(vera, "own-in-article")
    for tab in ("edited", "appeals"):
        desk.goto(f"/moderation/?tab={tab}")
        found += look(desk, f"desk-{tab}")
    assert found == []
