"""The article desk says whether replies are taken, and everything that stands against it."""

import datetime
import re

import pytest
from django.utils import timezone

from forum.articles.models import Article
from forum.moderation import articles_closed
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from tests.make import load_comments
from tests.moderation.desk import desk

pytestmark = pytest.mark.django_db
NONE = "None are taken."
SITE = "The whole site stands at “Archive: take no replies and no changes”."
OWN = "This article stands at “Take no replies”."
HAND = "Closed by hand since 1 March 2026, 12:00."
AGE = "Closed by age since 31 January 2026: 30 days after the last reply, or else the import."


@pytest.fixture
def policy(db) -> SitePolicy:
    return SitePolicy.objects.create(pk=1, mode=Mode.OPEN)


def facts(client, article: Article) -> dict[str, str]:
    """The facts of an article as its desk page tells them."""
    page = desk(client, f"/moderation/articles/{article.pk}/")
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]*>", "", said).split()) for name, said in found}


def public(client, article: Article) -> bool:
    """Whether the public page says that the discussion is closed."""
    return "This discussion is closed" in client.get(article.path).content.decode()


def by_site(article: Article) -> None:
    SitePolicy.objects.update(mode=Mode.READ_ONLY)


def by_mode(article: Article) -> None:
    Article.objects.update(mode=Mode.CLOSED)


def by_hand(article: Article) -> None:
    Article.objects.update(closed_at=datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC))


def by_age(article: Article) -> None:
    SitePolicy.objects.update(close_after_days=30)
    Article.objects.update(last_public_at=datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC))


@pytest.mark.parametrize(("close", "said"), [(by_site, SITE), (by_mode, OWN), (by_hand, HAND), (by_age, AGE)])
def test_what_closes_a_discussion_is_said_with_since_when(article, mod, stranger, policy, close, said):
    close(article)
    assert facts(mod, article)["New replies"] == f"{NONE} {said}"
    assert facts(mod, article)["State"] == "Published, closed"
    assert public(stranger, article)


def test_control_an_open_discussion_shows_how_replies_are_treated(article, mod, stranger, policy):
    assert facts(mod, article)["New replies"] == "As the site: Publish replies at once"
    assert facts(mod, article)["State"] == "Published"
    assert not public(stranger, article)
    Article.objects.update(mode=Mode.HOLD_ALL)
    assert facts(mod, article)["New replies"] == "Hold every reply for a moderator"


def test_whatever_has_to_end_first_is_said_at_once(article, mod, policy):
    for close in (by_site, by_mode, by_hand, by_age):
        close(article)
    assert facts(mod, article)["New replies"] == " ".join((NONE, SITE, OWN, HAND, AGE))


def test_what_is_not_public_takes_no_replies_and_is_not_called_closed(article, mod, policy):
    Article.objects.update(state=Article.State.HIDDEN)
    said = facts(mod, article)
    assert said["New replies"] == "None are taken while the article is not public."
    assert said["State"] == "Hidden"


def test_a_closing_that_lies_ahead_closes_nothing_yet(article, mod, stranger, policy):
    Article.objects.update(closed_at=timezone.now() + datetime.timedelta(days=1))
    assert facts(mod, article)["State"] == "Published"
    assert not public(stranger, article)


def test_the_database_is_asked_for_the_age_alone(article, policy, django_assert_num_queries):
    load_comments(article, [None])
    Comment.objects.update(received_at=timezone.now() - datetime.timedelta(days=31))
    closed = Article(pk=article.pk, mode=Mode.CLOSED)
    with django_assert_num_queries(0):
        assert articles_closed.is_closed(closed, SitePolicy(close_after_days=30))
        assert not articles_closed.is_closed(article, SitePolicy())
    with django_assert_num_queries(1):
        assert articles_closed.is_closed(article, SitePolicy(close_after_days=30))
