"""Letters about accounts: plain text through the outbox, on the site's own address, to the right person."""

import pytest
from django.core import mail

from forum.mail.models import Letter
from tests.accounts.browser import last_letter, sign_in
from tests.make import make_user

pytestmark = pytest.mark.django_db


def test_nothing_is_sent_in_the_request(client):
    make_user("ben")
    client.post("/accounts/password/reset/", {"email": "ben@example.org"})
    assert mail.outbox == []
    letter = Letter.objects.get()
    assert (letter.about, letter.sent_at, letter.order_key) == ("account", None, "")


def test_links_stand_on_the_address_of_the_site_whatever_host_was_asked(client, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://forum.example.org", ["*"]
    make_user("ben")
    for path, address in (("password/reset", "ben@example.org"), ("login/code", "no@example.org")):
        client.post(f"/accounts/{path}/", {"email": address}, headers={"host": "evil.example"})
    sign_up = {"username": "newt", "email": "newt@example.org", "password1": "a-good-pass-77"}
    client.post("/accounts/signup/", sign_up, headers={"host": "evil.example"})
    texts = [letter.text for letter in Letter.objects.all()]
    assert len(texts) == 3
    assert all("https://forum.example.org/accounts/" in text and "evil.example" not in text for text in texts)


def test_a_letter_names_the_site_and_the_person_in_plain_words(client):
    make_user("o&o")
    client.post("/accounts/password/reset/", {"email": "o&o@example.org"})
    letter = last_letter("o&o@example.org")
    assert letter.subject == "A new password for Afterword"
    assert "your account o&o. Choose" in " ".join(letter.text.split())
    assert "<" not in letter.text


def test_the_old_address_is_told_of_a_new_one(client):
    ben = make_user("ben")
    sign_in(client, "ben")
    asked = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    client.post(asked["Location"], {"password": "secret-word-42"})
    ben.refresh_from_db()
    assert ben.email == "ben@example.org"
    link = last_letter("new@example.org").text.split("testserver")[1].split()[0]
    client.post(link)
    ben.refresh_from_db()
    assert ben.email == "new@example.org"
    told = last_letter("ben@example.org")
    assert told.subject == "Your address was changed"
    assert "new@example.org" in told.text
    assert ben.emailaddress_set.get().verified


def test_an_address_of_somebody_else_cannot_be_taken(client):
    ben, cara = make_user("ben"), make_user("cara")
    sign_in(client, "ben")
    asked = client.post("/accounts/email/", {"email": "cara@example.org", "action_add": ""})
    client.post(asked["Location"], {"password": "secret-word-42"})
    for letter in Letter.objects.filter(to="cara@example.org"):
        if "/confirm-email/" in letter.text:
            client.post(letter.text.split("testserver")[1].split()[0])
    ben.refresh_from_db()
    assert ben.email == "ben@example.org"
    assert cara.emailaddress_set.get().verified


def test_a_changed_password_is_told_with_the_network_address(client):
    make_user("ben")
    sign_in(client, "ben", REMOTE_ADDR="203.0.113.9")
    given = {"oldpassword": "secret-word-42", "password1": "another-pass-88"}
    client.post("/accounts/password/change/", given, REMOTE_ADDR="203.0.113.9")
    letter = last_letter("ben@example.org")
    assert letter.subject == "Your password was changed"
    assert "203.0.113.9" in letter.text
    assert "http://testserver/accounts/\n" in letter.text
