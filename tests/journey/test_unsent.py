"""A moderator's session ends while they write: the words are there again after signing in."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from forum.moderation.models import Decision
from tests.journey.hands import fill_sign_in, press
from tests.journey.looks import NARROW, look
from tests.make import make_article
from tests.moderation.desk import hold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "Please leave the names of others out."


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_reason_typed_overnight_is_sent_after_signing_in_again(people, site, scripts):
    comment = hold(make_article("On stairs"), "Ask Dr. Miller in Room 4.")
    page = people("moderator", java_script_enabled=scripts, **NARROW)
    page.goto("/moderation/")
    page.locator("[data-reason]").fill(WHY)
    Session.objects.all().delete()
    press(page.get_by_role("button", name="Reject"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    fill_sign_in(page, "moderator")
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    expect(page.get_by_label("What you wrote")).to_have_value(WHY)
    assert not scripts or look(page, "unsent") == []
    press(page.get_by_role("button", name="Send it again"))
    expect(page.get_by_text("Rejected").first).to_be_visible()
    made = Decision.objects.get()
    assert (made.act, made.comment_id, made.reason) == ("reject", comment.pk, WHY)
    assert [fault for fault in page.faults if "401" not in fault] == []
