"""Changing what a comment says or whether its thread takes replies; every text that it has had is kept."""

from collections.abc import Collection

from django.db.models import Exists, F, Max, OuterRef
from django.utils import timezone

from forum.accounts.models import User
from forum.text import clean
from forum.text.render import render
from forum.threads import writing
from forum.threads.models import Comment, Revision


def reword(
    comment: Comment, body: str, source_format: str, by: User | None, *, is_marked: bool = True
) -> Revision:
    """Give a comment another text, under the lock; every text that it has had is kept as a revision.

    Its version rises by one. It counts as edited unless the words are those that its author sent, or
    `is_marked` says that nobody has read others. Raises writing.StaleError when the row has another version
    than `comment`.
    """
    first, last = _kept(comment)
    now = timezone.now()
    comment.body_source, comment.source_format = body, source_format
    comment.body_html, comment.clean_version = render(body, source_format), clean.VERSION
    original = (body, source_format) == (first.body_source, first.source_format)
    comment.edited_at = now if is_marked and not original else None
    names = ("body_source", "source_format", "body_html", "clean_version", "edited_at")
    _change(comment, **{name: getattr(comment, name) for name in names})
    made = _revision(comment, last + 1, by)
    made.save()
    return made


def propose(comment: Comment, body: str, by: User | None) -> Revision:
    """Keep another text for a comment, under the lock, until a moderator has looked.

    The comment's version rises by one. What waited before is refused: one text waits at a time. Raises
    writing.StaleError.
    """
    _first, last = _kept(comment)
    give_up([comment.pk])
    _change(comment)
    made = Revision(comment=comment, n=last + 1, body_source=body, by=by, state=Revision.State.WAITING)
    made.body_html = render(body)
    made.save()
    return made


def waiting_on(comment: Comment) -> Revision | None:
    """The text that waits for a moderator, None when none does. One statement."""
    return comment.revisions.filter(state=Revision.State.WAITING).order_by("-n").first()


def give_up(comments: Collection[int]) -> None:
    """Let no text of these comments wait any more."""
    waiting = Revision.objects.filter(comment__in=comments, state=Revision.State.WAITING)
    waiting.update(state=Revision.State.REFUSED)


def wait_again(comments: Collection[int]) -> None:
    """Let the text that was refused last wait again, on each of these comments."""
    later = Revision.objects.filter(comment=OuterRef("comment"), n__gt=OuterRef("n"))
    later = later.filter(state=Revision.State.REFUSED)
    refused = Revision.objects.filter(comment__in=comments, state=Revision.State.REFUSED)
    newest = list(refused.filter(~Exists(later)).values_list("pk", flat=True))
    Revision.objects.filter(pk__in=newest).update(state=Revision.State.WAITING)


def before(comment: Comment, n: int) -> Revision:
    """The text that stood before text number `n` took its place. Raises Revision.DoesNotExist."""
    stood = comment.revisions.filter(n__lt=n, state=Revision.State.PUBLISHED).order_by("-n").first()
    if stood is None:
        raise Revision.DoesNotExist
    return stood


def touch(comment: Comment) -> None:
    """Raise a comment's version by one, under the lock, since something about it has been decided.

    Raises writing.StaleError when the row has another version than `comment`.
    """
    _change(comment)


def weigh(comment: Comment, risk: int, urgent: int) -> None:
    """Say how much a comment's words of today want it looked at; under the lock. Its version stays.

    What was reported of it stays as urgent as it was.
    """
    urgent = bool(urgent) * Comment.WORDS + (comment.urgent & Comment.REPORTED)
    Comment.objects.filter(pk=comment.pk).update(risk=risk, urgent=urgent)
    comment.risk, comment.urgent = risk, urgent


def _kept(comment: Comment) -> tuple[Revision, int]:
    """The first text of a comment and the highest number; the text of now is kept when this returns."""
    stood = comment.revisions.filter(state=Revision.State.PUBLISHED).order_by("n")
    first, last = stood.first(), stood.last()
    highest = comment.revisions.aggregate(n=Max("n"))["n"] or 0
    if first is None:
        first = last = _revision(comment, highest + 1, None)
        first.at = comment.received_at
        first.save()
        highest += 1
    if (last.body_source, last.source_format) != (comment.body_source, comment.source_format):
        _revision(comment, highest + 1, None).save()  # an import has worded it anew
        highest += 1
    return first, highest


def _change(comment: Comment, **changes: object) -> None:
    rows = Comment.objects.filter(pk=comment.pk, version=comment.version)
    if not rows.update(**changes, version=F("version") + 1):
        raise writing.StaleError
    comment.version += 1
    writing.recount([comment.article_id])


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


def set_urgent(comment: Comment) -> None:
    """Bring a comment to the top of what waits: somebody fears for its writer; under the lock.

    Its version stays, for what a moderator has before their eyes is the same.
    """
    alarm([comment.pk])
    comment.urgent |= Comment.REPORTED


def alarm(comments: Collection[int]) -> None:
    """As `set_urgent` for many comments by number."""
    if comments:
        rows = Comment.objects.filter(pk__in=comments, urgent__lt=Comment.REPORTED)
        rows.update(urgent=F("urgent") + Comment.REPORTED)


def calm(comments: Collection[int]) -> None:
    """Let no report make these comments urgent; what their words say of danger stays."""
    rows = Comment.objects.filter(pk__in=comments, urgent__gte=Comment.REPORTED)
    rows.update(urgent=F("urgent") - Comment.REPORTED)
