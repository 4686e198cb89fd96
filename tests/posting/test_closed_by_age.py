"""Closing by age counts from the last live comment or the import, never from the post's date."""

import datetime

import pytest
from django.utils import timezone

from forum.articles.models import Article
from forum.moderation import articles_closed
from forum.site.models import Mode, SitePolicy
from forum.sources.models import ImportRun, SourceItem, Witness
from forum.threads.models import Comment
from tests.make import load_comments, make_article, make_comment, send_reply

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.datetime(2011, 6, 14, tzinfo=datetime.UTC)


def is_closed(article: Article, days: int | None = 30, mode: str = Mode.HOLD_ALL) -> bool:
    """Whether an article, as it stands now, takes no replies."""
    policy = SitePolicy(mode=mode, close_after_days=days)
    return articles_closed.is_closed(Article.objects.get(pk=article.pk), policy)


def ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def test_an_old_post_that_was_imported_today_is_open_and_one_imported_long_ago_is_closed():
    article = make_article(published_at=LONG_AGO)
    load_comments(article, [None])
    Comment.objects.update(posted_at=LONG_AGO)
    assert not is_closed(article)
    Comment.objects.update(received_at=ago(31))
    assert is_closed(article)
    assert not is_closed(article, days=None)  # the control
    assert not is_closed(article, days=32)


def test_the_last_live_comment_keeps_it_open_and_its_age_closes_it():
    article = make_article(published_at=LONG_AGO)
    load_comments(article, [None])
    Comment.objects.update(received_at=ago(400))
    comment = make_comment(article)
    assert not is_closed(article)
    Article.objects.update(last_public_at=ago(31))
    assert is_closed(article)
    assert Comment.objects.filter(pk=comment.pk).exists()


def test_a_held_comment_keeps_nothing_open():
    article = make_article(published_at=LONG_AGO)
    load_comments(article, [None])
    Comment.objects.update(received_at=ago(400))
    make_comment(article, state="held")
    assert is_closed(article)


def test_an_old_post_without_any_comment_is_open():
    assert not is_closed(make_article(published_at=LONG_AGO))


def test_an_imported_post_without_any_comment_closes_by_the_age_of_its_first_import():
    article = make_article(published_at=LONG_AGO)
    item = SourceItem.objects.create(system="wxr", kind="article", key="1", key_scheme="id", article=article)
    for days in (31, 1):
        run = ImportRun.objects.create(
            state=ImportRun.State.DONE,
            started=ago(days),
            file_name="a.xml",
            file_sha256=f"{days}" * 32,
            format="wxr",
        )
        Witness.objects.create(item=item, run=run)
    assert is_closed(article)
    assert not is_closed(article, days=32)
    make_comment(article)
    assert not is_closed(article)


@pytest.mark.parametrize("mode", [Mode.CLOSED, Mode.READ_ONLY])
def test_closed_and_read_only_take_no_reply_and_give_the_text_back(article, stranger, mode):
    assert is_closed(article, None, mode)
    SitePolicy.objects.create(pk=1, mode=mode)
    answer = send_reply(stranger, article, "Words that I keep.")
    assert answer.status_code == 422
    assert "Words that I keep." in answer.content.decode()
    assert not Comment.objects.exists()
    assert "takes no more replies" in stranger.get(article.path).content.decode()


def test_an_article_closed_by_its_own_mode_says_so_on_an_open_site(article):
    Article.objects.update(mode=Mode.CLOSED)
    assert is_closed(article, None, Mode.OPEN)
