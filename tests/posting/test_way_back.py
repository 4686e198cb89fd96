"""How authors find back to their words: what is said of letters, browsers, bans and old links."""

import datetime

import pytest
from django.test import Client

from forum.accounts import links
from forum.accounts.models import Address, Author
from forum.accounts.viewer import OWN_COOKIE
from forum.moderation import appeals, bans, decisions, reports
from forum.moderation.decisions import Grounds
from forum.moderation.reports import Reporter
from forum.site.models import Mode
from forum.threads.models import Comment
from tests.make import make_comment, send_reply
from tests.notifications.people import waiting
from tests.posting.own import change, object_to, page, proved, public, site, waits

pytestmark = pytest.mark.django_db
ALONE = "You have confirmed no e-mail address, so a cookie in this browser is the only way back to it."
UNPROVED = "open the link in the letter that we sent to the address you gave"
BANNED = "Replies and reports from you are not taken until"


def both(client: Client, comment: Comment) -> list[str]:
    """What the discussion and the page of a held reply say to somebody."""
    return [client.get(comment.article.path).content.decode(), page(client, comment)]


def said_of(client: Client, comment: Comment) -> set[str]:
    """Which of the sentences about the way back both pages say."""
    return {said for said in (ALONE, UNPROVED) if all(said in text for text in both(client, comment))}


def test_a_guest_who_gave_no_address_is_told_that_the_browser_is_the_only_way(article, stranger):
    send_reply(stranger, article)
    assert said_of(stranger, Comment.objects.get()) == {ALONE}


def test_a_guest_who_has_proved_an_address_before_is_told_nothing_and_gets_the_letter(article, mod):
    author = proved()
    comment, vera = waits(article, author=author)
    texts = both(vera, comment)
    assert not any(said in text for said in (ALONE, UNPROVED, "only way back") for text in texts)
    decisions.decide("reject", comment.pk, mod.user)
    assert [letter.to for letter in waiting()] == ["vera@guest.example"]


def test_whoever_has_not_proved_the_address_yet_is_told_what_to_do_until_it_is_forgotten(article, stranger):
    send_reply(stranger, article, email="vera@clinic.example")
    comment = Comment.objects.get()
    assert said_of(stranger, comment) == {UNPROVED}
    Address.objects.all().delete()  # as it goes after eight days, when the link is over
    assert said_of(stranger, comment) == {ALONE}


def test_an_account_is_told_of_no_browser(article, ben):
    comment, _vera = waits(article, author=ben.user.author)
    assert said_of(ben, comment) == set()
    assert not any("only way back" in text for text in both(ben, comment))


def test_many_held_words_take_as_many_statements_as_one(article, django_assert_max_num_queries):
    mine = [waits(article)[0]]
    client = Client()
    client.cookies[OWN_COOKIE] = mine[0].own_key
    with django_assert_max_num_queries(100) as one:
        client.get(article.path)
    mine += [waits(article, f"More {n}.")[0] for n in range(8)]
    client.cookies[OWN_COOKIE] = ".".join(comment.own_key for comment in mine)
    with django_assert_max_num_queries(len(one)):
        assert client.get(article.path).content.decode().count(ALONE) == 9


def banned(mod) -> Author:
    """A guest who may not write."""
    author = Author.objects.create(kind=Author.Kind.GUEST, name="Vera")
    bans.over_person(author.pk, bans.Order("week", Grounds(reason="Again and again.")), mod.user)
    return author


def test_somebody_banned_is_offered_no_change_of_public_words_and_reads_why(article, mod):
    site(Mode.OPEN)
    comment, vera = public(article, author=banned(mod))
    other, nora = public(article)
    for what in ("status", "change"):
        text = page(vera, comment, what)
        assert BANNED in text
        assert "Again and again." in text
        assert "can be changed until" not in text
        assert 'name="body"' not in text
    assert f"/comments/{comment.pk}/change/" not in page(vera, comment)
    assert f"/comments/{comment.pk}/withdraw/" in page(vera, comment)
    assert f"/comments/{other.pk}/change/" in page(nora, other)  # the control
    refused = change(vera, comment, "Other words.")
    assert refused.status_code == 403
    assert "Other words." in refused.content.decode()


def test_somebody_banned_still_changes_words_that_wait(article, mod):
    site()
    comment, vera = waits(article, author=banned(mod))
    assert f"/comments/{comment.pk}/change/" in page(vera, comment)
    assert change(vera, comment, "Other words.").status_code == 303


def test_somebody_banned_reads_of_reports_as_well(article, mod):
    _comment, vera = public(article, author=banned(mod))
    answer = vera.post(f"/comments/{make_comment(article).pk}/report/", {"reason": "attack"})
    assert answer.status_code == 403
    assert BANNED in answer.content.decode()


def test_who_changes_words_that_reports_hide_is_not_told_that_they_waited_before(article):
    site(reports_to_hide=1)
    comment, vera = public(article)
    reports.report(comment.pk, Reporter(proved("Nora"), "n", counts=True), "attack")
    assert Comment.objects.get().state == "held"
    text = vera.get(change(vera, comment, "Kinder words.")["Location"]).content.decode()
    assert "It stays hidden until a moderator has looked at it." in text
    assert "your first words" not in text
    other, nora = waits(article)
    assert "your first words" in nora.get(change(nora, other, "Others.")["Location"]).content.decode()


def test_an_old_link_names_the_other_way_back(article, mod, monkeypatch):
    comment, _vera = waits(article, author=proved())
    decisions.decide("reject", comment.pk, mod.user)
    path = f"/status/{waiting()[0].text.split('/status/')[1].split('/')[0]}/"
    assert "another way back" not in Client().get(path).content.decode()
    monkeypatch.setattr(links, "LIFE", datetime.timedelta(0))
    answer = Client().get(path)
    assert answer.status_code == 410
    text = answer.content.decode()
    assert "This link is older than seven days." in text
    assert "There is another way back: in the browser that you wrote with" in text


@pytest.mark.parametrize("granted", [False, True])
def test_a_letter_offers_an_objection_only_where_one_is_possible(article, mod, boss, granted):
    comment, vera = waits(article, author=proved())
    decisions.decide("reject", comment.pk, mod.user)
    (letter,) = waiting()
    assert "there you can object once" in " ".join(letter.text.split())
    object_to(vera, comment)
    appeals.answer(appeals.open_on([comment.pk])[comment.pk].pk, granted, "I looked.", boss.user)
    (letter,) = waiting()
    text = " ".join(letter.text.split())
    assert "This page says more; the link is good for seven days:" in text
    assert "object once" not in text
    assert f"/comments/{comment.pk}/appeal/" not in page(vera, comment)
