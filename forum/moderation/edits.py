"""Changing the words of a comment, and closing its thread; each is a decision that can be taken back."""

from django.db.models import QuerySet

from forum.accounts.models import User
from forum.moderation import cases, rules
from forum.moderation.decisions import NO_GROUNDS, Grounds, NotPossibleError, as_left_by, draft
from forum.moderation.models import Act, Decision
from forum.notifications import notices
from forum.site.models import SitePolicy
from forum.threads import revisions, tree, writing
from forum.threads.models import Comment
from forum.threads.states import Kind, State


class SameWordsError(Exception):
    """The text is the one that stands there already."""


def edit(number: int, body: str, actor: User, *, version: int, grounds: Grounds = NO_GROUNDS) -> Decision:
    """Give a comment other words; what it said stays readable on the desk, and a mark says so in public.

    `body` is in the format of the comment's source. `version` is the one that the actor saw. Raises
    Comment.DoesNotExist, SameWordsError, and NotPossibleError when somebody was quicker or it has no words.
    """
    with tree.locked_around([number]):
        comment = _stands(number, version)
        if body == comment.body_source:
            raise SameWordsError
        return _reword(comment, body, comment.source_format, draft(comment, Act.EDIT, actor, grounds))


def by_moderators(comment: Comment) -> QuerySet[Decision]:
    """The edits of a comment, with its author at hand, that others than its author made and nobody has taken
    back, newest first."""
    made = Decision.objects.filter(comment=comment, act=Act.EDIT, undone_by=None).order_by("-pk")
    own = comment.author.user_id if comment.author is not None else None
    return made if own is None else made.exclude(actor=own)


def undo_edit(undone: Decision, actor: User) -> Decision:
    """Give a comment the words back that an edit took. Raises NotPossibleError when it has changed since."""
    with tree.locked_around([undone.comment_id]):
        comment = as_left_by(undone)
        before = revisions.before(comment, undone.revision)
        decision = draft(comment, Act.UNDO, actor, undoes=undone)
        return _reword(comment, before.body_source, before.source_format, decision)


def set_closed(
    number: int, closed: bool, actor: User, *, version: int | None = None, grounds: Grounds = NO_GROUNDS
) -> Decision:
    """Close the whole thread in which a comment stands to replies, or open it; the decision is on its root.

    Raises Comment.DoesNotExist, and NotPossibleError when it is so already or somebody was quicker.
    """
    with tree.locked_around([number]):
        root = _root_of(_stands(number, version))
        if (root.closed_at is not None) == closed:
            raise NotPossibleError
        act = Act.CLOSE if closed else Act.REOPEN
        return _close(root, closed, draft(root, act, actor, grounds))


def undo_close(undone: Decision, actor: User) -> Decision:
    """Take the closing or opening of a thread back. Raises NotPossibleError when it has changed since."""
    with tree.locked_around([undone.comment_id]):
        root = as_left_by(undone)
        return _close(root, undone.act == Act.REOPEN, draft(root, Act.UNDO, actor, undoes=undone))


def judge(comment: Comment) -> None:
    """Let the rules look at the words of a held comment as they stand now; under the lock."""
    if comment.state != State.HELD:
        return
    said = {"text": rules.text_of(comment), "author": comment.author, "name": comment.name_shown}
    policy = SitePolicy.objects.current()
    cases.judge_again(comment, rules.screen(comment.article, policy, besides=comment.pk, **said))


def _stands(number: int, version: int | None) -> Comment:
    comment = Comment.objects.get(pk=number)
    if version not in {None, comment.version} or comment.erased_at or comment.kind == Kind.PLACEHOLDER:
        raise NotPossibleError
    return comment


def _root_of(comment: Comment) -> Comment:
    return comment if comment.parent_id is None else Comment.objects.get(pk=comment.tree_id)


def _reword(comment: Comment, body: str, source_format: str, decision: Decision) -> Decision:
    revision = revisions.reword(comment, body, source_format, decision.actor)
    decision.comment_version, decision.revision = comment.version, revision.n
    decision.save(force_insert=True)
    judge(comment)
    if comment.state == State.VISIBLE:
        notices.reworded(comment.pk)
    return decision


def _close(root: Comment, closed: bool, decision: Decision) -> Decision:
    try:
        revisions.set_closed(root, closed)
    except writing.StaleError:
        raise NotPossibleError from None
    decision.comment_version = root.version
    decision.save(force_insert=True)
    return decision
