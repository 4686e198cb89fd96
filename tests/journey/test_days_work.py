"""A day's work: comments of all kinds cleared by keys alone, by pointer alone, and without JavaScript;
and two moderators on one list, of whom neither loses a decision or a word.

Two of each kind, which fill more than one page; sixty comments where AFTERWORD_FULL is set.
"""

import itertools
import math
import os

import pytest
from playwright.sync_api import expect

from forum.accounts.models import Address, Author
from forum.moderation import rules
from forum.moderation.models import Decision
from forum.threads.models import Comment
from forum.threads.states import State
from tests.journey.hands import press
from tests.journey.served import site, there  # noqa: F401
from tests.make import load_comments, make_article, make_comment, make_user
from tests.moderation.desk import hold, make_guest, report

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(600)]
KINDS = 12
ROUNDS = 5 if os.environ.get("AFTERWORD_FULL") else 2
ON_A_PAGE = 20
SAME_PRESS = 400  # milliseconds in which desk.js takes a second press for the same one


def a_round(n: int) -> None:
    """One comment of each kind."""
    article = make_article(f"Post {n}")
    rows = load_comments(article, [None, 0, 1, 2, 3, 4, None])
    member, guest, refused = (
        make_user(f"member-{n}").author,
        make_guest(f"Guest {n}"),
        make_guest(f"Rude {n}"),
    )
    make_comment(article, f"Published {n}.", author=member, name=member.name)
    make_comment(article, f"Refused {n}.", author=refused, name=refused.name, state=State.REJECTED)
    proved = Author.objects.create(kind="guest", name=f"Proved {n}")
    Address.objects.create(author=proved, email=f"proved{n}@example.org", verified_at=rows[0].received_at)
    hold(article, f"From a guest {n}.", author=guest)
    hold(article, f"From a member {n}.", author=member)
    hold(article, f"From somebody new {n}.", author=proved)
    hold(article, f"See https://a.example/{n} and www.b.example/{n}.", author=refused, parent=rows[5])
    trapped = hold(article, f"Caught in the trap {n}.", author=make_guest(f"Robot {n}"))
    trapped.cases.get().hits.create(rule="honeypot")
    held = {"state": State.HELD, "held_at": rows[6].received_at}
    Comment.objects.filter(pk=rows[6].pk).update(**held, name_shown="Vasilis")
    hold(article, f"Far below {n}.", parent=rows[5], author=guest)
    hold(article, f"A long story {n}. " * 150, author=guest)
    hold(article, f"שלום לכולם {n}", name="דנה")
    hold(article, f"👩‍🦽❤️ {n}", name="🦋")
    hold(article, "x" * 300 + str(n), name="N" * 90)
    report(hold(article, f"<b>Bold</b> & p<0.05 {n}", name="<i>Eve</i>", parent=rows[0]))


def fill() -> int:
    """Comments that wait, on more than one page; tells how many there are."""
    for n in range(ROUNDS):
        a_round(n)
    assert rules.MOST_HITS
    return Comment.objects.filter(state=State.HELD).count()


@pytest.fixture
def many(site) -> int:  # noqa: F811
    """A desk on which so many comments wait."""
    count = there(fill)
    assert count == KINDS * ROUNDS > ON_A_PAGE
    return count


def waiting() -> int:
    """How many wait."""
    return there(Comment.objects.filter(state=State.HELD).count)


def acts() -> dict[str, int]:
    """How often each act was decided by somebody."""
    rows = there(lambda: list(Decision.objects.exclude(actor=None).values_list("act", flat=True)))
    return {act: rows.count(act) for act in set(rows)}


def all_decided_once(count: int) -> None:
    """Each of the comments has been decided on, by one decision that stands."""
    rows = there(lambda: list(Decision.objects.exclude(actor=None).values_list("comment", flat=True)))
    assert waiting() == 0
    assert len(rows) == len(set(rows)) == count


def test_a_days_comments_are_cleared_by_keys_alone(people, many):
    page = people("moderator", viewport={"width": 1280, "height": 900})
    page.clock.install()
    page.goto("/moderation/")
    keys = itertools.cycle("atsar")
    while waiting():
        if not page.locator(".case").count():
            with page.expect_navigation():
                page.keyboard.press("n")
            continue
        if not page.locator(".case:focus").count():
            page.keyboard.press("j")
        number = page.locator(".case:focus").get_attribute("data-comment")
        key = next(keys)
        if key == "t" and not page.locator(".case:focus [data-key=t]").count():
            key = "a"
        page.keyboard.press(key)
        if key == "r":
            page.keyboard.type("Not here, please.")
            page.keyboard.press("Enter")
        expect(page.locator(f"[data-decided='{number}']")).to_be_visible()
        page.wait_for_load_state()
        page.clock.fast_forward(SAME_PRESS)
    all_decided_once(many)
    assert {"approve", "spam", "reject"} <= set(acts())
    assert page.faults == []


def test_a_days_comments_are_cleared_by_pointer_alone(people, many):
    page = people("moderator", viewport={"width": 390, "height": 800}, has_touch=True)
    clear(page)
    all_decided_once(many)
    assert page.faults == []


def test_a_days_comments_are_cleared_without_javascript(people, many):
    page = people("moderator", viewport={"width": 390, "height": 800}, java_script_enabled=False)
    clear(page)
    all_decided_once(many)
    assert page.faults == []


def clear(page) -> None:
    """Decide on everything with buttons, page after page, the last page as a whole."""
    page.goto("/moderation/")
    names = itertools.cycle(["Approve", "Reject", "Spam"])
    pages = 0
    while True:
        for number in page.locator(".case").evaluate_all("all => all.map(one => one.dataset.comment)"):
            card = page.locator(f"#comment-{number}")
            name = next(names)
            card.get_by_role("button", name=f"{name} comment").click()
            expect(page.locator(f"[data-decided='{number}']")).to_be_visible()
            page.wait_for_load_state()
        pages += 1
        following = page.get_by_role("link", name=f"Next {ON_A_PAGE}")
        if not following.count():
            break
        press(following)
    assert pages == math.ceil(ROUNDS * KINDS / ON_A_PAGE)


def test_a_days_comments_are_cleared_as_one_batch_and_taken_back_as_one(people, many):
    page = people("moderator", java_script_enabled=False)
    page.goto("/moderation/")
    page.get_by_text(f"All {many} of this filter").click()
    press(page.locator(".bulk-all").get_by_role("button", name="Approve"))
    assert waiting() == many
    press(page.locator("main form").get_by_role("button").first)
    expect(page.get_by_text("Nothing waits. Thank you.")).to_be_visible()
    assert acts() == {"approve": many}
    page.goto("/moderation/decided/")
    press(page.get_by_role("button", name="Undo all"))
    assert waiting() == many


@pytest.mark.parametrize("scripted", [True, False], ids=["with-javascript", "without-javascript"])
def test_of_two_moderators_on_one_list_neither_loses_a_decision_or_a_word(people, many, scripted):
    one, other = (people(name, java_script_enabled=scripted) for name in ("moderator", "admin"))
    for page in (one, other):
        page.goto("/moderation/")
    numbers = one.locator(".case").evaluate_all("all => all.map(one => one.dataset.comment)")[:4]
    for number in numbers:
        first = one.locator(f"#comment-{number}")
        first.get_by_role("button", name="Approve comment").click()
        expect(one.locator(f"[data-decided='{number}']")).to_be_visible()
        second = other.locator(f"#comment-{number}")
        second.locator("[data-reason]").fill(f"My words on {number}.")
        second.get_by_role("button", name="Reject comment").click()
        expect(other.get_by_text("Nothing was changed").first).to_be_visible()
        expect(other.get_by_text("moderator,").first).to_be_visible()
        kept = other.locator("[name=reason], [name=note]").evaluate_all("all => all.map(one => one.value)")
        reasons = f"My words on {number}."
        assert reasons in kept or other.get_by_text("What you wrote is still here.").count()
        other.goto("/moderation/?show=" + ".".join(numbers))
    assert acts() == {"approve": len(numbers)}
    made = there(lambda: list(Decision.objects.exclude(actor=None).values_list("comment", flat=True)))
    assert sorted(made) == sorted(map(int, numbers))
