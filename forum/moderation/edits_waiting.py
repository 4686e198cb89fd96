"""Edits of public comments by their authors that wait for a moderator."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.utils import timezone

from forum.accounts.models import User
from forum.moderation import cases, cases_apart, leases
from forum.moderation.decisions import (
    NO_GROUNDS,
    Grounds,
    NotPossibleError,
    as_left_by,
    draft,
    told_of,
)
from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_requests import Appeal
from forum.moderation.rules import Verdict
from forum.notifications import notices, notices_status
from forum.text.differences import Piece, pieces, shortened
from forum.threads import revisions, tree, writing
from forum.threads.models import Comment, Revision
from forum.threads.states import State

STANDS = (State.VISIBLE, State.HELD)


def open_on(comments: Collection[int]) -> dict[int, Revision]:
    """The edit that waits on each of these comments, by comment number, with how it differs as `pieces`.

    One statement.
    """
    if not comments:
        return {}
    waiting = Revision.objects.filter(comment__in=list(comments), state=Revision.State.WAITING)
    found = {one.comment_id: one for one in waiting.select_related("comment").order_by("n")}
    for one in found.values():
        one.pieces = differs(one.comment, one)
    return found


def differs(comment: Comment, proposed: Revision) -> list[Piece]:
    """How a proposed text differs from the one that stands, long unchanged runs left out."""
    return list(shortened(pieces(comment.body_source, proposed.body_source)))


def propose(comment: Comment, body: str, verdict: Verdict, by: User | None) -> Revision:
    """Let an author's new text wait beside the public one, with what the rules say of it; under the lock."""
    made = revisions.propose(comment, body, by)
    case = cases.open_case(comment, Case.Cause.EDIT)
    cases.replace_hits(case, verdict.hits)
    if verdict.urgent:
        revisions.weigh(comment, comment.risk, verdict.urgent)
    return made


def take_back(comment: Comment) -> None:
    """Let an author's edit wait no more because they want it so; call it under the lock."""
    revisions.give_up([comment.pk])
    waits = Case.objects.filter(comment=comment, cause=Case.Cause.EDIT, closed=None)
    waits.update(closed=timezone.now())


def accept(
    number: int, n: int, actor: User, *, version: int | None, grounds: Grounds = NO_GROUNDS
) -> Decision:
    """Publish the edit number `n` that waits on a comment; the words before are kept.

    `version` is the comment's that the actor saw. Raises Comment.DoesNotExist, and NotPossibleError when the
    edit does not wait any more or somebody was quicker.
    """
    with tree.locked_around([number]):
        comment, waiting = _waiting(number, n, version)
        waiting.delete()  # the same words stand in the text that is published now
        return publish(comment, waiting, draft(comment, Act.ACCEPT, actor, grounds))


def decline(
    number: int, n: int, actor: User, *, version: int | None, grounds: Grounds = NO_GROUNDS
) -> Decision:
    """Keep the words that stand there, and the edit number `n` for whoever has to judge that. As `accept`."""
    with tree.locked_around([number]):
        comment, waiting = _waiting(number, n, version)
        decision = draft(comment, Act.DECLINE, actor, grounds)
        revisions.give_up([comment.pk])
        with _or_late():
            revisions.touch(comment)
        _save(decision, comment, waiting.n)
        cases_apart.end_edit(decision)
        return decision


def publish(comment: Comment, proposed: Revision, decision: Decision) -> Decision:
    """Give a comment its author's proposed words by a decision that is not saved yet; under the lock."""
    with _or_late():
        made = revisions.reword(comment, proposed.body_source, proposed.source_format, proposed.by)
    _save(decision, comment, made.n)
    cases_apart.end_edit(decision)
    if comment.state == State.VISIBLE:
        notices.reworded(comment.pk)
    return decision


def undo(undone: Decision, actor: User) -> Decision:
    """Take back that an edit was published or declined: it waits again, unless an appeal had published it.

    Raises NotPossibleError when something has happened to the comment since.
    """
    with tree.locked_around([undone.comment_id]):
        comment = as_left_by(undone)
        decision = draft(comment, Act.UNDO, actor, undoes=undone)
        cases.reopen_cases([undone])
        waits = Case.objects.filter(comment=comment, cause=Case.Cause.EDIT, closed=None).exists()
        with _or_late():
            if undone.act == Act.ACCEPT:
                _back(comment, undone, waits=waits)
            else:
                revisions.touch(comment)
                revisions.wait_again([comment.pk])
        _save(decision, comment)
        cases_apart.reopen([undone])
        for appeal in Appeal.objects.filter(decision=undone, granted=None):
            cases_apart.end_appeal(appeal, decision, True)
        if comment.state == State.VISIBLE and undone.act == Act.ACCEPT:
            notices.reworded(comment.pk)
        return decision


def _back(comment: Comment, undone: Decision, *, waits: bool) -> None:
    taken, before = comment.revisions.get(n=undone.revision), revisions.before(comment, undone.revision)
    revisions.reword(comment, before.body_source, before.source_format, before.by)
    if waits:
        revisions.propose(comment, taken.body_source, taken.by)


def _waiting(number: int, n: int, version: int | None) -> tuple[Comment, Revision]:
    comment = Comment.objects.get(pk=number)
    waiting = revisions.waiting_on(comment)
    if waiting is None or waiting.n != n or version not in {None, comment.version}:
        raise NotPossibleError
    if comment.erased_at is not None or comment.state not in STANDS:
        raise NotPossibleError
    return comment, waiting


def _save(decision: Decision, comment: Comment, revision: int | None = None) -> None:
    decision.comment_version, decision.revision = comment.version, revision
    decision.save(force_insert=True)
    leases.free_all([comment.pk])
    notices_status.all_decided([told_of(decision)])


@contextmanager
def _or_late() -> Iterator[None]:
    try:
        yield
    except writing.StaleError:
        raise NotPossibleError from None
