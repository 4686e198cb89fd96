"""Making an account, and getting a new password: the address is proved, and none is betrayed."""

import pytest
from django.contrib.auth import hashers
from django.test import Client

from forum.accounts import forms
from forum.accounts.models import Author, User
from forum.mail.models import Letter
from tests.accounts.browser import is_in, last_letter, link_in, shape, sign_in
from tests.make import make_user

pytestmark = pytest.mark.django_db
GIVEN = {"username": "newt", "email": "Newt@Example.org", "password1": "a-good-pass-77"}


def sign_up(client, **other):
    """POST the form."""
    return client.post("/accounts/signup/", GIVEN | other)


def test_somebody_makes_an_account_and_proves_the_address(client):
    assert sign_up(client)["Location"] == "/accounts/confirm-email/"
    assert not is_in(client)
    user = User.objects.get(username="newt")
    assert (user.email, user.role) == ("newt@example.org", "reader")
    assert Author.objects.get(user=user).name == "newt"
    link = link_in(last_letter("newt@example.org"))
    assert client.get(link).status_code == 200
    assert not user.emailaddress_set.get().verified
    client.post(link)
    assert user.emailaddress_set.get().verified
    assert is_in(client)


def test_nobody_gets_in_before_the_address_is_proved(client):
    sign_up(Client())
    assert sign_in(client, "newt", GIVEN["password1"])["Location"] == "/accounts/confirm-email/"
    assert not is_in(client)


def test_a_link_followed_elsewhere_proves_the_address_and_signs_nobody_in(client):
    sign_up(Client())
    client.post(link_in(last_letter("newt@example.org")))
    assert not is_in(client)
    sign_in(client, "newt", GIVEN["password1"])
    assert is_in(client)


def test_account_and_letter_come_together_or_not_at_all(client, monkeypatch):
    def fail(*given, **named):
        raise RuntimeError

    monkeypatch.setattr("forum.accounts.adapter.write", fail)
    with pytest.raises(RuntimeError):
        sign_up(client)
    assert not User.objects.filter(username="newt").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "ben@example.org"),
        ("username", "ben"),
        ("username", "BEN"),
        ("username", "a\0b"),
        ("username", "x" * 151),
        ("username", ""),
        ("email", "nonsense"),
        ("email", "a@b\r\nBcc: all@x.example"),
        ("email", "x" * 300 + "@x.example"),
        ("password1", "short"),
        ("password1", "password"),
        ("password1", "newt@example"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(client, field, value):
    make_user("ben")
    response = sign_up(client, **{field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "invalid-feedback" in response.content.decode()
    assert not User.objects.filter(username="newt").exists()


def test_figure_a2_sign_up_answers_alike_for_known_and_unknown_addresses(client):
    make_user("ben")
    seen = []
    for name, address in (("one", "ben@example.org"), ("two", "new@example.org")):
        browser = Client()
        answer = shape(sign_up(browser, username=name, email=address))
        seen.append((answer[:2], answer[3], shape(browser.get("/accounts/confirm-email/"))[3]))
    assert seen[0] == seen[1]
    assert not User.objects.filter(username="one").exists()
    assert "belongs to an account already" in " ".join(last_letter("ben@example.org").text.split())


@pytest.mark.parametrize("address", ["ben@example.org", "new@example.org"])
def test_figure_a2_sign_up_hashes_once_for_known_and_unknown_addresses(client, monkeypatch, address):
    make_user("ben")
    counted = []
    real = hashers.make_password

    def count(password, *rest):
        counted.append(1)
        return real(password, *rest)

    monkeypatch.setattr(forms, "make_password", count)
    monkeypatch.setattr("django.contrib.auth.base_user.make_password", count)
    sign_up(client, email=address)
    assert len(counted) == 1


# --- A new password ------------------------------------------------------------------------------------
def test_a_link_by_mail_leads_to_a_new_password_once(client):
    make_user("ben")
    client.post("/accounts/password/reset/", {"email": "ben@example.org"})
    link = link_in(last_letter("ben@example.org"))
    form = client.get(link)["Location"]
    done = client.post(form, {"password1": "another-pass-88"})
    assert done["Location"] == "/accounts/password/reset/key/done/"
    assert not is_in(client)
    sign_in(client, "ben", "another-pass-88")
    assert is_in(client)
    assert "too old, has been used" in Client().get(link, follow=True).content.decode()
    assert "by a link in a letter" in " ".join(last_letter("ben@example.org").text.split())


def test_figure_a2_reset_answers_alike_for_known_and_unknown_addresses(client):
    make_user("ben")
    seen = []
    for address in ("ben@example.org", "new@example.org"):
        browser = Client()
        answer = shape(browser.post("/accounts/password/reset/", {"email": address}))
        seen.append((answer, shape(browser.get("/accounts/password/reset/done/"))))
    assert seen[0] == seen[1]
    assert Letter.objects.count() == 2


def test_figure_a1_a_mailbox_gets_three_links_in_five_minutes_from_anywhere(clock):
    make_user("ben")
    for n in range(30):
        Client(REMOTE_ADDR=f"203.0.113.{n}").post("/accounts/password/reset/", {"email": "ben@example.org"})
    assert Letter.objects.filter(to="ben@example.org").count() == 3


@pytest.mark.parametrize("link", ["1-abc", "Mg-set-password", "zzzzzzzzzzzzzzz-a", "1-" + "a" * 500])
def test_a_mangled_link_for_a_new_password_is_answered_in_one_sentence(client, link):
    response = client.get(f"/accounts/password/reset/key/{link}/", follow=True)
    assert response.status_code == 200
    assert "too old, has been used, or is not complete" in response.content.decode()


@pytest.mark.parametrize("key", ["abc", "MQ:1xVE98:xyz", "MQ", "a" * 900])
def test_a_mangled_link_for_an_address_is_answered_in_one_sentence(client, key):
    for answer in (client.get, client.post):
        response = answer(f"/accounts/confirm-email/{key}/")
        assert response.status_code == 200
        assert "too old, has been used, or is not complete" in response.content.decode()


@pytest.mark.parametrize("name", ["moderator", "аdmin", "staff1", "s.t.a.f.f"])
def test_figure_u1_a_user_name_that_imitates_the_staff_is_refused_and_kept(client, name):
    answer = sign_up(client, username=name)
    assert answer.status_code == 200
    assert "taken for somebody of the staff" in answer.content.decode()
    assert f'value="{name}"' in answer.content.decode()
    assert not User.objects.exists()


def test_figure_u1_nor_may_it_look_like_the_name_of_a_moderator(client):
    make_user("mary.quill", "moderator")
    assert "taken for somebody" in sign_up(client, username="mаry.quill").content.decode()
    assert sign_up(client, username="mary.quillan").status_code == 302


def test_no_code_goes_to_an_account_that_never_proved_its_address():
    """Else the owner of an address would verify it for whoever made an account with it."""
    sign_up(Client())
    before = last_letter("newt@example.org").pk
    owner = Client()
    answer = owner.post("/accounts/login/code/", {"email": "newt@example.org"})
    told = last_letter("newt@example.org")
    assert told.pk != before
    assert "There is none." in told.text
    other = Client().post("/accounts/login/code/", {"email": "nobody@example.org"})
    assert (answer.status_code, answer["Location"]) == (other.status_code, other["Location"])
    assert not User.objects.get().emailaddress_set.get().verified
