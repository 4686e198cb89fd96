"""Changing what a comment says or whether its thread takes replies; every text that it has had is kept."""

from django.db.models import F
from django.utils import timezone

from forum.accounts.models import User
from forum.text import clean
from forum.text.render import render
from forum.threads import writing
from forum.threads.models import Comment, Revision


def reword(comment: Comment, body: str, source_format: str, by: User | None) -> Revision:
    """Give a comment another text, under the lock; every text that it has had is kept as a revision.

    Its version rises by one. It counts as edited unless the words are those that its author sent.
    Raises writing.StaleError when the row has another version than `comment`.
    """
    known = comment.revisions.order_by("n")
    first, last = known.first(), known.last()
    if first is None:
        first = last = _revision(comment, 1, None)
        first.at = comment.received_at
        first.save()
    if (last.body_source, last.source_format) != (comment.body_source, comment.source_format):
        last = _revision(comment, last.n + 1, None)  # an import has worded it anew
        last.save()
    now = timezone.now()
    comment.body_source, comment.source_format = body, source_format
    comment.body_html, comment.clean_version = render(body, source_format), clean.VERSION
    original = (body, source_format) == (first.body_source, first.source_format)
    comment.edited_at = None if original else now
    changes = {
        name: getattr(comment, name)
        for name in ("body_source", "source_format", "body_html", "clean_version", "edited_at")
    }
    rows = Comment.objects.filter(pk=comment.pk, version=comment.version)
    if not rows.update(**changes, version=F("version") + 1):
        raise writing.StaleError
    comment.version += 1
    writing.recount([comment.article_id])
    made = _revision(comment, last.n + 1, by)
    made.save()
    return made


def weigh(comment: Comment, risk: int, urgent: int) -> None:
    """Say how much a comment's words of today want it looked at; under the lock. Its version stays."""
    Comment.objects.filter(pk=comment.pk).update(risk=risk, urgent=urgent)
    comment.risk, comment.urgent = risk, urgent


def _revision(comment: Comment, n: int, by: User | None) -> Revision:
    return Revision(
        comment=comment,
        n=n,
        body_source=comment.body_source,
        source_format=comment.source_format,
        body_html=comment.body_html,
        by=by,
    )


def set_closed(root: Comment, closed: bool) -> None:
    """Let a thread take no more replies, or take them again; under the lock. Its version rises by one.

    Raises writing.StaleError when the row has another version than `root`.
    """
    closed_at = timezone.now() if closed else None
    rows = Comment.objects.filter(pk=root.pk, parent=None, version=root.version)
    if not rows.update(closed_at=closed_at, version=F("version") + 1):
        raise writing.StaleError
    root.closed_at, root.version = closed_at, root.version + 1
    writing.recount([root.article_id])
