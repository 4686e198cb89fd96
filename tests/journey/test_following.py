"""A guest verifies an address, replies, follows, gets the answer by mail, and ends it in one click."""

import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from forum.mail import sender
from forum.mail.models import Letter
from forum.notifications.models import Subscription
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from tests.journey.hands import press
from tests.journey.looks import NARROW, look
from tests.mail.conftest import post as post_office
from tests.mail.post_office import Clock, send
from tests.make import make_article, make_comment, send_reply
from tests.notifications.people import follows, guest, link_in, links_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
post = post_office
PAGES = ("/verify/", "/following/confirm/", "/following/end/")  # with a token behind them
EMAIL = "vera.stone@guest.example"


@pytest.fixture
def talk(site, settings, post, monkeypatch):
    """An article of a site that knows its name, publishes at once and has patience with its mail server."""
    monkeypatch.setattr(sender, "ANSWER", 10)
    settings.SITE_URL = site
    SitePolicy.objects.update_or_create(pk=1, defaults={"mode": Mode.OPEN, "form_seconds": 0})
    return make_article()


def last_mail(post) -> str:
    """Let an hour pass, send what is due, and open the newest letter of the mail server."""
    clock = Clock()
    clock.wait(hours=1)
    send(clock)
    return post.received[-1].message


def link_of(message, begins: str) -> str:
    """The link of a letter that begins in some way, as its reader clicks it."""
    letter = Letter(text=message.get_content().replace("\r\n", "\n"))
    assert any(link.startswith(begins) for link in links_in(letter)), (letter.text, links_in(letter))
    return link_in(letter, begins)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_guest_verifies_replies_follows_hears_and_ends_it(people, talk, post, stranger, settings, scripts):
    page = people(java_script_enabled=scripts)
    seen = []
    page.on("request", lambda request: seen.append((request.url, request.headers.get("referer", ""))))
    page.goto(talk.path)
    page.get_by_label("Your reply").fill("What helps with stairs?")
    page.get_by_label("Name", exact=False).first.fill("Vera")
    page.get_by_label("E-mail (optional)").fill(EMAIL)
    page.get_by_label("Tell me by mail when somebody answers me").check()
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("What helps with stairs?").first).to_be_visible()

    asking = last_mail(post)
    assert asking["To"] == EMAIL
    verifying = link_of(asking, "/verify/")
    page.goto(verifying)
    page.get_by_role("button", name="Yes, this is mine").click()
    expect(page.get_by_role("heading", name="Your address is verified")).to_be_visible()
    expect(page.get_by_role("link", name="Make an account")).to_have_attribute(
        "href", "/accounts/signup/?email=vera.stone%40guest.example"
    )

    page.goto(talk.path)
    page.get_by_text("Follow this discussion by mail").click()
    box = page.locator("#follow")
    box.get_by_label("E-mail").fill(EMAIL)
    box.get_by_role("button", name="Follow by mail").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    page.goto(link_of(last_mail(post), "/following/confirm/"))
    page.get_by_role("button", name="Yes, write to me").click()
    expect(page.get_by_role("heading", name="It is done")).to_be_visible()
    assert Subscription.objects.active().count() == 2

    question = Comment.objects.get()
    send_reply(stranger, talk, "A rail on both sides.", name="Kim", parent=question.pk)
    answer = last_mail(post)
    assert (answer["To"], answer["Subject"]) == (EMAIL, f"Kim has answered you: {talk.title}")
    assert answer.get_content_type() == "text/plain"
    assert "> A rail on both sides." in answer.get_content()
    assert "> What helps with stairs?" in answer.get_content()
    count = len(post.received)

    assert answer["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = answer["List-Unsubscribe"].strip("<>")
    with urllib.request.urlopen(url, data=b"List-Unsubscribe=One-Click") as done:
        assert done.status == 200
    page.goto(urlsplit(url).path)
    expect(page.get_by_role("heading", name="No more of these letters")).to_be_visible()
    send_reply(stranger, talk, "And good light.", name="Kim", parent=question.pk)
    clock = Clock()
    clock.wait(hours=2)
    assert send(clock).sent == 0
    assert len(post.received) == count
    token = verifying.split("/")[-2]
    assert any(token in url for url, _referer in seen)
    assert not [referer for _url, referer in seen if any(page in referer for page in PAGES)]
    assert page.faults == []


def test_pages_of_following_have_no_fault(people, talk, stranger):
    vera = guest()
    follows(vera, on=talk)
    root = make_comment(talk, author=vera.author, name="Vera")
    send_reply(stranger, talk, "Words.", email="kim@guest.example", follow="on", name="Kim", parent=root.pk)
    asked = stranger.post(f"{talk.path}follow/", {"scope": "article", "pace": "daily", "email": EMAIL})
    assert asked.status_code == 303
    stranger.post("/following/", {"email": vera.email})
    texts = [link for letter in Letter.objects.order_by("pk") for link in links_in(letter)]
    tokens = {link.rsplit("/", 2)[0]: link for link in texts if not link.startswith("/comments/")}
    page = people(**NARROW)
    assert "/following/confirm" in tokens, texts
    visits = {
        "follow": f"{talk.path}follow/?thread={root.pk}",
        "reply": f"{talk.path}?replytocom={root.pk}",
        "sent": "/following/asked/",
        "list": "/following/",
        **{link.strip("/").replace("/", "-"): tokens[link] for link in tokens},
        "refused": "/following/end/x/",
    }
    found = []
    for name, address in visits.items():
        page.goto(address)
        found += look(page, f"follow-{name}")
    page.goto(talk.path)
    page.get_by_text("Follow this discussion by mail").click()
    found += look(page, "follow-box")
    press(page.locator("#follow").get_by_role("button", name="Follow by mail"))
    found += look(page, "follow-box-refused")
    page.goto(tokens["/verify"])
    press(page.get_by_role("button", name="Yes, this is mine"))
    found += look(page, "follow-verified")
    page.goto(tokens["/following/end"])
    press(page.get_by_role("button", name="Yes, end them"))
    found += look(page, "follow-ended")
    assert found == []
