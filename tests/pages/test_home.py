"""The home page: published posts by date, undated ones last, paged, the same for everybody."""

import datetime
import re

import pytest
from django.test import Client

from forum.accounts.viewer import NAME_COOKIE
from forum.articles.models import Article
from tests.make import load_comments, make_article, make_comment, send_reply

pytestmark = pytest.mark.django_db
STATEMENTS = 3


def titles(client, address: str = "/") -> list[str]:
    """The titles on the page, from top to bottom."""
    answer = client.get(address)
    assert answer.status_code == 200
    return re.findall(r'<h3><a href="[^"]*">(.*?)</a></h3>', answer.content.decode())


def day(year: int, month: int = 1) -> datetime.datetime:
    return datetime.datetime(year, month, 1, 12, tzinfo=datetime.UTC)


def test_posts_stand_by_date_newest_first_and_undated_ones_last(stranger):
    make_article("Undated", published_at=None)
    make_article("Old", published_at=day(2009))
    make_article("New", published_at=day(2012, 5))
    make_article("Middle", published_at=day(2012, 2))
    assert titles(stranger) == ["New", "Middle", "Old", "Undated"]
    headings = re.findall(r'<h2 class="year">(.*?)</h2>', stranger.get("/").content.decode())
    assert headings == ["2012", "2009", "Undated"]


@pytest.mark.parametrize("state", ["draft", "loading", "hidden"])
def test_only_published_posts_stand_there(stranger, state):
    make_article("Public")
    make_article("Secret", state=state)
    assert titles(stranger) == ["Public"]
    assert "Secret" not in stranger.get("/").content.decode()


def test_a_post_shows_its_count_its_first_words_and_where_it_is(stranger):
    article = make_article("A post", published_at=day(2012, 10))
    load_comments(article, [None, 0])
    make_comment(article, "Waiting.", state="held")
    page = stranger.get("/").content.decode()
    assert f'href="{article.path}"' in page
    assert "2 comments" in page
    assert "A stick is a third leg." in page
    assert "1 October" in page
    assert "Waiting." not in page


def test_many_posts_are_paged(stranger):
    for n in range(23):
        make_article(f"Post {n}", published_at=day(1990 + n))
    assert titles(stranger) == [f"Post {n}" for n in range(22, 2, -1)]
    assert titles(stranger, "/?page=2") == ["Post 2", "Post 1", "Post 0"]
    page = stranger.get("/?page=2").content.decode()
    assert "Page 2 of 2" in page
    assert 'rel="prev"' in page
    assert 'rel="next"' not in page


@pytest.mark.parametrize("page", ["0", "-1", "99", "nonsense", "9" * 40, "%00", ""])
def test_a_page_number_that_is_nonsense_is_a_page(stranger, page):
    make_article("The only one")
    assert titles(stranger, f"/?page={page}") == ["The only one"]


def test_posts_of_the_same_day_keep_their_order(stranger):
    for n in range(5):
        make_article(f"Post {n}", published_at=day(2012))
    assert titles(stranger) == titles(stranger) == [f"Post {n}" for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("count", [2, 20])
def test_the_number_of_statements_does_not_grow_with_the_posts(stranger, count, django_assert_num_queries):
    for n in range(count):
        load_comments(make_article(f"Post {n}"), [None, 0])
    with django_assert_num_queries(STATEMENTS):
        assert len(titles(stranger)) == count


def test_an_empty_site_says_so(db, stranger):
    assert "No post has been published here yet." in stranger.get("/").content.decode()


def test_the_shared_page_carries_nothing_personal(article, stranger):
    author = Client()
    send_reply(author, article, name="Remembered", remember="on")
    assert NAME_COOKIE in author.cookies
    assert author.get("/")["Cache-Control"] == "private, no-store"
    answer = stranger.get("/")
    page = answer.content.decode()
    assert not answer.cookies
    for word in ("csrfmiddlewaretoken", "Remembered", "form_key", "Sign out"):
        assert word not in page
    assert "private" not in answer["Cache-Control"]


def test_titles_and_first_words_with_markup_stay_text(stranger):
    make_article("<b>Bold</b>", body_source="<script>alert(1)</script>")
    assert titles(stranger) == ["&lt;b&gt;Bold&lt;/b&gt;"]
    assert "<script>" not in stranger.get("/").content.decode()


def test_every_state_but_published_is_listed_above():
    assert set(Article.State.values) == {"draft", "loading", "hidden", "published"}
