"""The lasting address of a comment: to its page, and to nothing for what the visitor may not see."""

import pytest
from django.test import Client

from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import load_comments, make_comment, send_reply

pytestmark = pytest.mark.django_db
UNREADABLE = [State.HELD, State.REJECTED, State.SPAM, State.REMOVED, State.WITHDRAWN]


def link(client, number):
    """The answer to a comment's lasting address."""
    return client.get(f"/comments/{number}/")


def test_a_visible_comment_is_shown_on_its_article(article, stranger):
    comment = make_comment(article)
    answer = link(stranger, comment.pk)
    assert (answer.status_code, answer["Location"]) == (302, f"{article.path}#comment-{comment.pk}")
    assert f'id="comment-{comment.pk}"' in stranger.get(answer["Location"]).content.decode()


def test_the_page_of_the_comment_is_found(article, stranger):
    SitePolicy.objects.create(pk=1, roots_per_page=2)
    rows = load_comments(article, [None, 0, None, None, 3, 4, None, None])
    for row in rows:
        answer = link(stranger, row.pk)
        assert f'id="comment-{row.pk}"' in stranger.get(answer["Location"]).content.decode()
    assert link(stranger, rows[5].pk)["Location"] == f"{article.path}?page=2#comment-{rows[5].pk}"


def test_hidden_roots_do_not_shift_the_page(article, stranger):
    SitePolicy.objects.create(pk=1, roots_per_page=1)
    rows = load_comments(article, [None, None, None])
    Comment.objects.filter(pk=rows[0].pk).update(state=State.REMOVED)
    answer = link(stranger, rows[1].pk)
    assert answer["Location"] == f"{article.path}#comment-{rows[1].pk}"


@pytest.mark.parametrize("state", UNREADABLE)
def test_what_may_not_be_seen_is_answered_as_what_never_was(article, stranger, ben, state):
    number = make_comment(article, "Secret words.", state=state).pk
    for client in (stranger, ben):
        hidden, never = link(client, number), link(client, number + 1)
        assert (hidden.status_code, never.status_code) == (404, 404)
        assert hidden.content == never.content
        assert hidden.headers == never.headers


def test_a_comment_on_a_hidden_article_is_not_found_even_by_its_author(article, stranger):
    send_reply(stranger, article)
    number = Comment.objects.get().pk
    assert link(stranger, number).status_code == 302
    article.state = article.State.HIDDEN
    article.save()
    assert link(stranger, number).status_code == 404


def test_the_author_is_led_to_the_own_held_reply_and_nobody_else(article, stranger):
    send_reply(stranger, article)
    number = Comment.objects.get().pk
    assert link(stranger, number)["Location"] == f"{article.path}#comment-{number}"
    assert link(stranger, number)["Cache-Control"] == "private, no-store"
    assert link(Client(), number).status_code == 404


def test_a_placeholder_is_led_to_because_it_stands_on_the_page(article, stranger):
    gone, _reply = load_comments(article, [None, 0])
    Comment.objects.filter(pk=gone.pk).update(state=State.REMOVED)
    assert link(stranger, gone.pk).status_code == 302


@pytest.mark.parametrize("number", [0, 1, "9" * 18, "9" * 30, "9" * 5000, "nonsense", "-1", "1.0", "%00"])
def test_a_number_that_is_nonsense_is_not_found(db, stranger, number):
    assert link(stranger, number).status_code == 404


def test_a_moderator_sees_the_public_page_as_the_public_does(article, mod):
    number = make_comment(article, "Secret words.", state=State.REMOVED).pk
    assert link(mod, number).status_code == 404
    assert "Secret words." not in mod.get(article.path).content.decode()
