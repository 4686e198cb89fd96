"""Signing in: by password and by code, guessed at, and locked out by nobody."""

import pytest
from django.test import Client, RequestFactory

from forum.accounts import throttle
from tests.accounts.browser import is_in, last_letter, shape, sign_in
from tests.make import make_user

pytestmark = pytest.mark.django_db
HOME = "192.0.2.1"


@pytest.fixture
def cara(db):
    """Somebody with an account."""
    return make_user("cara")


@pytest.mark.parametrize("login", ["cara", "Cara", "cara@example.org", "CARA@example.org", " cara "])
def test_people_sign_in_by_user_name_or_address(client, cara, login):
    assert sign_in(client, login).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize("login", ["cara", "cara@example.org", "nobody", "nobody@example.org", "", "x" * 500])
def test_a_wrong_password_lets_nobody_in(client, cara, login):
    assert sign_in(client, login, "wrong").status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("junk", ["\0", "a\0b", "\ud800".encode("utf-8", "replace").decode(), "%s", "'; --"])
def test_nonsense_is_answered_without_a_fault(client, cara, junk):
    assert sign_in(client, junk, junk).status_code == 200
    assert client.post("/accounts/login/code/", {"email": junk}).status_code == 200
    assert client.post("/accounts/password/reset/", {"email": junk}).status_code == 200


def test_people_sign_in_by_a_code_that_is_mailed(client, cara):
    client.post("/accounts/login/code/", {"email": "cara@example.org"})
    code = last_letter("cara@example.org").text.split("\n\n")[1].strip()
    assert not is_in(client)
    assert client.post("/accounts/login/code/confirm/", {"code": code}).status_code == 302
    assert is_in(client)


def test_a_code_is_good_for_three_tries_only(client, cara):
    client.post("/accounts/login/code/", {"email": "cara@example.org"})
    code = last_letter("cara@example.org").text.split("\n\n")[1].strip()
    for _n in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "BBBBBB"})
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert not is_in(client)


def test_somebody_switched_off_does_not_get_in(client, cara):
    cara.is_active = False
    cara.save()
    assert sign_in(client, "cara")["Location"] == "/accounts/inactive/"
    assert not is_in(client)


# --- Figure A1 ---------------------------------------------------------------------------------------
ATTACKS = {
    "one address": (lambda n: {"REMOTE_ADDR": "203.0.113.9"}, 5),
    "fifty addresses": (lambda n: {"REMOTE_ADDR": f"203.0.113.{n % 50}"}, 5),
    "one network of IPv6": (lambda n: {"REMOTE_ADDR": f"2001:db8::{n:x}"}, 5),
    "IPv4 dressed as IPv6": (lambda n: {"REMOTE_ADDR": f"::ffff:203.0.113.{n % 50}"}, 5),
    "forged proxies": (
        lambda n: {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": f"198.51.100.{n % 250}"},
        5,
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_figure_a1_at_most_five_guesses_in_five_minutes_reach_an_account(cara, clock, looks, attack):
    extra, most = ATTACKS[attack]
    names = ["cara", "CARA", "cara@example.org", "Cara@Example.org", " cara"]
    for n in range(120):
        sign_in(Client(), names[n % len(names)], f"guess-{n}", **extra(n))
    assert looks.real <= most


def test_figure_a1_control_without_the_throttle_every_guess_reaches_the_hasher(cara, looks, monkeypatch):
    monkeypatch.setattr(throttle, "guess", lambda *given: throttle.Guess())
    for n in range(30):
        sign_in(Client(), "cara", f"guess-{n}")
    assert looks.real == 30


def test_figure_a1_ten_thousand_guesses_get_five_places_an_account_and_ten_a_network(cara, clock):
    factory, passed = RequestFactory(), 0
    for n in range(10_000):
        request = factory.post(
            "/", REMOTE_ADDR=f"203.0.113.{n % 50}", HTTP_X_FORWARDED_FOR=f"10.0.0.{n % 250}"
        )
        try:
            passed += throttle.guess(request, f"typed-{n}", cara).counts
        except throttle.TooManyGuessesError:
            continue
    assert passed == 5


def test_figure_a1_one_network_tries_ten_accounts_a_minute_at_most(clock, looks):
    for n in range(40):
        make_user(f"person{n}")
    looks.real = 0
    for n in range(40):
        sign_in(Client(), f"person{n}", "guess", REMOTE_ADDR=f"2001:db8:1:1::{n:x}")
    assert looks.real == 10
    clock.now += 61
    sign_in(Client(), "person39", "guess", REMOTE_ADDR="2001:db8:1:1::77")
    assert looks.real == 11


@pytest.mark.parametrize("attacker", ["203.0.113.9", HOME], ids=["elsewhere", "in the same network"])
def test_figure_a1_nobody_locks_an_owner_out_of_a_device_they_know(cara, clock, attacker):
    owner = Client(REMOTE_ADDR=HOME)
    sign_in(owner, "cara")
    owner.post("/accounts/logout/")
    for n in range(60):
        sign_in(Client(), "cara", f"guess-{n}", REMOTE_ADDR=attacker)
    assert not is_in(owner)
    sign_in(owner, "cara")
    assert is_in(owner)


def test_figure_a1_control_an_unknown_device_waits_five_minutes(cara, clock):
    for n in range(60):
        sign_in(Client(), "cara", f"guess-{n}", REMOTE_ADDR="203.0.113.9")
    unknown = Client(REMOTE_ADDR=HOME)
    sign_in(unknown, "cara")
    assert not is_in(unknown)
    clock.now += 301
    sign_in(unknown, "cara")
    assert is_in(unknown)


def test_figure_a1_a_known_device_of_another_account_opens_no_more_guesses(cara, clock, looks):
    make_user("mallory")
    guesser = Client(REMOTE_ADDR=HOME)
    sign_in(guesser, "mallory")
    guesser.post("/accounts/logout/")
    looks.real = 0
    for n in range(60):
        sign_in(guesser, "cara", f"guess-{n}")
    assert looks.real == 5


def test_figure_a1_a_known_device_has_five_guesses_as_well(cara, clock, looks):
    owner = Client(REMOTE_ADDR=HOME)
    sign_in(owner, "cara")
    owner.post("/accounts/logout/")
    looks.real = 0
    for n in range(60):
        sign_in(owner, "cara", f"guess-{n}")
    assert looks.real == 5


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "é", "W1tdXQ:1xVE98:x", "." * 5000])
def test_a_forged_device_cookie_is_no_device(cara, clock, value):
    request = RequestFactory().post("/")
    request.COOKIES[throttle.COOKIE] = value
    for _n in range(5):
        throttle.guess(request, "cara", cara)
    with pytest.raises(throttle.TooManyGuessesError):
        throttle.guess(request, "cara", cara)


# --- Figure A2 ---------------------------------------------------------------------------------------
def test_figure_a2_a_wrong_password_is_answered_alike_for_known_and_unknown(cara, clock):
    for known, unknown in (("cara@example.org", "zara@example.org"), ("cara", "zara")):
        seen = [shape(sign_in(Client(), login, "wrong")) for login in (known, unknown)]
        assert seen[0][:3] == seen[1][:3]
        assert seen[0][3].replace(known, "*") == seen[1][3].replace(unknown, "*")


def test_figure_a2_the_limit_is_answered_alike_for_known_and_unknown(cara, clock):
    seen = {}
    for login in ("cara@example.org", "zara@example.org"):
        client = Client(REMOTE_ADDR=f"203.0.113.{len(seen)}")
        pages = [shape(sign_in(client, login, "wrong")) for _n in range(9)]
        seen[login] = [(p[0], p[3].replace(login, "*")) for p in pages]
    assert seen["cara@example.org"] == seen["zara@example.org"]


def test_figure_a2_a_name_does_not_betray_its_address(cara, clock):
    for n in range(5):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), "cara", "wrong")
    seen = [
        shape(sign_in(Client(), a, "wrong"))[3].replace(a, "*") for a in ("cara@example.org", "z@z.example")
    ]
    assert seen[0] == seen[1]


@pytest.mark.parametrize("login", ["cara", "cara@example.org", "zara", "zara@example.org"])
def test_figure_a2_every_try_is_hashed_once(cara, clock, looks, login):
    sign_in(Client(), login, "wrong")
    assert looks.real + looks.pretended == 1


def test_figure_a2_a_code_is_asked_for_alike_for_known_and_unknown(cara, clock):
    seen = []
    for address in ("cara@example.org", "zara@example.org"):
        client = Client()
        sent = client.post("/accounts/login/code/", {"email": address})
        asked = shape(client.get("/accounts/login/code/confirm/"))
        wrong = shape(client.post("/accounts/login/code/confirm/", {"code": "BBBBBB"}))
        pages = [(status, page.replace(address, "*")) for status, _l, _c, page in (asked, wrong)]
        seen.append((sent.status_code, sent["Location"], pages))
    assert seen[0] == seen[1]
