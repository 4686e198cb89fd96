"""Asking to be told: twice for guests, once for accounts, and the same answer whoever is known."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from forum.accounts.models import Address
from forum.mail.models import Letter
from forum.notifications.models import Subscription
from tests.make import make_comment, make_user
from tests.notifications.people import ARTICLE, REPLIES, THREAD, follows, guest, link_in
from tests.rules.test_gates import rows

pytestmark = pytest.mark.django_db
VERA = "vera@guest.example"


def follow(client, article, **fields):
    """POST the follow form."""
    headers = fields.pop("headers", None)
    values = {"scope": "article", "pace": "at_once", "email": VERA} | fields
    return client.post(f"{article.path}follow/", values, headers=headers)


def the_page() -> str:
    return link_in(Letter.objects.latest("pk"), "/following/confirm/")


def test_a_guest_is_asked_by_a_letter_and_hears_nothing_before(article, stranger):
    answer = follow(stranger, article)
    assert (answer.status_code, answer["Location"]) == (303, "/following/asked/")
    assert "Look into your mailbox" in stranger.get(answer["Location"]).content.decode()
    assert Letter.objects.get().to == VERA
    assert not Subscription.objects.get().is_active
    assert Address.objects.get().verified_at is None


def test_get_and_head_of_the_letters_link_change_no_row(article, stranger):
    follow(stranger, article)
    before = rows()
    for method in ("get", "head", "options"):
        getattr(Client(), method)(the_page())
    assert rows() == before
    answer = Client().get(the_page())
    assert "Do you want these letters?" in answer.content.decode()
    assert article.title in answer.content.decode()
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]


def test_the_button_begins_it_once(article, stranger):
    follow(stranger, article)
    page = the_page()
    assert Client().post(page).status_code == 200
    assert Subscription.objects.get().is_active
    assert Address.objects.get().verified_at is not None
    again = Client().post(page)
    assert again.status_code == 410
    assert "This link has been used." in again.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_mangled_foreign_and_overtaken_links_are_one_sentence(article, stranger, method):
    follow(stranger, article)
    good = the_page()
    ending = good.replace("/confirm/", "/end/")
    verifying = good.replace("/following/confirm/", "/verify/")
    for bad in (good[:-2] + "/", ending, verifying, "/following/of/a:b:c/", "/following/confirm/x/"):
        answer = getattr(Client(), method)(bad)
        assert answer.status_code == 410
        assert VERA not in answer.content.decode()
    Subscription.objects.update(asked_at=timezone.now() + timedelta(seconds=1))
    answer = getattr(Client(), method)(good)
    assert "things have changed" in answer.content.decode()
    assert not Subscription.objects.get().is_active


def test_a_form_of_another_site_does_nothing(article, stranger, ben):
    foreign = {"Origin": "https://evil.example"}
    assert follow(stranger, article, headers=foreign).status_code == 403
    assert follow(ben, article, headers=foreign).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ben.cookies
    assert follow(strict, article).status_code == 403
    follow(stranger, article)
    assert Client().post(the_page(), headers=foreign).status_code == 403
    assert not [one for one in Subscription.objects.all() if one.is_active]


def test_an_account_with_a_verified_address_follows_at_once(article, ben):
    answer = follow(ben, article, email="", pace="daily")
    assert (answer.status_code, answer["Location"]) == (303, "/following/")
    found = Subscription.objects.get()
    assert (found.is_active, found.pace, found.address.email) == (True, "daily", "ben@example.org")
    assert not Letter.objects.exists()
    assert article.title in ben.get("/following/").content.decode()


def test_an_account_cannot_follow_for_another_address(article, ben):
    follow(ben, article, email=VERA)
    assert Subscription.objects.get().address.email == "ben@example.org"


def test_an_account_without_a_verified_address_is_told_so(article, ben):
    ben.user.emailaddress_set.update(verified=False)
    answer = follow(ben, article)
    assert answer.status_code == 422
    assert "no verified address" in answer.content.decode()
    assert not Subscription.objects.exists()


def test_the_answer_is_the_same_for_known_following_and_unknown_addresses(article):
    known, following = guest("Known"), guest("Following")
    follows(following, on=article)
    make_user("ann")
    answers = []
    for email in (known.email, following.email, "ann@example.org", "nobody@guest.example"):
        answer = follow(Client(), article, email=email)
        answers.append((answer.status_code, answer["Location"], answer.content, sorted(answer.cookies)))
    assert len(set(map(str, answers))) == 1
    assert not Letter.objects.filter(to=following.email).exists()
    assert Letter.objects.count() == 3


def test_a_stranger_cannot_change_or_end_what_somebody_follows(article, stranger):
    active = follows(guest("Vera"), on=article)
    follow(stranger, article, pace="daily")
    after = Subscription.objects.get()
    assert (after.pace, after.confirmed_at, after.ended_at) == ("at_once", active.confirmed_at, None)


def test_a_confirmed_guest_uses_the_verified_address_that_is_there(article, stranger):
    vera = guest("Vera", VERA)
    follow(stranger, article)
    Client().post(the_page())
    assert Subscription.objects.get().address == vera
    assert Address.objects.count() == 1


def test_a_confirmed_guest_with_an_account_has_it_in_the_account(article, stranger, ben):
    follow(stranger, article, email="ben@example.org")
    Client().post(the_page())
    assert Subscription.objects.get().address.author.user == ben.user


def test_no_more_than_three_letters_a_day(article):
    for n in range(5):
        follow(Client(), article, pace=("at_once", "daily")[n % 2])
    assert Letter.objects.count() == 3


def test_one_network_cannot_have_letters_written_to_everybody(article, stranger):
    codes = [follow(stranger, article, email=f"p{n}@guest.example").status_code for n in range(22)]
    assert codes.count(303) == 20
    assert codes[-1] == 429


@pytest.mark.parametrize(
    "email", ["", "nonsense", "a@b", "vera@guest.example\r\nBcc: x@y.example", "a@b.example, c@d.example"]
)
def test_what_is_no_address_is_refused_in_one_sentence(article, stranger, email):
    answer = follow(stranger, article, email=email)
    assert answer.status_code == 422
    assert "does not look like an e-mail address" in answer.content.decode()
    assert not Letter.objects.exists()
    assert not Address.objects.exists()


def test_nonsense_in_other_fields_is_refused_or_ignored(article, stranger):
    assert follow(stranger, article, scope="everything").status_code == 422
    assert follow(stranger, article, pace="hourly").status_code == 422
    assert follow(stranger, article, scope="thread").status_code == 422
    assert follow(stranger, article, scope="thread", thread="9" * 30).status_code == 422
    assert stranger.get(f"{article.path}follow/?thread=x").status_code == 200
    assert stranger.get("/2011/nothing/follow/").status_code == 404
    assert not Subscription.objects.exists()


def test_a_thread_is_followed_by_any_comment_in_it(article, ben):
    root = make_comment(article)
    child = make_comment(article, parent=root)
    page = ben.get(f"{article.path}follow/?thread={child.pk}").content.decode()
    assert "This thread" in page
    follow(ben, article, scope="thread", thread=child.pk)
    assert (Subscription.objects.get().scope, Subscription.objects.get().comment) == (THREAD, root)


def test_a_held_comment_is_no_thread_to_follow_and_looks_like_one_that_never_was(article, stranger):
    comment = make_comment(article, state="held")
    answers = [follow(stranger, article, scope="thread", thread=n) for n in (comment.pk, comment.pk + 5000)]
    assert [answer.status_code for answer in answers] == [422, 422]
    pages = [stranger.get(f"{article.path}follow/?thread={n}").content for n in (comment.pk, 1)]
    assert pages[0] == pages[1]


def test_robots_that_fill_in_everything_follow_nothing(article, stranger):
    assert follow(stranger, article, website="https://spam.example").status_code == 303
    assert not Letter.objects.exists()


def test_the_shared_page_holds_the_form_without_token_or_address(article, stranger, ben):
    page = stranger.get(article.path).content.decode()
    assert f'action="{article.path}follow/"' in page
    assert "csrfmiddlewaretoken" not in page
    assert "Set-Cookie" not in stranger.get(article.path).headers
    own = ben.get(article.path).content.decode()
    form = own[own.index('id="follow"') :]
    assert "ben@example.org" not in form
    assert "csrfmiddlewaretoken" in form


def test_asking_anew_for_what_has_ended_asks_by_letter_again(article, stranger):
    vera = guest("Vera", VERA)
    for scope, on in ((ARTICLE, article), (REPLIES, None)):
        ended = follows(vera, scope, on)
        Subscription.objects.filter(pk=ended.pk).update(ended_at=timezone.now())
    follow(stranger, article)
    assert not Subscription.objects.get(scope=ARTICLE).is_active
    Client().post(the_page())
    assert Subscription.objects.get(scope=ARTICLE).is_active
    assert not Subscription.objects.get(scope=REPLIES).is_active
