"""Answering a comment from the desk: let it through if it waits, and say something under it, in one act."""

from forum.accounts.models import User
from forum.accounts.viewer import Viewer
from forum.articles.models import Article
from forum.moderation import decisions
from forum.moderation.models import Act
from forum.posting import limits, replies
from forum.threads import tree
from forum.threads.models import Comment
from forum.threads.states import Kind, State
from forum.threads.writing import Draft

# Why a comment cannot be answered from the desk.
NO_WORDS, NOT_PUBLIC, NO_READERS = "no_words", "not_public", "no_readers"


class NotPossibleError(Exception):
    """The comment cannot be answered; the first argument says why, by a word above."""


def hindrance(comment: Comment) -> str:
    """Why a comment cannot be answered from the desk, "" when it can."""
    if comment.kind != Kind.COMMENT or comment.erased_at is not None:
        return NO_WORDS
    if comment.state not in {State.HELD, State.VISIBLE}:
        return NOT_PUBLIC
    return "" if comment.article.state == Article.State.PUBLISHED else NO_READERS


def answer(
    number: int, draft: Draft, actor: User, viewer: Viewer, *, version: int | None = None
) -> tuple[Comment, bool]:
    """Answer a comment in public; returns the answer and whether the comment was approved for it.

    A held comment is approved first, by a Decision of its own; undoing that leaves the answer. `version` is
    the comment's version that the actor saw, None takes the present one. A second sending gives the
    first one's answer. All of it is one transaction. Raises Comment.DoesNotExist, NotPossibleError,
    decisions.NotPossibleError when somebody was quicker, and what `replies.submit_reply` raises.
    """
    rows = Comment.objects.visible_to(viewer)
    with tree.locked(rows.values_list("article_id", flat=True).get(pk=number)) as article:
        sender = replies.Sender(viewer, actor, at_once=True)
        if limits.already_sent(article, number, draft):
            return replies.submit_reply(article, number, draft, sender), False
        comment = rows.select_related("article").get(pk=number)
        if version not in {None, comment.version}:
            raise decisions.NotPossibleError
        if why_not := hindrance(comment):
            raise NotPossibleError(why_not)
        waits = comment.state == State.HELD
        if waits:
            decisions.decide(Act.APPROVE, number, actor, version=comment.version)
        return replies.submit_reply(article, number, draft, sender), waits
