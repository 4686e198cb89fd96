"""Who a request comes from: the peer, or what our own proxies saw; and what pages are called in full."""

import pytest

from forum.web.address import browser_name, client_address, full_address


@pytest.mark.parametrize(
    ("peer", "seen"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_without_proxies_the_peer_is_the_client_whatever_is_forwarded(rf, peer, seen):
    request = rf.get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": "198.51.100.7, 198.51.100.8"})
    assert client_address(request) == seen


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.1"),
        (1, "nonsense", ""),
        (1, None, "10.0.0.1"),
    ],
)
def test_so_many_proxies_of_our_own_are_believed_and_no_more(rf, settings, proxies, forwarded, seen):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers=headers)
    assert client_address(request) == seen


def test_a_full_address_stands_on_the_site_and_else_on_the_request(rf, settings):
    request = rf.get("/elsewhere/")
    assert full_address("/a/") == "/a/"
    assert full_address("/a/", request) == "http://testserver/a/"
    settings.SITE_URL = "https://forum.example.org"
    assert full_address("/a/", request) == full_address("/a/") == "https://forum.example.org/a/"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox on Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("curl/8.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_has_a_name_that_people_know(agent, name):
    assert browser_name(agent) == name
