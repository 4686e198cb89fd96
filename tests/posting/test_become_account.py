"""A guest who has proved an address makes an account with it, and every word is the account's."""

import pytest
from django.test import Client

from forum.accounts.models import Address, Author, Mute, User
from forum.mail.models import Letter
from forum.threads import authors
from forum.threads.models import Comment
from tests.accounts.browser import last_letter, sign_in
from tests.accounts.browser import link_in as account_link
from tests.make import make_user, send_reply
from tests.notifications.people import guest, link_in

pytestmark = pytest.mark.django_db
VERA = "vera@guest.example"
GIVEN = {"username": "vera", "email": VERA, "password1": "a-good-pass-77"}


def proved_guest(article) -> Author:
    """A guest who has replied and proved the address."""
    browser = Client()
    send_reply(browser, article, "Words of a guest.", email=VERA)
    browser.post(link_in(Letter.objects.latest("pk"), "/verify/"))
    return Address.objects.get(email=VERA, verified_at__isnull=False).author


def sign_up(client) -> User:
    client.post("/accounts/signup/", GIVEN)
    client.post(account_link(last_letter(VERA)))
    return User.objects.get(username="vera")


def test_the_words_of_a_guest_are_the_accounts_as_soon_as_it_proves_the_address(article):
    author = proved_guest(article)
    user = sign_up(Client())
    words = Comment.objects.get(body_source="Words of a guest.")
    assert words.author.user == user
    assert words.author_id == author.pk
    assert Address.objects.get(verified_at__isnull=False).author.user == user
    assert "Words of a guest." in signed_in(user).get(article.path).content.decode()


def test_control_with_another_address_nothing_is_the_accounts(article):
    proved_guest(article)
    client = Client()
    client.post("/accounts/signup/", GIVEN | {"email": "other@guest.example"})
    client.post(account_link(last_letter("other@guest.example")))
    user = User.objects.get(username="vera")
    assert Comment.objects.get().author.user is None
    assert "Words of a guest." not in signed_in(user).get(article.path).content.decode()


def test_before_the_account_proves_the_address_nothing_is_its_own(article):
    proved_guest(article)
    Client().post("/accounts/signup/", GIVEN)
    assert Comment.objects.get().author.user is None


def test_who_had_muted_the_guest_has_muted_the_account(article):
    muter, account = make_user("muter"), make_user("vera").author
    one = guest().author
    Mute.objects.create(owner=muter, author=one)
    Mute.objects.create(owner=account.user, author=one)
    authors.merge(one, account)
    assert list(Mute.objects.values_list("owner", "author")) == [(muter.pk, account.pk)]


def test_the_form_proposes_the_name_that_an_account_is_known_by(article):
    user = make_user("vera")
    Author.objects.update_or_create(user=user, defaults={"kind": "account", "name": "Vera Stone"})
    assert 'value="Vera Stone"' in signed_in(user).get(article.path).content.decode()


def signed_in(user) -> Client:
    browser = Client()
    if user.check_password(GIVEN["password1"]):
        sign_in(browser, user.username, GIVEN["password1"])
    else:
        browser.force_login(user)
    return browser
