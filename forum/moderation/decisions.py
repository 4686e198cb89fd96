"""Deciding on comments and taking decisions back: each act in one function, one transaction."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from forum.accounts.models import User
from forum.moderation import cases
from forum.moderation.models import Act, Decision
from forum.notifications import notices
from forum.threads import states, tree, writing
from forum.threads.models import Comment
from forum.threads.states import State

DECIDABLE = (Act.APPROVE, Act.REJECT, Act.SPAM, Act.REMOVE, Act.RESTORE)


class NotPossibleError(Exception):
    """The act is not legal in the comment's present state, or somebody was quicker."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why: `reason` may be told to the author, `note` is for the desk."""

    reason_code: str = ""
    reason: str = ""
    note: str = ""


def decide(
    act: str, number: int, actor: User | None, *, version: int | None = None, grounds: Grounds = Grounds()
) -> Decision:
    """Approve, reject, mark as spam, remove or restore one comment.

    `version` is the comment's version that the actor saw; None takes the present one. `actor` None is
    the system. Raises Comment.DoesNotExist, and NotPossibleError for an illegal or stale act.
    """
    with tree.locked(_article_of(number)):
        comment = Comment.objects.get(pk=number)
        to_state = states.target(act, comment.state)
        if to_state is None or comment.erased_at or version not in {None, comment.version}:
            raise NotPossibleError
        decision = _record(comment, Act(act), to_state, actor, grounds)
        cases.close_cases(comment, decision)
        return decision


def undo(decision_id: int, actor: User) -> Decision:
    """Take a comment back to its state before its last decision, if nothing has happened since.

    Raises Decision.DoesNotExist, and NotPossibleError when the decision is not the comment's last, is
    itself an undo, or the comment has changed or been erased since.
    """
    undone = Decision.objects.select_related("comment").get(pk=decision_id)
    with tree.locked(undone.comment.article_id):
        comment = Comment.objects.get(pk=undone.comment_id)
        last = Decision.objects.filter(comment=comment).order_by("-pk").first()
        changed = comment.version != undone.comment_version or comment.erased_at is not None
        if last != undone or undone.act == Act.UNDO or changed:
            raise NotPossibleError
        decision = _record(comment, Act.UNDO, State(undone.from_state), actor, Grounds(), undone)
        cases.reopen_cases(undone)
        return decision


def _article_of(number: int) -> int:
    return Comment.objects.values_list("article_id", flat=True).get(pk=number)


def _was_first_publication(decision: Decision) -> bool:
    if decision.act != Act.APPROVE:
        return False
    before = Decision.objects.filter(comment=decision.comment_id, pk__lt=decision.pk)
    return not before.filter(Q(from_state=State.VISIBLE) | Q(to_state=State.VISIBLE)).exists()


def _record(
    comment: Comment,
    act: Act,
    to_state: State,
    actor: User | None,
    grounds: Grounds,
    undoes: Decision | None = None,
) -> Decision:
    from_state = comment.state
    try:
        first = undoes is not None and _was_first_publication(undoes)
        writing.set_state(comment, to_state, version=comment.version, never_public=first)
    except writing.StaleError:
        raise NotPossibleError from None
    if to_state == State.VISIBLE:
        notices.published(comment.pk, approved=True)
    elif from_state == State.VISIBLE:
        notices.taken_back(comment.pk)
    return Decision.objects.create(
        comment=comment,
        act=act,
        from_state=from_state,
        to_state=to_state,
        comment_version=comment.version,
        actor=actor,
        reason_code=grounds.reason_code,
        reason=grounds.reason,
        note=grounds.note,
        undoes=undoes,
        at=timezone.now(),
    )
