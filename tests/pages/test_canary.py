"""Figure LK1: what may not be seen stands on no page, in no header and in no letter, cold or warm."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from forum.articles.models import Article
from forum.mail.models import Letter
from forum.moderation import decisions, letters
from forum.moderation.models import Act
from forum.moderation.models_people import DeskLetters
from forum.notifications import digests
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from tests.notifications.people import follows, guest
from tests.pages.canaries import (
    PLACES,
    PRIVATE,
    Site,
    author_of,
    crawl,
    leaks,
    private_part,
    public_part,
    steady,
    word,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings, mod) -> Site:
    """A site with canaries, which a guest follows at once and another one daily."""
    settings.UNDO_WINDOW = datetime.timedelta(0)
    site = public_part()
    follows(guest("Vera"), on=site.open)
    follows(guest("Gus"), on=site.open, pace="daily", told_at=timezone.now() - datetime.timedelta(days=1))
    letters.choose(mod.user, DeskLetters.Pace.DAILY)
    DeskLetters.objects.update(told_at=timezone.now() - datetime.timedelta(days=2))
    private_part(site, mod.user)
    return site


def letters_as_answers(**only) -> dict[str, str]:
    """What has been written by mail, as `leaks` looks at answers."""
    rows = Letter.objects.filter(**only)
    return {f"letter {row.pk}": f"{row.subject}\n{row.headers}\n{row.text}" for row in rows}


def test_figure_lk1_others_find_no_canary_cold_or_warm(site, stranger, ben, mod):
    addresses = site.addresses()
    cold = crawl(stranger, addresses)
    assert leaks(cold) == []
    plain = site.addresses(asked=())
    seen = crawl(mod, plain)
    assert leaks(seen, signs=PRIVATE) == []
    assert {sign for _address, sign in leaks(seen)} == {"canary"}  # the control: moderators find the words
    crawl(author_of(*site.canaries.values()), plain)
    assert leaks(crawl(ben, addresses)) == []
    warm = crawl(Client(), addresses)
    assert steady(warm) == steady(cold)


def test_figure_lk1_an_author_sees_the_own_words_alone(site):
    mine = ("held", "rejected", "removed")
    own = tuple(word(what, place) for what in ("body", "name", "reason", "appeal") for place in mine)
    answers = crawl(author_of(*(site.canaries[place] for place in mine)), site.addresses(asked=()))
    assert leaks(answers, allowed=own) == []
    assert any(word("body", "held") in said for said in answers.values())


def test_figure_lk1_an_account_sees_the_own_words_alone(site):
    kim = Client()
    kim.force_login(site.canaries["of an account"].author.user, backend="forum.accounts.backends.OneHash")
    own = (word("body", "of an account"), word("name", "of an account"))
    # The edit that waits is kim's, too: what it says and said before is theirs to read.
    own += ("canarywaiting", "canaryold")
    answers = crawl(kim, site.addresses(asked=()))
    assert leaks(answers, allowed=own) == []
    assert any(own[0] in said for said in answers.values())


@pytest.mark.parametrize("place", PLACES)
def test_figure_lk1_whose_comment_it_is_sees_it_on_the_page_of_the_article(site, place):
    asked = [f"{site.open.path}{query}" for query in ("", "?page=2", "?page=3", "?page=4")]
    mine = author_of(site.canaries[place])
    if place == "of an account":
        mine.force_login(site.canaries[place].author.user, backend="forum.accounts.backends.OneHash")
    seen = any(word("body", place) in said for said in crawl(mine, asked).values())
    assert seen == (place not in {"withdrawn", "on a hidden article", "on a draft"})


def test_figure_lk1_no_letter_to_others_holds_a_canary(site, mod):
    digests.write_digests()
    letters.write_due()
    assert leaks(letters_as_answers(), signs=PRIVATE) == []
    others = Letter.objects.exclude(to=mod.user.email).values_list("pk", flat=True)
    assert leaks(letters_as_answers(pk__in=list(others))) == []
    assert leaks(letters_as_answers(to=mod.user.email)) != []  # the control: the desk reads what waits


def test_figure_lk1_no_key_of_an_own_comment_stands_on_any_page(site, ben):
    keys = list(Comment.objects.exclude(own_key=None).values_list("own_key", flat=True))
    asked = site.addresses(asked=())
    said = "".join([*crawl(ben, asked).values(), *crawl(Client(), asked).values()])
    assert [key for key in keys if key in said] == []


def test_figure_lk1_a_canary_is_answered_as_a_number_that_never_was(site, stranger, ben):
    never = Comment.objects.latest("pk").pk + 1
    for client in (stranger, ben):
        for comment in site.canaries.values():
            for address in ("/comments/{}/", site.open.path + "?replytocom={}"):
                there, nowhere = (address.format(number) for number in (comment.pk, never))
                asked = steady(crawl(client, [there, nowhere]))
                assert asked[there] == asked[nowhere]


def test_figure_lk1_control_with_the_gate_open_the_canaries_leak(site, stranger, monkeypatch):
    monkeypatch.setattr(CommentQuerySet, "visible_to", lambda rows, _viewer: rows)
    monkeypatch.setattr(CommentQuerySet, "readable_by", lambda rows, _viewer: rows)
    monkeypatch.setattr(Comment, "is_gone", False)
    addresses = [f"{site.open.path}?page={n}" for n in range(1, 6)]
    assert {sign for _address, sign in leaks(crawl(stranger, addresses))} == {"canary"}
    assert stranger.get(f"/comments/{site.canaries['held'].pk}/").status_code == 302


def test_figure_lk1_control_an_approved_canary_is_seen_wherever_words_are_shown(site, stranger, mod):
    """The figure asks for five places; until there are feeds, search and an API, these are all there are."""
    comment = site.canaries["of an account"]
    decisions.decide(Act.APPROVE, comment.pk, mod.user)
    digests.write_digests()
    found = {address for address, _sign in leaks(crawl(stranger, site.addresses()))}
    told = {Letter.objects.get(pk=int(name.split()[1])).to for name, _sign in leaks(letters_as_answers())}
    places = {
        "article": any(address.startswith(site.open.path) for address in found),
        "answer": f"{site.open.path}?replytocom={comment.pk}" in found,
        "permalink": stranger.get(f"/comments/{comment.pk}/").status_code == 302,
        "letter": "vera@guest.example" in told,
        "daily letter": "gus@guest.example" in told,
    }
    assert [name for name, seen in places.items() if not seen] == []


def test_figure_lk1_counts_are_the_same_with_and_without_what_waits(site):
    article = Article.objects.get(pk=site.open.pk)
    assert (article.comment_count, article.root_count) == (5, 4)
