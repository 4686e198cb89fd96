"""The daily letter: everything new since the last one that everybody may read now, and nothing else."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from forum.accounts.models import Mute
from forum.mail.models import Letter
from forum.notifications import digests
from forum.notifications.models import Subscription
from tests.make import load_comments, make_article, make_comment, make_user
from tests.notifications.people import ARTICLE, REPLIES, THREAD, follows, guest, link_in, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_window(settings):
    settings.SITE_URL, settings.UNDO_WINDOW = "https://afterword.example", timedelta(0)


def text_to(address) -> str:
    """The text of the newest letter to an address."""
    return Letter.objects.filter(to=address.email).latest("pk").text


def test_one_letter_lists_what_is_new_for_every_wish_of_an_address(article):
    vera, elsewhere = guest(), make_article("On stairs")
    mine = make_comment(article, "My own words.", author=vera.author)
    for scope, on in ((ARTICLE, elsewhere), (THREAD, mine), (REPLIES, None)):
        follows(vera, scope, on, pace="daily")
    make_comment(elsewhere, "Words on stairs.", name="Kim")
    make_comment(article, "An answer.", parent=mine)
    make_comment(article, "Of no interest.")
    assert digests.write_digests() == 1
    text = text_to(vera)
    assert "Words on stairs." in text
    assert text.count("An answer.") == 1
    assert "Kim under “On stairs”:" in text
    assert "Of no interest." not in text
    assert "My own words." not in text


def test_a_second_call_tells_only_what_is_new_since(article):
    vera = guest()
    follows(vera, on=article, pace="daily")
    make_comment(article, "The first day.")
    assert (digests.write_digests(), digests.write_digests()) == (1, 0)
    make_comment(article, "The second day.")
    assert digests.write_digests() == 1
    assert "The first day." not in text_to(vera)
    assert Letter.objects.count() == 2


@pytest.mark.parametrize("state", ["held", "rejected", "spam", "removed"])
def test_only_what_is_public_at_that_moment_is_listed(article, state):
    follows(guest(), on=article, pace="daily")
    make_comment(article, "A canary.", state=state)
    assert digests.write_digests() == 0


def test_what_was_there_before_and_what_is_archived_is_not_new(article):
    make_comment(article, "Older than the wish.")
    follows(guest(), on=article, pace="daily")
    load_comments(article, [None])
    assert digests.write_digests() == 0


def test_a_hidden_article_is_not_told_of(article):
    follows(guest(), on=article, pace="daily")
    make_comment(article)
    article.state = article.State.HIDDEN
    article.save()
    assert digests.write_digests() == 0


def test_muted_authors_wishes_at_once_and_unconfirmed_ones_are_left_out(article):
    ann, writer = make_user("ann"), guest("Writer")
    follows(member(ann), on=article, pace="daily")
    Mute.objects.create(owner=ann, author=writer.author)
    follows(guest("Now"), on=article)
    follows(guest("Waits"), on=article, pace="daily", confirmed_at=None, told_at=None)
    make_comment(article, author=writer.author, name="Writer")
    assert digests.write_digests() == 0


def test_what_is_in_its_undo_window_waits_for_the_next_day(article, settings):
    settings.UNDO_WINDOW = timedelta(minutes=5)
    early = timezone.now() - timedelta(hours=1)
    follows(guest(), on=article, pace="daily", told_at=early)
    make_comment(article)
    assert digests.write_digests() == 0
    settings.UNDO_WINDOW = timedelta(0)
    assert digests.write_digests() == 1


def test_a_long_day_is_cut_and_counted(article, monkeypatch):
    monkeypatch.setattr(digests, "LISTED", 2)
    vera = guest()
    follows(vera, on=article, pace="daily")
    for n in range(5):
        make_comment(article, f"Number {n}.")
    digests.write_digests()
    assert "… and 3 more." in text_to(vera)
    assert Letter.objects.get().subject == "New comments: 5"


def test_its_link_ends_everything_daily_of_that_address(article):
    vera = guest()
    follows(vera, on=article, pace="daily")
    follows(vera, REPLIES, pace="daily")
    now = follows(vera, ARTICLE, make_article())
    follows(guest("Kim"), on=article, pace="daily")
    make_comment(article)
    digests.write_digests()
    letter = Letter.objects.get(to=vera.email)
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    Client().post(link_in(letter, "/following/end/"))
    assert list(Subscription.objects.active().filter(address=vera)) == [now]
    assert Subscription.objects.active().count() == 2


def test_the_command_says_how_many_and_statements_do_not_grow(article, capsys, django_assert_num_queries):
    for count in (1, 20):
        for n in range(count):
            follows(guest(f"Fan{Subscription.objects.count()}-{n}"), on=article, pace="daily")
        make_comment(article)
        with django_assert_num_queries(10):
            call_command("send_digests")
    assert capsys.readouterr().out == "1 daily letters written.\n21 daily letters written.\n"


def test_an_address_that_has_vanished_is_not_written_to(article):
    vera = guest()
    follows(vera, on=article, pace="daily", confirmed_at=timezone.now() - timedelta(days=2))
    make_comment(article)
    digests.write_digests()
    letter = Letter.objects.filter(to=vera.email)
    letter.update(dead_at=timezone.now(), why="refused")
    make_comment(article)
    assert digests.write_digests() == 0
    assert not Subscription.objects.active().exists()
