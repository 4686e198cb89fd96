"""A moderator reads log and numbers and decides from a letter, the public reads its own log."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from forum.accounts.models import User
from forum.articles.models import ArticleAct
from forum.mail.models import Letter
from forum.moderation import articles, bans, cases, decisions, letters, undo
from forum.moderation.decisions import Grounds
from forum.moderation.models import Case, Decision
from forum.moderation.models_people import DeskLetters, Reason
from forum.moderation.models_policy import PolicyChange
from forum.moderation.models_requests import Report
from forum.moderation.rules import Hit
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from tests.journey.hands import press
from tests.journey.looks import NARROW, look
from tests.make import make_article, make_comment
from tests.moderation.desk import hold, make_guest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Gwendolyn-Maria Papadopoulou-Featherstonehaugh"


def work(article, mod: User, boss: User) -> None:
    """Some weeks of work at a desk."""
    why = Grounds("ads", "We keep this place free of advertising.", "The same as last week.")
    acts = ["approve", "approve", "reject", "approve", "spam", "approve", "remove"]
    now = timezone.now()
    for n in range(42):
        act, visible = acts[n % 7], acts[n % 7] == "remove"
        state = "visible" if visible else "held"
        comment = make_comment(article, f"Words {n}.", name=LONG if n % 5 == 0 else "Vera", state=state)
        cases.open_case(comment, Case.Cause.NEW, [Hit("newcomer"), *([Hit("link")] if n % 3 == 0 else [])])
        received = now - datetime.timedelta(days=n * 3 % 80, hours=2 + n * 7 % 30)
        Comment.objects.filter(pk=comment.pk).update(received_at=received)
        grounds = why if act in {"reject", "remove"} else Grounds()
        made = decisions.decide(act, comment.pk, (mod, boss)[n % 2], grounds=grounds)
        if n in {2, 4, 9}:
            undo.undo(made.pk, boss)
            made = decisions.decide("approve", comment.pk, boss)
        Case.objects.filter(comment=comment).update(opened=received)
        Decision.objects.filter(comment=comment).update(at=received + datetime.timedelta(hours=1 + n % 9))
    bans.over_person(make_guest(LONG).pk, bans.Order("week", Grounds(reason="Again and again.")), mod)
    articles.close(article.pk, boss, "A week of rest.")
    PolicyChange.objects.create(
        about="policy", by=boss, before={"mode": "open"}, after={"mode": "hold_newcomers"}
    )
    ArticleAct.objects.update(at=now - datetime.timedelta(days=3))
    case = cases.open_case(article.comments.filter(state="visible").first(), Case.Cause.REPORTS)
    for n, upheld in enumerate((True, False, None)):
        Report.objects.create(case=case, trace=str(n), reason="harm", upheld=upheld)
    cache.clear()


@pytest.fixture
def desk(db, site):
    """A site with a public log and some weeks of work."""
    SitePolicy.objects.update_or_create(pk=1, defaults={"public_log": True, "time_zone": "Europe/Berlin"})
    Reason.objects.all().delete()
    Reason.objects.create(code="ads", title="Advertising", text="We keep this place free of advertising.")
    article = make_article("On walking sticks and how to fall well")
    people = [User.objects.get(username=name) for name in ("moderator", "admin")]
    work(article, *people)
    return article


def test_log_statistics_letters_and_public_log_have_no_fault(people, desk):
    staff, reader = people("moderator", **NARROW), people(**NARROW)
    found = []
    for page, address, name in (
        (staff, "/moderation/log/", "log"),
        (staff, "/moderation/log/?undone=yes", "log-found"),
        (staff, "/moderation/statistics/?days=90", "statistics"),
        (staff, "/moderation/letters/", "letters"),
        (reader, "/moderation-log/", "log-public"),
    ):
        page.goto(address)
        for summary in page.locator("main details.note > summary").all():
            summary.click()
        found += look(page, name)
    assert found == staff.faults == reader.faults == []


def test_a_moderator_is_told_by_mail_and_decides_from_the_letter(people, desk, site, settings):
    settings.SITE_URL = site
    page = people("moderator", **NARROW)
    page.goto("/moderation/letters/")
    page.get_by_label("At once").check()
    press(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Letters from the desk: at once.")).to_be_visible()
    DeskLetters.objects.update(told_at=timezone.now() - datetime.timedelta(minutes=11))
    parent = make_comment(make_article("On stairs"), "What about stairs?", name="Zoë")
    comment = hold(parent.article, "Hold the rail. https://rails.example/", name=LONG, parent=parent)
    assert letters.write_due() == 1
    link = re.search(r"Reject:\n(\S+)", Letter.objects.get().text)[1]

    stranger = people(**NARROW)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(link)
    assert look(page, "by-mail") == []
    expect(page.get_by_text("What about stairs?")).to_be_visible()
    assert Comment.objects.get(pk=comment.pk).state == "held"
    page.get_by_label("Reason from the list").select_option(label="Advertising")
    press(page.get_by_role("button", name="Reject"))
    expect(page.get_by_text("Rejected, as the letter offered.")).to_be_visible()
    assert Comment.objects.get(pk=comment.pk).state == "rejected"
    page.goto(link)
    expect(page.get_by_role("heading", name="This link does nothing")).to_be_visible()

    page.goto("/moderation/log/")
    line = page.locator(".log > li").first
    expect(line).to_contain_text("Rejected")
    expect(line).to_contain_text("We keep this place free of advertising.")
    page.get_by_text("Find", exact=True).click()
    page.get_by_label("What was done").select_option(label="Rejected")
    press(page.get_by_role("button", name="Show"))
    assert set(page.locator(".log-head strong").all_text_contents()) == {"Rejected"}
    with page.expect_download() as download:
        page.get_by_role("link", name="All of this as a CSV file").click()
    assert download.value.suggested_filename == "moderation-log.csv"
