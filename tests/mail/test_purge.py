"""What is over loses its words, and addresses that strangers may have typed go."""

import datetime

import pytest
from django.utils import timezone

from forum.mail import writing
from forum.mail.models import Letter

pytestmark = pytest.mark.django_db
WHO = "ann@mail.example"


def write(key: str) -> Letter:
    """Some letter."""
    return writing.write(key, WHO, "A link", "Follow this.", about="address")


def ago(days: int) -> datetime.datetime:
    """A moment so many days and a second ago."""
    return timezone.now() - datetime.timedelta(days=days, seconds=1)


def test_dead_letters_lose_their_words_after_thirty_days_and_not_before():
    old, newer = write("a"), write("b")
    Letter.objects.filter(pk=old.pk).update(dead_at=ago(30), why="tries")
    Letter.objects.filter(pk=newer.pk).update(dead_at=ago(29), why="tries")
    assert (writing.purge(), writing.purge()) == (1, 0)
    assert dict(Letter.objects.values_list("key", "text")) == {"a": "", "b": "Follow this.\n"}
    assert Letter.objects.get(key="a").state == Letter.State.DEAD
    assert writing.try_again([old.pk, newer.pk]) == 1


def test_addresses_that_strangers_typed_go_with_the_words_and_the_key_stays():
    asked, other, new = write("asked:abc:2026-01-01:0"), write("code"), write("asked:abc:2026-01-09:0")
    Letter.objects.filter(pk__in=[asked.pk, other.pk]).update(sent_at=ago(7))
    Letter.objects.filter(pk=new.pk).update(sent_at=ago(6))
    writing.purge()
    asked.refresh_from_db()
    assert (asked.key, asked.order_key, asked.text) == ("asked:abc:2026-01-01:0", "", "")
    assert list(Letter.objects.filter(to=WHO).order_by("pk")) == [other, new]
    assert write("asked:abc:2026-01-01:0") == asked
    assert writing.purge() == 0


def test_an_undeliverable_letter_to_a_typed_address_loses_the_address_after_thirty_days():
    write("asked:abc:2026-01-01:0")
    Letter.objects.update(dead_at=ago(30), why="refused")
    writing.purge()
    assert WHO not in str(list(Letter.objects.values()))
