"""Whether a POST comes from our own pages: `Origin`, `Sec-Fetch-Site`, and the token beside a session."""

import pytest
from django.conf import settings as current
from django.http import HttpRequest
from django.middleware.csrf import _get_new_csrf_string, _mask_cipher_secret
from django.test import RequestFactory

from forum.web.origin import is_foreign, token_is_missing


def post(*, secure: bool = False, host: str = "testserver", **headers: str) -> HttpRequest:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return RequestFactory(headers={"Host": host} | given).post("/2011/06/14/post/reply/", secure=secure)


def test_own_origin_is_at_home():
    assert not is_foreign(post(Origin="http://testserver"))
    assert not is_foreign(post(Origin="https://testserver", secure=True))
    assert not is_foreign(post(Origin="http://testserver:8000", host="testserver:8000"))


@pytest.mark.parametrize(
    "origin",
    [
        *(
            "https://evil.example",
            "null",
            "",
            "testserver",
            "http://testserver.evil.example",
            "http://eviltestserver",
        ),
        *(
            "https://testserver",
            "http://testserver:8000",
            "http://testserver/",
            "http://testserver@evil.example",
        ),
        *("http://sub.testserver", "http://testserver, http://evil.example", "file://", "http://"),
    ],
)
def test_every_other_origin_is_foreign(origin):
    assert is_foreign(post(Origin=origin))


def test_insecure_origin_of_a_secure_request_is_foreign():
    assert is_foreign(post(Origin="http://testserver", secure=True))


@pytest.mark.parametrize("site_url", ["https://forum.example", "https://forum.example/"])
def test_site_url_is_at_home_behind_a_server_that_changes_host_and_scheme(settings, site_url):
    settings.SITE_URL = site_url
    assert not is_foreign(post(Origin="https://forum.example"))
    assert not is_foreign(post(Origin="http://testserver"))
    for origin in ("http://forum.example", "https://forum.example:8443", "https://evil.example", "null"):
        assert is_foreign(post(Origin=origin))


def test_site_url_unset_allows_no_empty_origin(settings):
    settings.SITE_URL = ""
    assert is_foreign(post(Origin="://"))
    assert is_foreign(post(Origin=""))


@pytest.mark.parametrize("value", ["same-origin", "none"])
def test_fetch_site_of_ours_is_at_home(value):
    assert not is_foreign(post(Sec_Fetch_Site=value))


@pytest.mark.parametrize("value", ["cross-site", "same-site", "", "Same-Origin ", "nonsense"])
def test_every_other_fetch_site_is_foreign(value):
    assert is_foreign(post(Sec_Fetch_Site=value))


def test_client_that_sends_neither_is_no_browser():
    assert not is_foreign(post())


def test_origin_is_believed_before_fetch_site():
    assert is_foreign(post(Origin="https://evil.example", Sec_Fetch_Site="same-origin"))
    assert is_foreign(post(Origin="null", Sec_Fetch_Site="none"))


def test_referer_plays_no_part():
    assert not is_foreign(post(Referer="https://evil.example/"))
    assert is_foreign(post(Origin="null", Referer="http://testserver/"))


def with_session(**data: str) -> HttpRequest:
    request = RequestFactory().post("/2011/06/14/post/reply/", data)
    request.COOKIES[current.SESSION_COOKIE_NAME] = "somebody"
    return request


def test_without_a_session_no_token_is_needed():
    assert not token_is_missing(RequestFactory().post("/2011/06/14/post/reply/"))


def test_beside_a_session_a_token_is_needed():
    assert token_is_missing(with_session())


def test_beside_a_session_the_right_token_is_enough():
    secret = _get_new_csrf_string()
    request = with_session(csrfmiddlewaretoken=_mask_cipher_secret(secret))
    request.COOKIES[current.CSRF_COOKIE_NAME] = secret
    assert not token_is_missing(request)


@pytest.mark.parametrize("token", ["", "wrong", "x" * 64, "ü"])
def test_beside_a_session_a_wrong_token_is_none(token):
    request = with_session(csrfmiddlewaretoken=token)
    request.COOKIES[current.CSRF_COOKIE_NAME] = _get_new_csrf_string()
    assert token_is_missing(request)
