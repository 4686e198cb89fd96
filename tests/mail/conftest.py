"""A post office that is open, a clock, and letters."""

import pytest

from forum.mail import sender
from forum.mail.models import Letter
from forum.mail.writing import write
from tests.mail.post_office import Clock, PostOffice


@pytest.fixture
def post(settings, monkeypatch):
    """A mail server, and a site that sends through it and has little patience."""
    monkeypatch.setattr(sender, "ANSWER", 0.3)
    office = PostOffice()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    office.open()
    yield office
    office.shut()


@pytest.fixture
def letters(db) -> list[Letter]:
    """Nine letters to three people, in turns."""
    people = [f"{name}@mail.example" for name in ("ann", "ben", "cleo")]
    return [write(f"k{n}", people[n % 3], f"Letter {n}", f"This is number {n}.") for n in range(9)]


@pytest.fixture
def clock(letters) -> Clock:
    """A clock that is a second ahead of the letters."""
    return Clock()
