"""The service outside that may be asked about spam."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def test_unset_nobody_is_asked(monkeypatch, settings):
    monkeypatch.delenv("SPAM_SERVICE", raising=False)
    assert env.service("SPAM_SERVICE") == ""
    assert settings.SPAM_SERVICE == ""


@pytest.mark.parametrize("raw", ["yes", "ftp://spam.example.org/", "https://", "file:///etc/passwd"])
def test_nonsense_is_refused_in_one_sentence(monkeypatch, raw):
    monkeypatch.setenv("SPAM_SERVICE", raw)
    with pytest.raises(ImproperlyConfigured, match="SPAM_SERVICE must look like https://"):
        env.service("SPAM_SERVICE")


def test_an_address_is_taken(monkeypatch):
    monkeypatch.setenv("SPAM_SERVICE", "https://spam.example.org/judge")
    assert env.service("SPAM_SERVICE") == "https://spam.example.org/judge"
