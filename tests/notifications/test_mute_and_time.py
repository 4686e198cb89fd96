"""What letters and answers must not give away: who is behind a pseudonym, and whether an address is known."""

import pytest
from django.test import Client

from forum.accounts import evenness
from forum.accounts.models import Author, Mute
from forum.notifications import digests
from forum.threads.models import Comment
from tests.make import make_comment, make_user
from tests.notifications.people import decide, follows, guest, held, member, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["at_once", "daily"])
def pace(request, settings):
    """Both ways in which letters come."""
    settings.UNDO_WINDOW *= 0
    return request.param


@pytest.fixture
def writer(article, pace):
    """An account that Ann, who follows the article, has muted."""
    ann, muted = make_user("ann"), make_user("writer")
    follows(member(ann), on=article, pace=pace)
    Mute.objects.create(owner=ann, author=muted.author)
    return muted


def letters(pace: str) -> int:
    """How many letters wait when the day is over."""
    if pace == "daily":
        digests.write_digests()
    return len(waiting())


def test_muting_keeps_letters_about_words_under_the_own_name_away(article, mod, writer, pace):
    decide(mod, "approve", held(article, author=writer.author, name="writer"))
    assert letters(pace) == 0


def test_muting_an_account_does_not_betray_its_pseudonym_by_a_letter_that_is_missing(
    article, mod, writer, pace
):
    decide(mod, "approve", held(article, author=writer.author, name="Somebody else"))
    assert letters(pace) == 1


def test_a_muted_accounts_confirmed_archived_self_is_muted_too(article, mod, writer, pace):
    comment = held(article, name="Old self")
    old = Author.objects.create(kind="archived", name="Old self", claimed_by=writer)
    Comment.objects.filter(pk=comment.pk).update(author=old)
    decide(mod, "approve", comment)
    assert letters(pace) == 0


def test_somebody_elses_archived_self_is_not_muted(article, mod, writer, pace):
    comment = held(article, name="Old self")
    old = Author.objects.create(kind="archived", name="Old self", claimed_by=make_user("kim"))
    Comment.objects.filter(pk=comment.pk).update(author=old)
    decide(mod, "approve", comment)
    assert letters(pace) == 1


@pytest.mark.parametrize("where", ["follow", "list"])
def test_an_answer_about_a_known_address_takes_as_long_as_one_about_an_unknown_one(
    article, where, monkeypatch, settings
):
    waits: list[float] = []
    monkeypatch.setattr(evenness.time, "sleep", waits.append)
    settings.EVEN_ANSWERS = 60
    follows(guest("Vera"), on=article)
    path = f"{article.path}follow/" if where == "follow" else "/following/"
    for email in ("vera@guest.example", "nobody@guest.example"):
        values = {"scope": "article", "pace": "at_once", "email": email}
        assert Client().post(path, values).status_code == 303
    assert len(waits) == 2
    assert all(wait > 50 for wait in waits)


def test_words_without_an_author_are_told_to_somebody_who_has_muted_another(article, mod, writer, pace):
    make_comment(article, "Nobody's words.")
    decide(mod, "approve", held(article, "Other words."))
    assert letters(pace) == 1
