"""Letters are written once, with what they tell of, and taken back with it."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.mail import writing
from forum.mail.headers import LetterError
from forum.mail.models import Letter

pytestmark = pytest.mark.django_db


def write(key: str = "k", to: str = "ann@mail.example", **more: object) -> Letter:
    """Some letter."""
    return writing.write(key, to, "An answer for you", "Ben has answered.", **more)


def test_same_key_twice_is_one_letter():
    first = write()
    assert write() == first
    assert (Letter.objects.count(), first.state) == (1, Letter.State.WAITING)
    assert first.text == "Ben has answered.\n"


def test_letter_goes_with_the_transaction_of_what_it_tells_of():
    def comment_and_letter():
        with transaction.atomic():
            write()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        comment_and_letter()
    assert not Letter.objects.exists()


def test_writing_is_a_look_and_an_insert_and_sends_nothing(django_assert_max_num_queries, mailoutbox):
    with django_assert_max_num_queries(4) as statements:
        write()
    touched = [one["sql"] for one in statements if "SAVEPOINT" not in one["sql"]]
    assert [sql.split()[0] for sql in touched] == ["SELECT", "INSERT"]
    assert mailoutbox == []


def test_cancel_takes_back_what_is_unsent_about_one_thing():
    about, other, sent = (
        write("a", about="comment 1"),
        write("b", about="comment 2"),
        write("c", about="comment 1"),
    )
    Letter.objects.filter(pk=sent.pk).update(sent_at=timezone.now())
    assert writing.cancel("comment 1") == 1
    assert writing.cancel("comment 1") == 0
    assert [Letter.objects.get(pk=one.pk).state for one in (about, other, sent)] == [
        Letter.State.CANCELLED,
        Letter.State.WAITING,
        Letter.State.SENT,
    ]


def test_cancelling_nothing_in_particular_cancels_nothing():
    write()
    assert writing.cancel("") == 0


def test_cancelled_letter_is_not_tried_again():
    letter = write(about="comment 1")
    now = timezone.now()
    Letter.objects.update(dead_at=now, why=Letter.Why.TRIES, tries=23)
    assert writing.cancel("comment 1") == 1
    assert writing.try_again([letter.pk]) == 0
    assert list(Letter.objects.leasable(now + datetime.timedelta(days=1))) == []


def test_dead_letter_gets_a_fresh_start_at_the_end_of_its_line():
    dead, waiting = write("a"), write("b")
    Letter.objects.filter(pk=dead.pk).update(dead_at=timezone.now(), why=Letter.Why.TRIES, tries=23)
    assert writing.try_again([dead.pk, waiting.pk]) == 1
    assert list(Letter.objects.waiting()) == [waiting, dead]
    dead.refresh_from_db()
    assert (dead.tries, dead.why, dead.dead_at) == (0, "", None)


def test_bounce_is_noted_once_and_tells_whose_address_is_gone():
    letter, begun = write(), timezone.now()
    assert writing.bounced(letter.message_id, "unsent letters cannot come back") is None
    Letter.objects.update(sent_at=begun)
    assert writing.bounced(letter.message_id, "550 5.1.1\nNobody") == letter
    assert writing.bounced(letter.message_id, "again") is None
    assert writing.bounced("<nobody@knows.example>", "") is None
    found = Letter.objects.vanished_since(begun).get()
    assert (found.to, found.error, found.why) == ("ann@mail.example", "550 5.1.1 Nobody", "returned")
    assert writing.try_again([letter.pk]) == 0


def test_letters_that_are_over_lose_their_words_after_a_week():
    old, cancelled, new, waiting = (write(key, headers={"List-Id": "<a.example>"}) for key in "abcd")
    week = timezone.now() - datetime.timedelta(days=7, seconds=1)
    Letter.objects.filter(pk=old.pk).update(sent_at=week)
    Letter.objects.filter(pk=cancelled.pk).update(cancelled_at=week)
    Letter.objects.filter(pk=new.pk).update(sent_at=timezone.now())
    Letter.objects.filter(pk=waiting.pk).update(written_at=week, not_before=week, due_at=week)
    assert (writing.purge(), writing.purge()) == (2, 0)
    assert [(one.key, bool(one.headers)) for one in Letter.objects.exclude(text="").order_by("pk")] == [
        ("c", True),
        ("d", True),
    ]
    assert Letter.objects.filter(text="", headers={}).count() == 2
    assert write("a") == old


@pytest.mark.parametrize(
    "given",
    [
        {"key": ""},
        {"key": "k" * 201},
        {"about": "a" * 101},
        {"headers": {"Bcc": "eve@mail.example"}},
        {"headers": {"List-Id": "<a>\nBcc: eve@mail.example"}},
        {"headers": {"List-Id": "x" * 901}},
        {"headers": {"list-id": "<a>"}},
        {"to": "nobody"},
    ],
)
def test_what_cannot_be_a_letter_is_refused_with_a_sentence(given):
    with pytest.raises(LetterError) as refusal:
        write(**given)
    assert str(refusal.value).endswith(".")
    assert not Letter.objects.exists()


@pytest.mark.parametrize(("subject", "text"), [("", "Words"), ("\u200b\n", "Words"), ("Words", " \x00\n")])
def test_letter_without_words_is_refused(subject, text):
    with pytest.raises(LetterError, match="subject and a text"):
        writing.write("k", "ann@mail.example", subject, text)


@pytest.mark.parametrize(
    "values",
    [
        {"lease": "x"},
        {"dead_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},
        {"why": "tries"},
        {"text": ""},
        {"to": ""},
    ],
)
def test_database_refuses_rows_that_make_no_sense(values):
    write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(**values)


def test_upper_and_lower_case_of_an_address_are_one_line():
    write("a", to="Ann@Mail.Example")
    write("b", to="ann@mail.example")
    assert set(Letter.objects.values_list("to", "order_key")) == {
        ("Ann@mail.example", "ann@mail.example"),
        ("ann@mail.example", "ann@mail.example"),
    }
    assert Letter.objects.leasable(timezone.now()).count() == 1
