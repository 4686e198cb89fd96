"""Figure A4: no session outlives what ends it, and none is fixed beforehand."""

import pytest
from django.test import Client

from forum.accounts import roles
from forum.accounts.models import Role
from tests.accounts.browser import add_app, code_of, is_in, last_letter, link_in, sign_in
from tests.make import make_user

pytestmark = pytest.mark.django_db(transaction=True)
CHANGE = {"oldpassword": "secret-word-42", "password1": "another-pass-88"}
AGAIN = {"password": "secret-word-42"}


@pytest.fixture
def browsers(db):
    """Three browsers in which the same person is signed in."""
    make_user("ben")
    opened = [Client(), Client(), Client()]
    for browser in opened:
        sign_in(browser, "ben")
    return opened


def alive(browsers) -> list[bool]:
    """Which of the browsers are signed in."""
    return [is_in(browser) for browser in browsers]


def test_control_three_browsers_are_signed_in(browsers):
    assert alive(browsers) == [True, True, True]


def test_figure_a4_signing_in_changes_the_key_of_the_session(client):
    make_user("ben")
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    sign_in(client, "ben")
    assert client.cookies["sessionid"].value != planted
    other = Client()
    other.cookies["sessionid"] = planted
    assert not is_in(other)


def test_figure_a4_signing_out_ends_the_session_for_whoever_kept_its_key(browsers):
    thief = Client()
    thief.cookies["sessionid"] = browsers[0].cookies["sessionid"].value
    assert is_in(thief)
    assert browsers[0].get("/accounts/logout/").status_code == 200
    assert is_in(thief)
    browsers[0].post("/accounts/logout/")
    assert not is_in(thief)
    assert alive(browsers) == [False, True, True]


def test_figure_a4_a_changed_password_ends_the_others(browsers):
    old = browsers[0].cookies["sessionid"].value
    browsers[0].post("/accounts/password/change/", CHANGE)
    assert alive(browsers) == [True, False, False]
    thief = Client()
    thief.cookies["sessionid"] = old
    assert not is_in(thief)


def test_figure_a4_a_new_password_by_mail_ends_all(browsers):
    visitor = Client()
    visitor.post("/accounts/password/reset/", {"email": "ben@example.org"})
    form = visitor.get(link_in(last_letter("ben@example.org")))["Location"]
    visitor.post(form, {"password1": "another-pass-88"})
    assert alive(browsers) == [False, False, False]


def set_up_app(browser) -> str:
    """Set up an authenticator app in the browser; returns its secret."""
    page = browser.get("/accounts/second-factor/totp/activate/")
    if page.status_code == 302:
        browser.post(page["Location"], AGAIN)
        page = browser.get("/accounts/second-factor/totp/activate/")
    secret = page.context["form"].secret
    done = browser.post("/accounts/second-factor/totp/activate/", {"code": code_of(secret)})
    assert done.status_code == 302, done.content.decode()
    return secret


def test_figure_a4_a_second_factor_set_up_ends_the_others(browsers):
    set_up_app(browsers[0])
    assert alive(browsers) == [True, False, False]
    assert last_letter("ben@example.org").subject == "An authenticator app was added"


def test_figure_a4_a_second_factor_removed_ends_the_others(browsers):
    secret = set_up_app(browsers[0])
    sign_in(browsers[1], "ben")
    browsers[1].post("/accounts/second-factor/authenticate/", {"code": code_of(secret, 0)})
    browsers[0].post("/accounts/second-factor/totp/deactivate/")
    assert alive(browsers) == [True, False, False]


@pytest.mark.parametrize("again", [False, True], ids=["off", "off and on again"])
def test_figure_a4_an_account_switched_off_has_no_session_left(browsers, again):
    ben, boss = make_user("other").__class__.objects.get(username="ben"), make_user("boss", Role.ADMIN)
    roles.switch(ben.pk, on=False, by=boss)
    if again:
        roles.switch(ben.pk, on=True, by=boss)
    assert alive(browsers) == [False, False, False]


def test_a_demotion_counts_from_the_next_request_and_ends_no_session(client):
    mod, boss = make_user("mod", Role.MODERATOR), make_user("boss", Role.ADMIN)
    sign_in(client, "mod")
    assert client.get("/moderation/").status_code == 200
    roles.change_role(mod.pk, Role.READER, boss)
    assert client.get("/moderation/").status_code == 404
    assert is_in(client)


def test_sessions_are_listed_and_ended_one_by_one(browsers):
    page = browsers[0].get("/accounts/sessions/")
    assert page.context["session_count"] == 3
    assert page.content.decode().count("this browser") == 1
    others = [s for s in page.context["sessions"] if s.session_key == browsers[1].session.session_key]
    assert browsers[0].post(f"/accounts/sessions/{others[0].pk}/end/").status_code == 302
    assert alive(browsers) == [True, False, True]


def test_all_other_sessions_are_ended_at_once(browsers):
    browsers[0].post("/accounts/sessions/")
    assert alive(browsers) == [True, False, False]


def test_nobody_ends_the_session_of_somebody_else(browsers):
    number = browsers[0].get("/accounts/sessions/").context["sessions"][0].pk
    make_user("cara")
    cara = Client()
    sign_in(cara, "cara")
    assert cara.post(f"/accounts/sessions/{number}/end/").status_code == 404
    assert cara.get(f"/accounts/sessions/{number}/end/").status_code == 405
    assert alive(browsers) == [True, True, True]


def test_a_second_factor_of_somebody_else_changes_nothing(browsers):
    add_app(make_user("cara"))
    assert alive(browsers) == [True, True, True]
