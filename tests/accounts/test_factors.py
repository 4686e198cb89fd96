"""Secrets of second factors: stored so that a copy of the database opens nothing."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.core.management import call_command
from django.test import Client

from forum.accounts.models import Role
from tests.accounts.browser import add_app, code_of, is_in, sign_in
from tests.make import make_user

pytestmark = pytest.mark.django_db


def test_the_secret_of_an_app_does_not_stand_in_the_table(client):
    secret = add_app(make_user("mod", Role.MODERATOR))
    stored = Authenticator.objects.get().data["secret"]
    assert secret not in stored
    assert decrypt(stored) == secret
    assert encrypt(secret) != stored


def test_an_older_key_still_opens_what_it_stored(client, settings):
    secret = add_app(make_user("mod", Role.MODERATOR))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" * 6
    sign_in(client, "mod")
    client.post("/accounts/second-factor/authenticate/", {"code": code_of(secret)})
    assert is_in(client)


def test_another_key_opens_nothing(settings):
    stored = encrypt("secret")
    settings.SECRET_KEY = "another-key-" * 6
    with pytest.raises(ValueError, match="another SECRET_KEY"):
        decrypt(stored)


def test_sessions_that_are_over_are_forgotten(capsys):
    ben = make_user("ben")
    here, gone = Client(), Client()
    sign_in(here, "ben")
    sign_in(gone, "ben")
    gone.session.delete(gone.session.session_key)
    call_command("purge_accounts")
    assert "Forgotten: 1 sessions, 0 used links, 0 invitations." in capsys.readouterr().out
    assert ben.usersession_set.count() == 1
    assert is_in(here)
