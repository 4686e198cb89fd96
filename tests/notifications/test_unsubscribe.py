"""Ending letters: one click of a mail program, a page with a button, and the list of what one follows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from forum.mail.models import Letter
from forum.mail.writing import bounced
from forum.notifications import subscriptions
from forum.notifications.models import Subscription
from tests.make import make_article
from tests.notifications.people import (
    ARTICLE,
    REPLIES,
    decide,
    follows,
    guest,
    held,
    link_in,
    member,
    waiting,
)
from tests.rules.test_gates import rows

pytestmark = pytest.mark.django_db
ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def letter(article, mod, settings):
    """A letter to Vera, who follows the article; Kim follows it, too."""
    settings.SITE_URL = "https://afterword.example"
    follows(guest("Vera"), on=article)
    follows(guest("Kim"), on=article)
    decide(mod, "approve", held(article))
    return waiting("vera@guest.example")[0]


def active() -> list[str]:
    return sorted(one.address.email for one in Subscription.objects.active())


def test_rfc_8058_a_mail_program_ends_it_by_one_post_without_cookies_or_origin(letter):
    url = letter.headers["List-Unsubscribe"][1:-1].removeprefix("https://afterword.example")
    program = Client(enforce_csrf_checks=True)
    answer = program.post(
        url,
        ONE_CLICK,
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": "https://mail.example"},
    )
    assert answer.status_code == 200
    assert not answer.cookies
    assert active() == ["kim@guest.example"]


def test_ending_takes_back_what_still_waits_for_that_address_alone(letter):
    Client().post(link_in(letter, "/following/end/"))
    assert [one.to for one in waiting()] == ["kim@guest.example"]


def test_get_and_head_end_nothing_and_the_page_has_a_button(letter):
    page, before = link_in(letter, "/following/end/"), rows()
    for method in ("get", "head", "options"):
        getattr(Client(), method)(page)
    assert rows() == before
    answer = Client().get(page)
    assert "Yes, end them" in answer.content.decode()
    assert "vera@guest.example" not in answer.content.decode()
    assert answer["Referrer-Policy"] == "strict-origin"


def test_a_second_click_says_that_it_is_done(letter):
    page = link_in(letter, "/following/end/")
    for _click in range(2):
        answer = Client().post(page)
        assert answer.status_code == 200
        assert "No more of these letters" in answer.content.decode()
    assert "No more of these letters" in Client().get(page).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_mangled_foreign_and_too_old_links_end_nothing(letter, monkeypatch, method):
    good = link_in(letter, "/following/end/")
    token = good.split("/")[-2]
    for bad in (
        good[:-3] + "/",
        f"/following/of/{token}/",
        f"/following/confirm/{token}/",
        "/following/end/x/",
    ):
        assert getattr(Client(), method)(bad).status_code == 410
    now = subscriptions.links.signing.time.time()
    monkeypatch.setattr(subscriptions.links.signing.time, "time", lambda: now + 401 * 86400)
    answer = getattr(Client(), method)(good)
    assert "This link is too old." in answer.content.decode()
    assert active() == ["kim@guest.example", "vera@guest.example"]


def test_a_link_of_before_a_new_confirmation_ends_nothing(letter):
    page = link_in(letter, "/following/end/")
    Subscription.objects.update(confirmed_at=timezone.now() + timedelta(seconds=1))
    answer = Client().post(page)
    assert answer.status_code == 410
    assert "things have changed" in answer.content.decode()
    assert len(active()) == 2


def test_a_letter_for_several_reasons_ends_all_of_them(article, mod):
    vera = guest()
    follows(vera, on=article)
    follows(vera, REPLIES)
    elsewhere = follows(vera, ARTICLE, make_article())
    root = held(article, author=vera.author)
    decide(mod, "approve", root)
    Letter.objects.all().delete()
    decide(mod, "approve", held(article, parent=root))
    Client().post(link_in(waiting(vera.email)[0], "/following/end/"))
    assert list(Subscription.objects.active()) == [elsewhere]


def test_an_account_sees_and_ends_its_own_and_nobody_elses(article, ben, stranger):
    mine = follows(member(ben.user), on=article)
    also = follows(member(ben.user), REPLIES)
    hers = follows(guest("Kim"), on=article)
    page = ben.get("/following/").content.decode()
    assert (article.title in page, "kim@" in page) == (True, False)
    assert ben.post("/following/", {"subscription": hers.pk}).status_code == 303
    assert ben.post("/following/", {"subscription": "x"}).status_code == 303
    assert len(active()) == 3
    ben.post("/following/", {"subscription": mine.pk})
    assert set(Subscription.objects.active()) == {also, hers}
    ben.post("/following/", {"all_of_them": "1"})
    assert list(Subscription.objects.active()) == [hers]


def test_ending_needs_the_sign_in_its_token_and_our_own_page(article, ben):
    mine = follows(member(ben.user), on=article)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ben.cookies
    assert strict.post("/following/", {"subscription": mine.pk}).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    assert ben.post("/following/", {"subscription": mine.pk}, headers=foreign).status_code == 403
    assert active() == ["ben@example.org"]


def test_a_guest_gets_the_list_by_a_letter_and_ends_there(article, stranger):
    vera = guest()
    one = follows(vera, on=article)
    answer = stranger.post("/following/", {"email": vera.email})
    assert (answer.status_code, answer["Location"]) == (303, "/following/asked/")
    page = link_in(Letter.objects.get(), "/following/of/")
    before = rows()
    assert article.title in Client().get(page).content.decode()
    assert rows() == before
    assert Client().post(page, {"subscription": one.pk}).status_code == 303
    assert active() == []
    assert "Nothing is sent to you." in Client().get(page).content.decode()


def test_asking_for_the_list_tells_nothing_of_the_address(article, stranger):
    vera = guest()
    follows(vera, on=article)
    answers = [stranger.post("/following/", {"email": e}) for e in (vera.email, "nobody@guest.example")]
    assert answers[0].content == answers[1].content
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Letter.objects.get().to == vera.email


def test_an_address_that_vanished_or_sent_a_letter_back_loses_its_subscriptions(letter, article):
    before = timezone.now() - timedelta(days=1)
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now())
    bounced(letter.message_id, "550 5.1.1 Nobody here")
    assert subscriptions.end_vanished(before) == 1
    assert active() == ["kim@guest.example"]
    assert subscriptions.end_vanished(before) == 0


def test_what_is_confirmed_after_the_bounce_stays(letter):
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now())
    bounced(letter.message_id, "550")
    Subscription.objects.update(confirmed_at=timezone.now() + timedelta(minutes=1))
    assert subscriptions.end_vanished(timezone.now() - timedelta(days=1)) == 0
    assert len(active()) == 2
