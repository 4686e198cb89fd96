"""What the tests of accounts share: a still clock for the limits, and counts of looks at passwords."""

from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit

from forum.accounts import backends
from forum.accounts.models import User


@pytest.fixture
def clock(monkeypatch):
    """The clock of the limits, which moves by hand only."""
    still = SimpleNamespace(now=1_000_000.0)
    fake = SimpleNamespace(time=lambda: still.now, monotonic=lambda: still.now, sleep=lambda s: None)
    monkeypatch.setattr(ratelimit, "time", fake)
    return still


@pytest.fixture
def looks(monkeypatch):
    """How often a password was compared with an account's, and how often work was only pretended."""
    counted = SimpleNamespace(real=0, pretended=0)
    real, pretend = User.check_password, backends.OneHash._mitigate_timing_attack

    def check(user, password):
        counted.real += 1
        return real(user, password)

    def mitigate(backend, password):
        counted.pretended += 1
        return pretend(backend, password)

    monkeypatch.setattr(User, "check_password", check)
    monkeypatch.setattr(backends.OneHash, "_mitigate_timing_attack", mitigate)
    return counted
