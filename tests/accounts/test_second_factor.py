"""Figure A3: staff without a second factor reach nothing of the staff's; codes are good once."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from forum.accounts.models import Role
from forum.accounts.viewer import Viewer
from tests.accounts.browser import add_app, code_of, is_in, sign_in
from tests.make import make_user

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/second-factor/"


@pytest.fixture
def required(settings):
    """The site as deployed: staff need a second factor."""
    settings.REQUIRE_SECOND_FACTOR = True


def staff_addresses() -> list[str]:
    """Every address of the staff with numbers filled in: gated views and Django's admin."""
    found = []

    def walk(resolver, before, in_admin):
        for pattern in resolver.url_patterns:
            route = before + str(pattern.pattern).lstrip("^").rstrip("$")
            if not isinstance(pattern, URLPattern):
                walk(pattern, route, in_admin or pattern.app_name == "admin")
            elif in_admin or hasattr(pattern.callback, "needs"):
                found.append(route)

    walk(get_resolver(), "/", False)
    found = [route.replace("<uuid:batch>", "00000000-0000-0000-0000-000000000000") for route in found]
    filled = [r.replace("<path:object_id>", "1").replace("(?P<url>.*)", "x") for r in found]
    import re

    return sorted({re.sub(r"<\w+:\w+>|<\w+>", "1", r).replace("\\/", "/") for r in filled if "(" not in r})


def test_the_resolver_knows_the_staffs_addresses():
    found = staff_addresses()
    expected = {"/moderation/", "/moderation/decide/", "/admin/", "/admin/import/", "/admin/forum/user/"}
    assert expected | {"/accounts/people/", "/accounts/people/1/role/", "/admin/logout/"} <= set(found)
    assert len(found) > 40


def test_figure_a3_no_staff_address_answers_staff_without_a_second_factor(required, mod, boss):
    for client in (mod, boss):
        for address in staff_addresses():
            for method in ("get", "post", "head"):
                response = getattr(client, method)(address)
                assert response.status_code == 302, (client.user, method, address)
                assert response["Location"] == SET_UP


def test_figure_a3_control_without_the_requirement_the_same_addresses_open(mod, boss):
    opened = [a for a in staff_addresses() if boss.get(a).status_code == 200]
    assert {"/moderation/", "/admin/", "/admin/import/", "/accounts/people/"} <= set(opened)
    assert mod.get("/moderation/").status_code == 200


def test_figure_a3_with_a_second_factor_they_open(required, mod, boss):
    for client in (mod, boss):
        add_app(client.user)
        assert client.get("/moderation/").status_code == 200
    assert boss.get("/admin/").status_code == 200


def test_figure_a3_without_the_middleware_the_walls_still_stand(required, settings, mod, boss):
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if not m.endswith("SecondFactor")]
    assert mod.get("/moderation/").status_code == 404
    assert boss.get("/accounts/people/").status_code == 404
    assert boss.get("/admin/").status_code == 302


def test_staff_without_a_second_factor_read_as_readers_do(required, rf, mod):
    request = rf.get("/")
    request.user = mod.user
    assert Viewer.of(request).rights == frozenset()


def test_recovery_codes_alone_are_no_second_factor(required, mod):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    RecoveryCodes.activate(mod.user)
    assert mod.get("/moderation/")["Location"] == SET_UP


def test_readers_are_asked_for_nothing(required, ben):
    assert ben.get("/").status_code == 200
    assert ben.get("/moderation/").status_code == 404


def test_staff_reach_the_pages_on_which_they_set_it_up(required, mod):
    for path in ("", "second-factor/", "email/", "password/change/", "sessions/", "logout/"):
        assert mod.get(f"/accounts/{path}").status_code == 200


def test_signing_in_asks_for_the_code_and_takes_it(client):
    secret = add_app(make_user("mod", Role.MODERATOR))
    assert sign_in(client, "mod")["Location"].startswith("/accounts/second-factor/authenticate/")
    assert not is_in(client)
    client.post("/accounts/second-factor/authenticate/", {"code": code_of(secret)})
    assert is_in(client)


@pytest.mark.parametrize("way", ["a mailed code", "a password"])
def test_figure_a3_a_used_code_is_refused_a_thousand_times(clock, monkeypatch, way):
    secret = add_app(make_user("mod", Role.MODERATOR))
    monkeypatch.setattr("allauth.mfa.base.forms.check_rate_limit", lambda user, **named: lambda: None)
    code = code_of(secret)
    first = Client()
    sign_in(first, "mod")
    first.post("/accounts/second-factor/authenticate/", {"code": code})
    assert is_in(first)
    again = Client()
    sign_in(again, "mod")
    for n in range(200 if way == "a password" else 1):
        shown = [code, f" {code} ", f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"][n % 4]
        again.post("/accounts/second-factor/authenticate/", {"code": shown})
    assert not is_in(again)


def test_figure_a1_five_codes_are_tried_in_five_minutes(clock):
    secret = add_app(make_user("mod", Role.MODERATOR))
    client = Client()
    sign_in(client, "mod")
    for _n in range(5):
        client.post("/accounts/second-factor/authenticate/", {"code": "000000"})
    client.post("/accounts/second-factor/authenticate/", {"code": code_of(secret)})
    assert not is_in(client)


def test_a_recovery_code_opens_once(client):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = make_user("mod", Role.MODERATOR)
    add_app(user)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for browser, opens in ((Client(), True), (Client(), False)):
        sign_in(browser, "mod")
        browser.post("/accounts/second-factor/authenticate/", {"code": code})
        assert is_in(browser) is opens


def test_the_requirement_follows_debug_and_the_environment(monkeypatch):
    from config import env

    monkeypatch.delenv("REQUIRE_SECOND_FACTOR", raising=False)
    assert env.flag("REQUIRE_SECOND_FACTOR", default=True) is True
    monkeypatch.setenv("REQUIRE_SECOND_FACTOR", "off")
    assert env.flag("REQUIRE_SECOND_FACTOR", default=True) is False
