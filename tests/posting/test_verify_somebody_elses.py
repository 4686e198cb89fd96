"""Somebody writes with another person's address, and that person clicks by mistake: they stay two people."""

import pytest
from django.test import Client

from forum.accounts.models import Address, Author
from forum.accounts.viewer import OWN_COOKIE
from forum.mail.models import Letter
from forum.notifications.models import Subscription
from forum.threads import authors
from forum.threads.models import Comment
from tests.make import send_reply
from tests.notifications.people import link_in

pytestmark = pytest.mark.django_db
VERA, MALLORY = "vera@guest.example", "mallory@evil.example"
HERS = "Vera's own held words."


def reply(client, article, body, email, **fields):
    assert send_reply(client, article, body, email=email, name="Vera", **fields).status_code == 303


def letter_to(email):
    return link_in(Letter.objects.filter(to=email).latest("pk"), "/verify/")


def click(client, email):
    assert client.post(letter_to(email)).status_code == 200


@pytest.fixture
def vera(article) -> Client:
    """A guest who has proved her address."""
    browser = Client()
    reply(browser, article, HERS, VERA)
    click(browser, VERA)
    return browser


def keys(client) -> str:
    return client.cookies[OWN_COOKIE].value if OWN_COOKIE in client.cookies else ""


def hers() -> Comment:
    return Comment.objects.get(body_source=HERS)


def test_after_her_mistaken_click_his_next_words_are_not_hers(article, vera):
    mallory = Client()
    reply(mallory, article, "Not hers.", VERA)
    click(vera, VERA)
    assert Comment.objects.get(body_source="Not hers.").author == hers().author
    reply(mallory, article, "His next.", MALLORY)
    assert Comment.objects.get(body_source="His next.").author != hers().author
    click(mallory, MALLORY)
    assert hers().own_key not in keys(mallory)
    assert HERS not in mallory.get(article.path).content.decode()
    assert Address.objects.get(email=MALLORY).author != hers().author


@pytest.mark.parametrize("she_comes_first", [True, False])
def test_an_address_that_he_has_proved_never_becomes_hers_nor_hers_his(article, she_comes_first):
    her, mallory = Client(), Client()
    if she_comes_first:
        reply(her, article, HERS, VERA)
        click(her, VERA)
    reply(mallory, article, "His own.", MALLORY)
    click(mallory, MALLORY)
    reply(mallory, article, "Not hers.", VERA)
    click(her, VERA)
    if not she_comes_first:
        reply(her, article, HERS, VERA)
    one, other = Address.objects.get(email=VERA).author, Address.objects.get(email=MALLORY).author
    assert one != other
    assert Comment.objects.get(body_source="His own.").author == other
    assert hers().author == one
    assert hers().own_key not in keys(mallory)
    assert not Subscription.objects.filter(address__email=MALLORY, address__author=one).exists()


def test_control_without_the_split_they_would_be_one(article, vera, monkeypatch):
    monkeypatch.setattr(authors, "alone", lambda address: address)
    mallory = Client()
    reply(mallory, article, "His own.", MALLORY)
    click(mallory, MALLORY)
    reply(mallory, article, "Not hers.", VERA)
    click(vera, VERA)
    assert Address.objects.get(email=MALLORY).author == hers().author


def test_a_browser_that_has_proved_the_address_goes_on_as_the_same_guest(article, vera):
    send_reply(vera, article, "More of hers.", name="Vera")
    assert Comment.objects.get(body_source="More of hers.").author == hers().author
    assert Author.objects.filter(kind="guest").count() == 1


def test_a_flood_of_replies_with_addresses_writes_to_few_strangers(article):
    mallory = Client()
    for n in range(30):
        reply(mallory, article, f"Words {n}.", f"stranger{n}@guest.example")
    assert Comment.objects.count() == 30
    assert Letter.objects.count() <= 20
