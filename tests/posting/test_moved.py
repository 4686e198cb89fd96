"""Replies that are sent while the desk moves what they answer arrive where the discussion goes on."""

import pytest

from forum.articles.models import ArticleAct
from forum.moderation import articles_merge, articles_move, articles_undo
from forum.moderation.articles_move import Target
from forum.posting import replies
from forum.threads.models import Comment
from forum.threads.writing import Draft
from tests.make import load_comments, make_article, make_comment, make_user, send_reply
from tests.threads.test_move import assert_sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db):
    return make_user("desk", "moderator")


def sent(body: str) -> Comment:
    return Comment.objects.get(body_source=body)


def test_a_reply_to_a_comment_that_was_moved_away_goes_under_it(article, stranger, user):
    top, other = make_comment(article), make_article()
    articles_move.move(top.pk, Target(article=other.pk), user)
    answer = send_reply(stranger, article, "Late.", parent=top.pk)
    assert answer.status_code == 303
    assert answer["Location"].startswith(other.path)
    assert (sent("Late.").article, sent("Late.").parent) == (other, top)
    articles_undo.undo(ArticleAct.objects.get().pk, user)
    answer = send_reply(stranger, other, "Later.", parent=top.pk)
    assert (sent("Later.").article, sent("Later.").parent) == (article, top)
    assert_sound(article, other)


def test_a_second_sending_of_a_reply_that_was_moved_since_is_still_one_comment(article, stranger, user):
    parent, other = load_comments(article, [None])[0], make_article()
    fields = {"parent": parent.pk, "form_key": "abc"}
    assert send_reply(stranger, article, "Once.", **fields).status_code == 303
    articles_move.move(parent.pk, Target(article=other.pk), user)
    assert send_reply(stranger, article, "Once.", **fields).status_code == 303
    assert sent("Once.").article == other
    refused = send_reply(stranger, article, "Other words.", **fields)
    assert (refused.status_code, Comment.objects.count()) == (422, 2)


def test_a_reply_that_meets_a_merge_under_the_lock_is_not_taken_for_the_hidden_article(article, user):
    target = make_article()
    articles_merge.merge(article.pk, target.pk, user)
    sender = replies.Sender(viewer=replies.Viewer(), user=None)
    with pytest.raises(replies.MovedError):
        replies.submit_reply(article, None, Draft(body="x", name="Vera"), sender)
    assert not Comment.objects.exists()


def test_a_reply_that_overtakes_a_merge_arrives_in_the_other_article(article, stranger, user, monkeypatch):
    """The page was found before the merge, and the lock was had after it."""
    target = make_article()
    real = replies.submit_reply

    def overtaken(found, *args, **more):
        if not ArticleAct.objects.exists():
            articles_merge.merge(article.pk, target.pk, user)
        return real(found, *args, **more)

    monkeypatch.setattr(replies, "submit_reply", overtaken)
    assert send_reply(stranger, article, "In between.").status_code == 303
    assert sent("In between.").article == target


def test_a_reply_to_an_article_that_was_hidden_meanwhile_is_not_found(article, stranger, monkeypatch):
    real = replies.submit_reply

    def overtaken(found, *args, **more):
        type(found).objects.filter(pk=found.pk).update(state="hidden")
        return real(found, *args, **more)

    monkeypatch.setattr(replies, "submit_reply", overtaken)
    assert send_reply(stranger, article, "In between.").status_code == 404
    assert not Comment.objects.exists()


def test_a_parent_of_an_article_with_which_nothing_was_exchanged_is_refused(article, stranger):
    elsewhere = make_comment(make_article())
    answer = send_reply(stranger, article, "Kept.", parent=elsewhere.pk)
    assert (answer.status_code, "Kept." in answer.content.decode()) == (422, True)
