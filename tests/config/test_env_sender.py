"""The address that letters come from."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def test_unset_it_is_of_the_sites_own_host(monkeypatch):
    monkeypatch.delenv("EMAIL_FROM", raising=False)
    assert env.sender("EMAIL_FROM", site="https://forum.example.org") == "noreply@forum.example.org"
    assert env.sender("EMAIL_FROM", site="") == "noreply@localhost"


@pytest.mark.parametrize(
    "raw", ["nonsense", "a@b@c.example", "A <a@b.example>", "a@b.example\nBcc: c@d.example"]
)
def test_nonsense_is_refused_in_one_sentence(monkeypatch, raw):
    monkeypatch.setenv("EMAIL_FROM", raw)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_FROM must be one e-mail address"):
        env.sender("EMAIL_FROM", site="")


def test_a_given_one_is_taken(monkeypatch):
    monkeypatch.setenv("EMAIL_FROM", "letters@forum.example.org")
    assert env.sender("EMAIL_FROM", site="") == "letters@forum.example.org"


def test_a_site_without_an_address_is_at_its_first_named_host():
    assert (
        env.site_of(["*", "localhost", "127.0.0.1", "forum.example.org", "b.example"])
        == "https://forum.example.org"
    )
    assert env.site_of(["localhost", ".example.org", "[::1]"]) == ""
