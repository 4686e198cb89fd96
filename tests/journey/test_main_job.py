"""The main job from end to end: import a real post, read it, reply, moderate."""

import pytest
from playwright.sync_api import expect

from forum.moderation.models import Decision
from forum.threads.models import Comment
from tests.journey.hands import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "https://ms-selfie.blog/2012/10/31/lethal-ms-post-natalizumab/"
PATH = "/2012/10/31/lethal-ms-post-natalizumab/"
WORDS = "Thank you, all of you, after all these years."


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def options(request):
    return {"java_script_enabled": request.param}


def test_an_archived_post_is_imported_read_answered_and_moderated(people, archives, options):
    text = archives / "reading-view" / "lethal-ms-post-natalizumab.txt"
    admin, visitor, other, moderator = (people(**options) for _ in range(4))
    sign_in(admin, "admin")
    sign_in(moderator, "moderator")

    preview(admin, text)
    expect(admin.get_by_text("18 comments were declared and 15 found")).to_be_visible()
    expect(admin.locator("ol.thread > li.comment")).to_have_count(15)
    assert Comment.objects.count() == 0
    admin.get_by_role("button", name="Apply this import").first.click()
    expect(admin.get_by_text("The import is done.")).to_be_visible()

    visitor.goto(PATH)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Lethal MS post-natalizumab")
    expect(visitor.get_by_role("heading", name="15 comments")).to_be_visible()
    reply(visitor)
    expect(visitor.get_by_text("Received, and waiting for a moderator.")).to_be_visible()
    expect(visitor.get_by_text(WORDS)).to_be_visible()

    other.goto(PATH)
    expect(other.get_by_text(WORDS)).to_have_count(0)

    approve(moderator)
    other.reload()
    expect(other.get_by_text(WORDS)).to_have_count(1)
    expect(other.get_by_role("heading", name="16 comments")).to_be_visible()

    moderator.get_by_role("button", name="Undo").first.click()
    expect(moderator.locator(".case")).to_be_visible()
    other.reload()
    expect(other.get_by_text(WORDS)).to_have_count(0)
    approve(moderator)
    other.reload()
    expect(other.get_by_text(WORDS)).to_have_count(1)
    acts = list(Decision.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["approve", "undo", "approve"]

    preview(admin, text)
    expect(admin.get_by_text("applying it changes nothing")).to_be_visible()
    admin.get_by_role("button", name="Apply this import").first.click()
    assert Comment.objects.count() == 16
    assert all(page.faults == [] for page in (admin, visitor, other, moderator))


def preview(page, text):
    page.goto("/admin/import/")
    page.get_by_label("Archive").set_input_files(text)
    page.get_by_label("Address that the post had").fill(ADDRESS)
    page.get_by_role("button", name="Preview").click()


def reply(page):
    page.get_by_role("link", name="Reply to unnamed reader").first.click()
    expect(page.get_by_role("heading", name="Reply to unnamed reader")).to_be_visible()
    page.get_by_label("Your reply").fill(WORDS)
    page.get_by_role("textbox", name="Name").fill("Vasilis")
    page.get_by_role("button", name="Send reply").click()


def approve(page):
    page.goto("/moderation/")
    expect(page.get_by_role("heading", name="1 comment is held")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved by you: the comment by Vasilis.").first).to_be_visible()
