"""Many decisions at once and the words of one comment, as a moderator does them in a browser."""

import pytest
from playwright.sync_api import expect

from forum.moderation import bulk, decisions, edits
from forum.moderation.models import Batch
from forum.threads.models import Comment
from tests.journey.hands import press
from tests.journey.looks import NARROW, look
from tests.journey.served import site, there  # noqa: F401
from tests.make import make_article, make_comment, make_user
from tests.moderation.desk import hold

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def fill() -> list[int]:
    """Six comments that wait, and a visible one that was edited and has an answer; their numbers."""
    article = make_article("Walking sticks")
    held = [hold(article, f"Words number {n}.", name=f"Person {n}") for n in range(6)]
    shown = make_comment(
        article, "My doctor, Dr Smith of 12 Long Street, says that a stick helps.", name="Ann"
    )
    make_comment(article, "Mine, too.", parent=shown, name="Bob")
    edits.edit(
        shown.pk,
        "My doctor says that a stick helps.",
        make_user("mona", "moderator"),
        version=shown.version,
    )
    return [comment.pk for comment in [*held, shown]]


def states(numbers: list[int]) -> list[str]:
    rows = there(lambda: dict(Comment.objects.filter(pk__in=numbers).values_list("pk", "state")))
    return [rows[number] for number in numbers]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_several_are_chosen_decided_and_taken_back_together(people, site, scripts):  # noqa: F811
    numbers = there(fill)
    page = people("moderator", java_script_enabled=scripts)
    page.goto("/moderation/")
    for number in numbers[:3]:
        page.locator(f"#comment-{number} input[type=checkbox]").check()
    press(page.locator("#bulk").get_by_role("button", name="Spam").first)
    expect(page.get_by_role("heading", name="Spam 3 comments?")).to_be_visible()
    page.get_by_label("Reason (optional, for all of them)").fill("They sell pills.")
    press(page.get_by_role("button", name="Spam"))
    expect(page.get_by_text("Marked as spam: 3 comments.")).to_be_visible()
    assert states(numbers[:6]) == ["spam"] * 3 + ["held"] * 3
    page.goto("/moderation/decided/")
    press(page.get_by_role("button", name="Undo all").first)
    assert states(numbers[:6]) == ["held"] * 6
    assert page.faults == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_words_are_changed_and_who_was_slower_keeps_theirs(people, site, scripts):  # noqa: F811
    number = there(fill)[-1]
    page = people("moderator", java_script_enabled=scripts)
    page.goto(f"/moderation/comments/{number}/edit/")
    other = there(lambda: make_user("otto", "moderator"))
    version = there(lambda: Comment.objects.get(pk=number).version)
    there(lambda: edits.edit(number, "A stick helps, says Otto.", other, version=version))
    page.get_by_label("The words").fill("A stick helps.")
    press(page.get_by_role("button", name="Save the change"))
    expect(page.get_by_text("Somebody has changed this comment meanwhile.")).to_be_visible()
    expect(page.get_by_label("The words")).to_have_value("A stick helps.")
    press(page.get_by_role("button", name="Save the change"))
    expect(page.get_by_text("Changed: the words of the comment.")).to_be_visible()
    assert there(lambda: Comment.objects.get(pk=number).body_source) == "A stick helps."


def batches(numbers: list[int]) -> dict[str, Batch]:
    """One that has ended with something left alone, one that runs, one that broke off."""
    actor = make_user("nora", "moderator")
    decisions.decide("reject", numbers[0], actor)
    ended = bulk.run(bulk.start("approve", dict.fromkeys(numbers[:3], 1), actor))
    going = bulk.start("approve", dict.fromkeys(numbers[3:5], 1), actor)
    bulk.ask(going)
    return {"ended": ended, "going": going, "broken": bulk.start("spam", {numbers[5]: 1}, actor)}


def test_their_pages_have_no_fault(people, site):  # noqa: F811
    numbers = there(fill)
    page = people("moderator", **NARROW)

    page.goto("/moderation/")
    for number in numbers[:4]:
        page.locator(f"#comment-{number} input[type=checkbox]").check()
    press(page.locator("#bulk").get_by_role("button", name="Spam").first)
    found = look(page, "bulk")
    made = there(batches, numbers)
    for name, batch in made.items():
        page.goto(f"/moderation/batches/{batch.pk}/")
        found += look(page, f"batch-{name}")
    page.goto(f"/moderation/comments/{numbers[-1]}/edit/")
    found += look(page, "edit")
    page.get_by_label("The words").fill("")
    page.evaluate("document.querySelector('#body').required = false")
    press(page.get_by_role("button", name="Save the change"))
    found += look(page, "edit-refused")
    page.goto(f"/moderation/comments/{numbers[-1]}/")
    found += look(page, "comment")
    page.goto("/moderation/decided/")
    found += look(page, "decided")
    assert found == []
