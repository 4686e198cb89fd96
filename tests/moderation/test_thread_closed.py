"""Closing a thread: no replies anywhere in it, the rest of the discussion goes on, and it opens again."""

import pytest

from forum.moderation.models import Act, Decision
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from tests.make import make_comment, send_reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(article):
    """A root, its reply, and another root."""
    SitePolicy.objects.create(pk=1, mode=Mode.OPEN)
    root = make_comment(article, "The root.")
    return root, make_comment(article, "The reply.", parent=root), make_comment(article, "Another root.")


def decide(client, act: str, comment, **fields):
    return client.post("/moderation/decide/", {"comment": comment.pk, "decision": act} | fields)


def test_a_closed_thread_takes_no_replies_and_the_others_do(article, mod, stranger, thread):
    root, reply, other = thread
    assert decide(mod, "close", reply).status_code == 303
    decision = Decision.objects.get()
    assert (decision.comment, decision.act) == (root, Act.CLOSE)
    assert Comment.objects.get(pk=root.pk).closed_at is not None
    for parent in (root, reply):
        answer = send_reply(stranger, article, "Still typed.", parent=parent.pk)
        assert answer.status_code == 422
        assert "This thread is closed and takes no more replies" in answer.content.decode()
        assert "Still typed." in answer.content.decode()
    assert send_reply(stranger, article, "Good.", parent=other.pk).status_code == 303
    assert send_reply(stranger, article, "A new root.").status_code == 303
    page = stranger.get(article.path).content.decode()
    assert "thread closed" in page
    assert f"?replytocom={reply.pk}#" not in page
    assert f"?replytocom={other.pk}#" in page


def test_a_closed_thread_offers_no_form_under_its_comments(article, mod, stranger, thread):
    root, reply, _other = thread
    decide(mod, "close", root)
    page = stranger.get(f"{article.path}?replytocom={reply.pk}").content.decode()
    assert f'name="parent" value="{reply.pk}"' not in page


def test_control_an_open_thread_takes_them(article, stranger, thread):
    root, reply, _other = thread
    assert send_reply(stranger, article, "Good.", parent=reply.pk).status_code == 303


def test_closing_is_taken_back_and_opening_too(article, mod, stranger, thread):
    root, reply, _other = thread
    decide(mod, "close", root)
    mod.post("/moderation/undo/", {"id": Decision.objects.latest("pk").pk})
    assert Comment.objects.get(pk=root.pk).closed_at is None
    decide(mod, "close", root)
    decide(mod, "reopen", reply)
    assert send_reply(stranger, article, "Good.", parent=reply.pk).status_code == 303
    assert Decision.objects.latest("pk").act == Act.REOPEN


def test_closing_what_is_closed_is_refused(article, mod, thread):
    decide(mod, "close", thread[0])
    assert decide(mod, "close", thread[0]).status_code == 409
    assert decide(mod, "reopen", thread[2]).status_code == 409


def test_a_stale_page_closes_nothing(article, mod, thread):
    root = thread[0]
    answer = decide(mod, "close", root, **{f"version-{root.pk}": root.version + 1})
    assert answer.status_code == 409
    assert Comment.objects.get(pk=root.pk).closed_at is None
