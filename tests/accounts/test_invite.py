"""Inviting staff: the link shows by GET, acts by POST, once, and gives no account to the wrong person."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from forum.accounts import invitations
from forum.accounts.models import Invitation, Role, User
from forum.mail.models import Letter
from tests.accounts.browser import add_app, is_in, last_letter, link_in, sign_in
from tests.make import make_user
from tests.rules.test_gates import rows

pytestmark = pytest.mark.django_db
PERSON = {"username": "nina", "password": "a-good-pass-77"}
NINA = "nina@example.org"


@pytest.fixture
def link(boss):
    """The path in the letter by which nina is invited as a moderator."""
    answer = boss.post("/accounts/people/invite/", {"email": "Nina@Example.org", "role": "moderator"})
    assert answer.status_code == 303
    return path_in(last_letter(NINA))


def path_in(letter) -> str:
    return re.search(r"http://testserver(/accounts/invitation/\S+/)", letter.text)[1]


def refusal(client, link, **given) -> str:
    response = client.post(link, given or PERSON)
    assert response.status_code == 410
    return response.content.decode()


def test_whoever_is_invited_makes_an_account_and_is_sent_to_the_second_factor(link, client, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    assert "Your role: Moderator" in client.get(link).content.decode()
    assert client.post(link, PERSON)["Location"] == "/accounts/second-factor/"
    nina = User.objects.get(username="nina")
    assert (nina.email, nina.role, nina.author.name) == (NINA, "moderator", "nina")
    assert nina.emailaddress_set.get().verified
    assert is_in(client)
    assert client.get("/moderation/")["Location"] == "/accounts/second-factor/"
    add_app(nina)
    assert client.get("/moderation/").status_code == 200


def test_figure_m1_a_hundred_scans_change_no_row(link):
    before = rows()
    for n in range(100):
        scanner = Client()
        getattr(scanner, ["get", "head"][n % 2])(link)
    assert rows() == before


def test_figure_m1_a_link_makes_one_account(link, client):
    client.post(link, PERSON)
    assert "has been used" in refusal(Client(), link, username="other", password="a-good-pass-77")
    assert not User.objects.filter(username="other").exists()
    assert "has been used" in Client().get(link).content.decode()


def test_a_newer_invitation_replaces_the_older(link, boss, client):
    boss.post("/accounts/people/invite/", {"email": NINA, "role": "admin"})
    assert "withdrawn or replaced" in refusal(client, link)
    client.post(path_in(last_letter(NINA)), PERSON)
    assert User.objects.get(username="nina").role == "admin"


def test_a_withdrawn_invitation_opens_nothing(link, boss, client):
    page = boss.post(f"/accounts/people/invitations/{Invitation.objects.get().pk}/withdraw/", follow=True)
    assert "Not accepted yet" not in page.content.decode()
    assert "withdrawn" in refusal(client, link)


def test_an_invitation_is_over_after_seven_days_and_with_whoever_sent_it(link, boss, client):
    User.objects.filter(pk=boss.user.pk).update(is_active=False)
    assert "is over" in refusal(client, link)
    User.objects.filter(pk=boss.user.pk).update(is_active=True, role=Role.MODERATOR)
    assert "is over" in refusal(client, link)
    User.objects.filter(pk=boss.user.pk).update(role=Role.ADMIN)
    Invitation.objects.update(expires_at=timezone.now())
    assert "is over" in refusal(client, link)
    assert not User.objects.filter(username="nina").exists()


@pytest.mark.parametrize(
    "change", [{"username": "boss"}, {"username": "a@b"}, {"password": "short"}, {"username": ""}]
)
def test_what_does_not_fit_is_said_and_the_link_stays_good(link, client, change):
    assert client.post(link, PERSON | change).status_code == 422
    assert client.post(link, PERSON).status_code == 302


def test_an_account_with_the_address_is_raised_and_keeps_its_password(link, client):
    nina = make_user("nina")
    sign_in(client, "nina")
    page = client.get(link).content.decode()
    assert "Your account" in page
    assert 'name="password"' not in page
    assert client.post(link)["Location"] == "/accounts/second-factor/"
    assert is_in(client)
    nina.refresh_from_db()
    assert nina.role == "moderator"
    sign_in(client, "nina")
    assert client.get("/moderation/").status_code == 200


def test_an_account_that_somebody_else_made_with_the_address_is_taken_from_them(link, client):
    squatter = Client()
    squatter.post("/accounts/signup/", {"username": "trap", "email": NINA, "password1": "known-to-me-99"})
    user = User.objects.get(username="trap")
    add_app(user)
    assert "choose a password" in client.get(link).content.decode()
    assert client.post(link, {"password": "a-good-pass-77"})["Location"] == "/accounts/second-factor/"
    sign_in(squatter, "trap", "known-to-me-99")
    assert not is_in(squatter)
    assert is_in(client)
    assert not user.authenticator_set.exists()
    user.refresh_from_db()
    assert user.role == "moderator"


def test_nobody_is_demoted_by_an_invitation(boss, client):
    make_user("nina", Role.ADMIN)
    invitations.invite(NINA, Role.MODERATOR, boss.user)
    link = re.search(r"(/accounts/invitation/\S+/)", last_letter(NINA).text)[1]
    client.post(link)
    assert User.objects.get(username="nina").role == "admin"


def test_an_account_that_is_switched_off_is_not_raised(link, client):
    nina = make_user("nina")
    User.objects.filter(pk=nina.pk).update(is_active=False)
    assert "switched off" in refusal(client, link)
    nina.refresh_from_db()
    assert nina.role == "reader"


@pytest.mark.parametrize("token", ["x", "a:b:c", "é", "%00", "a" * 3000, "W10:1xVE98:" + "a" * 43])
def test_a_mangled_link_is_one_sentence(client, token):
    for answer in (client.get, client.post):
        response = answer(f"/accounts/invitation/{token}/")
        assert response.status_code in {404, 410}
        assert response.content.decode().count("<h1>") == 1


@pytest.mark.parametrize(
    ("email", "role"),
    [("nonsense", "admin"), ("", "admin"), (NINA, "reader"), (NINA, "king"), ("a@b\r\nc", "admin")],
)
def test_an_invitation_that_cannot_be_is_refused_at_its_field(boss, email, role):
    response = boss.post("/accounts/people/invite/", {"email": email, "role": role})
    assert response.status_code == 422
    assert "invalid-feedback" in response.content.decode()
    assert not Letter.objects.exists()


def test_an_account_that_only_means_to_change_to_the_address_is_left_alone(link, client):
    other = make_user("other", Role.READER)
    other.emailaddress_set.create(email=NINA, verified=False, primary=False)
    client.post(link, PERSON)
    assert User.objects.get(username="nina").role == "moderator"
    other.refresh_from_db()
    assert (other.role, other.email, other.check_password("secret-word-42")) == (
        "reader",
        "other@example.org",
        True,
    )
    assert [address.email for address in other.emailaddress_set.all()] == ["other@example.org"]


def test_a_user_name_taken_in_between_is_said(link, client, monkeypatch):
    monkeypatch.setattr("forum.accounts.adapter.AccountAdapter.clean_username", lambda self, name: name)
    assert client.post(link, PERSON | {"username": "boss"}).status_code == 422
    assert client.post(link, PERSON).status_code == 302


def test_figure_a1_ten_tries_of_a_link_a_minute(clock, client):
    answers = [client.post("/accounts/invitation/a:b:c/").status_code for _n in range(12)]
    assert answers == [410] * 10 + [429] * 2
    assert client.post("/accounts/invitation/a:b:c/").content.decode().count("<h1>") == 1


def test_an_account_that_somebody_else_made_is_nobodys_until_its_owner_chooses_a_password(boss, client):
    """Also when a mistaken click has verified its address: whoever made it loses password and sessions."""
    thief = Client()
    made = make_user("thief")
    User.objects.filter(pk=made.pk).update(email="mona@example.org")
    made.emailaddress_set.update(email="mona@example.org", verified=True)
    sign_in(thief, "thief")
    assert is_in(thief)
    boss.post("/accounts/people/invite/", {"email": "mona@example.org", "role": "moderator"})
    link = link_in(last_letter("mona@example.org"))
    assert "it is yours alone" in client.get(link).content.decode()
    assert client.post(link, {"password": ""}).status_code == 422
    made.refresh_from_db()
    assert made.role == "reader"
    client.post(link, {"password": "hers-alone-99"})
    made.refresh_from_db()
    assert made.role == "moderator"
    assert made.check_password("hers-alone-99")
    assert not is_in(thief)


def test_who_is_signed_in_keeps_password_and_sessions(boss):
    owner, made = Client(), make_user("mona")
    sign_in(owner, "mona")
    boss.post("/accounts/people/invite/", {"email": made.email, "role": "moderator"})
    owner.post(link_in(last_letter(made.email)))
    made.refresh_from_db()
    assert (made.role, is_in(owner)) == ("moderator", True)


def test_a_demotion_takes_open_invitations_of_the_address_back(boss):
    made = make_user("mona", "moderator")
    boss.post("/accounts/people/invite/", {"email": made.email, "role": "admin"})
    link = link_in(last_letter(made.email))
    boss.post(f"/accounts/people/{made.pk}/role/", {"role": "reader"})
    owner = Client()
    sign_in(owner, "mona")
    assert owner.post(link).status_code == 410
    made.refresh_from_db()
    assert made.role == "reader"
