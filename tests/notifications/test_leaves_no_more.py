"""Letters that nobody may or wants to read any more stay here: hidden posts, dead letters, ended wishes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from forum.mail import writing as mail
from forum.mail.models import Letter
from forum.notifications import digests, notices, subscriptions
from forum.notifications.models import Subscription
from tests.make import make_article, make_comment, make_user
from tests.notifications.people import (
    ARTICLE,
    REPLIES,
    decide,
    follows,
    guest,
    held,
    link_in,
    member,
    waiting,
)

pytestmark = pytest.mark.django_db
CANARY = "canary-in-the-words"


def given_up() -> None:
    """Every letter has been tried too often."""
    Letter.objects.update(dead_at=timezone.now(), why="tries")


def leaving() -> list[Letter]:
    """What waits after an admin has had everything tried again."""
    mail.try_again(list(Letter.objects.values_list("pk", flat=True)))
    return waiting()


def set_state(boss, article, state: str) -> None:
    """Save a post's form in Django's admin."""
    values = {"state": state, "mode": article.mode or "", "notice": "", "closed_at_0": "", "closed_at_1": ""}
    answer = boss.post(f"/admin/forum/article/{article.pk}/change/", values)
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.parametrize("state", ["hidden", "draft"])
def test_hiding_an_article_in_the_admin_takes_its_letters_back(article, mod, boss, state):
    follows(guest("Fan"), on=article)
    follows(guest("Other"), on=(other := make_article()))
    decide(mod, "approve", held(article, CANARY))
    decide(mod, "approve", held(other, "Elsewhere."))
    set_state(boss, article, state)
    article.refresh_from_db()
    assert article.state == state
    assert [letter.to for letter in waiting()] == ["other@guest.example"]


def test_saving_a_published_article_in_the_admin_takes_no_letter_back(article, mod, boss):
    follows(guest("Fan"), on=article)
    decide(mod, "approve", held(article, CANARY))
    set_state(boss, article, "published")
    assert len(waiting()) == 1


@pytest.mark.parametrize("act", ["remove", "hide"])
def test_a_dead_letter_about_what_is_gone_cannot_be_tried_again(article, mod, act):
    follows(guest("Fan"), on=article)
    comment = held(article, CANARY)
    decide(mod, "approve", comment)
    given_up()
    if act == "remove":
        decide(mod, "remove", comment)
    else:
        notices.article_taken_back(article.pk)
    assert leaving() == []


def test_a_dead_letter_that_quotes_what_is_removed_cannot_be_tried_again(article, mod):
    root = make_comment(article, CANARY)
    follows(guest("Fan"), on=article)
    decide(mod, "approve", held(article, "An answer.", parent=root))
    assert CANARY in waiting()[0].text
    given_up()
    decide(mod, "remove", root)
    assert not any(CANARY in letter.text for letter in leaving())


def test_a_dead_digest_that_lists_what_is_removed_cannot_be_tried_again(article, mod, settings):
    settings.UNDO_WINDOW *= 0
    follows(guest("Daily"), on=article, pace="daily")
    comment = make_comment(article, CANARY)
    assert digests.write_digests() == 1
    given_up()
    decide(mod, "remove", comment)
    assert leaving() == []
    assert digests.write_digests() == 0


def test_a_dead_letter_to_somebody_who_has_ended_it_cannot_be_tried_again(article, mod):
    wish = follows(guest("Fan"), on=article)
    decide(mod, "approve", held(article))
    given_up()
    subscriptions.end([wish])
    assert leaving() == []


def test_ending_one_of_two_wishes_takes_back_the_letters_of_that_one_alone(article, mod):
    vera, other = guest("Vera"), make_article()
    follows(vera, on=article)
    follows(vera, on=other)
    decide(mod, "approve", held(article, CANARY))
    page = link_in(waiting()[0], "/following/end/")
    decide(mod, "approve", held(other, "Elsewhere."))
    Client().post(page)
    assert ["Elsewhere." in letter.text for letter in waiting()] == [True]


def test_ending_a_wish_keeps_a_letter_that_another_wish_asks_for(article, mod):
    vera = guest("Vera")
    root = make_comment(article, "My root.", author=vera.author)
    wish = follows(vera, ARTICLE, article)
    follows(vera, REPLIES)
    decide(mod, "approve", held(article, "An answer.", parent=root))
    decide(mod, "approve", held(article, CANARY))
    subscriptions.end([wish])
    assert ["An answer." in letter.text for letter in waiting()] == [True]


def test_ending_what_comes_at_once_takes_back_what_the_next_digest_tells(article, mod, settings):
    settings.UNDO_WINDOW *= 0
    vera = guest("Vera")
    root = make_comment(article, "My root.", author=vera.author)
    wish = follows(vera, ARTICLE, article)
    follows(vera, REPLIES, pace="daily")
    decide(mod, "approve", held(article, "An answer.", parent=root))
    subscriptions.end([wish])
    assert waiting() == []
    assert digests.write_digests() == 1
    assert "An answer." in waiting()[0].text


def test_ending_everything_daily_takes_the_digest_back_though_others_stay(article, settings):
    settings.UNDO_WINDOW *= 0
    vera = guest("Vera")
    daily = follows(vera, on=article, pace="daily")
    follows(vera, REPLIES)
    make_comment(article, CANARY)
    digests.write_digests()
    subscriptions.end([daily])
    assert waiting() == []


def test_silencing_an_account_takes_back_letters_to_its_proved_addresses_alone(article, mod):
    ann, kim = make_user("ann"), guest("Kim")
    mine = member(ann)
    follows(mine, on=article)
    follows(kim, on=article)
    mine.author.addresses.create(email="kim@guest.example")
    decide(mod, "approve", held(article))
    mail.write("code", mine.email, "A code", "It is 1.")
    assert subscriptions.silence(ann) == 1
    assert sorted(letter.to for letter in waiting()) == ["ann@example.org", "kim@guest.example"]
    assert Letter.objects.get(key="code").cancelled_at is None


def test_a_new_pace_tells_nothing_again(article, mod, settings):
    settings.UNDO_WINDOW *= 0
    vera = guest("Vera")
    old = timezone.now() - timedelta(days=9)
    follows(vera, on=article, told_at=old, confirmed_at=old)
    decide(mod, "approve", held(article, CANARY))
    subscriptions.follow(vera, subscriptions.Wish(ARTICLE, "daily", article))
    assert digests.write_digests() == 0
    make_comment(article, "New words.")
    assert digests.write_digests() == 1
    assert CANARY not in Letter.objects.latest("pk").text


def test_following_anew_what_had_ended_tells_nothing_of_the_time_between(article, settings):
    settings.UNDO_WINDOW *= 0
    vera = guest("Vera")
    old = timezone.now() - timedelta(days=9)
    follows(vera, on=article, told_at=old, confirmed_at=old, ended_at=old, pace="daily")
    make_comment(article, CANARY)
    subscriptions.follow(vera, subscriptions.Wish(ARTICLE, "daily", article))
    assert digests.write_digests() == 0


def test_an_account_that_is_switched_on_again_hears_nothing_of_the_days_between(article, settings):
    settings.UNDO_WINDOW *= 0
    ann = make_user("ann")
    follows(member(ann), on=article, pace="daily")
    ann.is_active = False
    ann.save()
    make_comment(article, CANARY)
    assert digests.write_digests() == 0
    ann.is_active = True
    ann.save()
    assert digests.write_digests() == 0


def ask_daily(article, email: str) -> str:
    """Ask for a daily letter as a guest; the path that the letter holds."""
    values = {"scope": "article", "pace": "daily", "email": email}
    assert Client().post(f"{article.path}follow/", values).status_code == 303
    return link_in(Letter.objects.latest("pk"), "/following/confirm/")


def test_a_guest_who_asks_for_another_pace_confirms_it_by_letter(article):
    vera = guest("Vera")
    follows(vera, on=article)
    page = ask_daily(article, vera.email)
    assert Subscription.objects.get().pace == "at_once"
    assert "once a day" in Letter.objects.get().text
    assert "once a day" in Client().get(page).content.decode()
    assert Subscription.objects.get().pace == "at_once"
    assert Client().post(page).status_code == 200
    assert (Subscription.objects.get().pace, Subscription.objects.get().is_active) == ("daily", True)
    assert Client().post(page).status_code == 410


def test_a_link_to_another_pace_begins_nothing_that_has_ended(article):
    wish = follows(guest("Vera"), on=article)
    page = ask_daily(article, "vera@guest.example")
    subscriptions.end([wish])
    assert Client().post(page).status_code == 410
    assert not Subscription.objects.get().is_active


def test_a_guest_can_change_the_pace_there_and_back_and_there_again(article):
    follows(guest("Vera"), on=article)
    vera = Subscription.objects.get().address
    Client().post(ask_daily(article, vera.email))
    subscriptions.follow(vera, subscriptions.Wish(ARTICLE, "at_once", article))
    assert Client().post(ask_daily(article, vera.email)).status_code == 200
    assert Subscription.objects.get().pace == "daily"
