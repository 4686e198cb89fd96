"""Changing one's own words: held ones until they are decided, public ones for a while."""

import datetime

from django.utils import timezone

from forum.accounts.models import User
from forum.accounts.viewer import Viewer
from forum.moderation import cases, edits_waiting, rules
from forum.moderation import edits as desk_edits
from forum.notifications import notices
from forum.posting import limits
from forum.site.models import Mode, SitePolicy
from forum.threads import revisions, tree, writing
from forum.threads.models import Comment
from forum.threads.states import Kind, Origin, State

# Why there is nothing to change.
DECIDED, ARCHIVED, READ_ONLY, LATE, REPLIED = "decided", "archived", "read_only", "late", "replied"
MANY, ERASED = "many", "erased"
MOST_TEXTS = 50  # of one comment: every text is kept
# What has become of a change.
KEPT, PUBLISHED, WAITS = "kept", "published", "waits"


class NotPossibleError(Exception):
    """The comment cannot be changed; the first argument says why, by a word above."""


class StaleError(Exception):
    """Something has happened to the comment since its author opened the page."""


class SameWordsError(Exception):
    """The text is the one that stands or waits there already."""


def closes_at(comment: Comment, policy: SitePolicy) -> datetime.datetime | None:
    """Until when a public comment can be changed, None for one that was never made public here."""
    if comment.public_at is None:
        return None
    return comment.public_at + datetime.timedelta(minutes=policy.edit_minutes)


def hindrance(comment: Comment, policy: SitePolicy) -> str:
    """Why the author of a comment, with its article at hand, cannot change it; "" when they can.

    Held words can be changed until they are decided; public ones for the policy's minutes and while nobody
    has answered. A closed discussion takes changes, an archive that is read only takes none.
    """
    if comment.erased_at is not None:
        return ERASED
    if comment.origin != Origin.LIVE or comment.kind != Kind.COMMENT:
        return ARCHIVED
    if Mode.READ_ONLY in {comment.article.mode, policy.mode}:
        return READ_ONLY
    if comment.state == State.HELD:
        return ""
    if comment.state != State.VISIBLE:
        return DECIDED
    return _too_late(comment, policy)


def change(
    number: int, body: str, viewer: Viewer, user: User | None, *, version: int | None, address: str = ""
) -> tuple[Comment, str]:
    """Give one's own comment other words; returns it and what has become of the change.

    Held words are replaced (KEPT) and judged anew. Of public ones the rules decide: the new text is
    published at once (PUBLISHED), or the old one stays and the new one waits (WAITS), as it always does where
    a moderator's edit stands. Every text is kept and the version rises. `version` is the one that the author
    saw, `address` the client's. Raises Comment.DoesNotExist for what is not theirs, NotPossibleError,
    StaleError, SameWordsError, and limits.BannedError for public words.
    """
    with tree.locked_around([number]) as articles:
        comment = Comment.objects.own_of(viewer).select_related("author").get(pk=number)
        comment.article = articles[comment.article_id]
        policy = SitePolicy.objects.current()
        waiting = revisions.waiting_on(comment)
        if comment.version != version:
            raise StaleError
        why_not = hindrance(comment, policy)
        if why_not and (waiting is None or why_not not in {LATE, REPLIED}):
            raise NotPossibleError(why_not)
        if comment.revisions.count() >= MOST_TEXTS:
            raise NotPossibleError(MANY)
        if body == (waiting.body_source if waiting else comment.body_source):
            raise SameWordsError
        limits.refuse_banned_change(comment, viewer, policy, address)
        said = {"text": body, "author": comment.author, "name": comment.name_shown}
        verdict = rules.screen(comment.article, policy, besides=comment.pk, **said)
        try:
            if comment.state == State.HELD:
                return comment, _keep(comment, body, verdict, user)
            passes = verdict.state == State.VISIBLE and not why_not
            passes = passes and not desk_edits.by_moderators(comment).exists()
            return comment, _publish(comment, body, user) if passes else _wait(comment, body, verdict, user)
        except writing.StaleError:
            raise StaleError from None


def take_back(number: int, viewer: Viewer, *, version: int | None) -> Comment:
    """Let one's own change wait no more; the public words stay. Raises as `change` does."""
    with tree.locked_around([number]):
        comment = Comment.objects.own_of(viewer).get(pk=number)
        if comment.version != version:
            raise StaleError
        if revisions.waiting_on(comment) is None:
            raise NotPossibleError(DECIDED)
        edits_waiting.take_back(comment)
        revisions.touch(comment)
        return comment


def _keep(comment: Comment, body: str, verdict: rules.Verdict, user: User | None) -> str:
    was_public = comment.public_at is not None
    edits_waiting.take_back(comment)
    revisions.reword(comment, body, comment.source_format, user, is_marked=was_public)
    cases.judge_again(comment, verdict)
    return KEPT


def _publish(comment: Comment, body: str, user: User | None) -> str:
    edits_waiting.take_back(comment)
    revisions.reword(comment, body, comment.source_format, user)
    notices.reworded(comment.pk)
    return PUBLISHED


def _wait(comment: Comment, body: str, verdict: rules.Verdict, user: User | None) -> str:
    edits_waiting.propose(comment, body, verdict, user)
    return WAITS


def _too_late(comment: Comment, policy: SitePolicy) -> str:
    until = closes_at(comment, policy)
    if until is None or timezone.now() >= until:
        return LATE
    place = {"article": comment.article_id, "tree_id": comment.tree_id}
    answers = Comment.objects.readable_by(Viewer()).filter(
        **place, lft__gt=comment.lft, rght__lt=comment.rght
    )
    return REPLIED if answers.public().exists() else ""
