"""Correcting a rebuilt thread before it is written: by mouse, by keyboard, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from forum.threads.models import Comment
from tests.importing.test_corrections import TEXT
from tests.importing.test_load import URL
from tests.journey.looks import NARROW, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def preview(page, text=TEXT):
    """Give an archive to be previewed."""
    page.goto("/admin/import/")
    file = {"name": "cups.txt", "mimeType": "text/plain", "buffer": text.encode()}
    page.get_by_label("Archive").set_input_files(file)
    page.get_by_label("Address that the post had").fill(URL)
    page.get_by_role("button", name="Preview").click()


def comment(page, words):
    """The part of the page that shows one comment, without its replies."""
    return page.locator(".comment-inner").filter(has=page.locator(".entry-words", has_text=words))


def open_form(page, words):
    """Open the form below a comment."""
    inner = comment(page, words)
    inner.locator("summary").click()
    return inner.locator("form")


def test_a_reply_is_put_under_another_comment_without_javascript_and_applied(people):
    admin = people("admin", java_script_enabled=False)
    preview(admin)
    admin.get_by_role("navigation", name="Guessed parents in Cups").get_by_role("link", name="2.1").click()
    form = open_form(admin, "Far indented words.")
    form.get_by_label("It answers").select_option(label="1.1 unnamed reader: An answer to the first.")
    form.get_by_role("button", name="Put it there").click()
    expect(admin.get_by_text("Kept. It holds for this archive")).to_be_attached()
    expect(comment(admin, "Far indented words.")).to_be_in_viewport()
    expect(comment(admin, "Far indented words.").get_by_text("moved: answers 1.1")).to_be_visible()
    open_form(admin, "Second words.").get_by_role("button", name="Leave it out").click()
    expect(comment(admin, "Second words.").get_by_text("left out")).to_be_visible()
    assert Comment.objects.count() == 0
    admin.get_by_role("button", name="Apply this import").first.click()
    expect(admin.get_by_text("The import is done.")).to_be_visible()
    moved = Comment.objects.get(body_source="Far indented words.")
    assert moved.parent.body_source == "An answer to the first."
    assert not Comment.objects.filter(body_source="Second words.").exists()
    assert admin.faults == []


def test_the_form_can_be_used_by_keyboard(people):
    admin = people("admin")
    preview(admin)
    admin.locator("#c-1-5 summary").focus()
    admin.keyboard.press("Enter")
    admin.keyboard.press("Tab")
    expect(admin.locator("#c-1-5 select")).to_be_focused()
    admin.keyboard.type("1 ")
    admin.keyboard.press("Tab")
    admin.keyboard.press("Enter")
    expect(comment(admin, "Far indented words.").get_by_text("moved: answers 1")).to_be_visible()
    assert admin.faults == []


def test_an_opened_form_has_no_fault_and_big_targets(people):
    admin = people("admin", **NARROW)
    preview(admin)
    form = open_form(admin, "Far indented words.")
    admin.get_by_text("Correct this post").click()

    def small() -> list[str]:
        targets = [*form.locator("button, select").all(), *admin.locator("summary, .doubts a").all()]
        boxes = [box for one in targets if (box := one.bounding_box())]
        assert boxes
        return [f"too small: {box}" for box in boxes if box["height"] < 43 or box["width"] < 43]

    assert look(admin, "preview", also=small) == []
