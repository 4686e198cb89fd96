"""Deciding on comments and taking decisions back: each act in one function, one transaction."""

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from forum.accounts.models import User
from forum.accounts.writing import stop_trusting, trust
from forum.moderation import cases, cases_apart, leases, reports_settled, rules
from forum.moderation.models import Act, Decision
from forum.notifications import notices, notices_status
from forum.threads import states, tree, writing
from forum.threads.models import Comment
from forum.threads.states import Kind, State

DECIDABLE = (Act.APPROVE, Act.TRUST, Act.KEEP, Act.REJECT, Act.SPAM, Act.REMOVE, Act.RESTORE)
# What authors hear of by mail, in words.
TOLD = {
    Act.REJECT: gettext_lazy("A moderator decided not to publish it."),
    Act.SPAM: gettext_lazy("A moderator took it for advertising or spam, so it is not shown."),
    Act.REMOVE: gettext_lazy("A moderator took it off the page."),
    Act.DECLINE: gettext_lazy("A moderator decided to keep the words that stood there before your change."),
}
AT_ONCE = 500  # comments in one transaction


class NotPossibleError(Exception):
    """The act is not legal in the comment's present state, or somebody was quicker."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why: `reason` may be told to the author, `note` is for the desk."""

    reason_code: str = ""
    reason: str = ""
    note: str = ""


NO_GROUNDS = Grounds()


@dataclass(slots=True)
class Outcome:
    """What has become of many comments: the decisions made, and the numbers that were left alone."""

    done: list[Decision] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def decide(
    act: str, number: int, actor: User | None, *, version: int | None = None, grounds: Grounds = NO_GROUNDS
) -> Decision:
    """Approve (and trust), keep, reject, mark as spam, remove or restore one comment.

    `version` is the comment's version that the actor saw; None takes the present one. `actor` None is
    the system. Raises Comment.DoesNotExist, and NotPossibleError for an illegal or stale act.
    """
    outcome = decide_some(act, {number: version}, actor, grounds=grounds)
    if outcome.done:
        return outcome.done[0]
    Comment.objects.get(pk=number)
    raise NotPossibleError


def decide_some(
    act: str,
    chosen: Mapping[int, int | None],
    actor: User | None,
    *,
    grounds: Grounds = NO_GROUNDS,
    batch: uuid.UUID | None = None,
) -> Outcome:
    """Decide on up to AT_ONCE comments in one transaction: numbers with the versions seen, None for any.

    What is not there, has another version or does not fit the act is left alone. The number of statements
    does not depend on how many comments there are.
    """
    with tree.all_locked(_articles_of(chosen)) as articles:
        rows = _rows(chosen, articles)
        trusting = rules.trustable(row.author_id for row in rows.values()) if act == Act.TRUST else None
        fit = [row for row in rows.values() if _fits(row, act, chosen[row.pk], trusting)]
        if act == Act.KEEP:
            waiting = cases.waiting(rows)
            fit = [row for row in fit if row.pk in waiting]
        moves = [writing.Move(row, states.target(act, row.state)) for row in fit]
        done = _move(moves, [draft(row, Act(act), actor, grounds, batch=batch) for row in fit])
        if act != Act.HOLD:  # what is held waits for a moderator under the case that held it
            cases.close_cases([row.pk for row in fit])
            reports_settled.settle(act, done)
        leases.free_all([row.pk for row in fit])
        if act == Act.TRUST:
            trust({row.author_id for row in fit}, min((one.at for one in done), default=None))
        decided = {row.pk for row in fit}
        return Outcome(done, [number for number in chosen if number not in decided])


def undo_some(decision_ids: Sequence[int], actor: User, *, batch: uuid.UUID | None = None) -> Outcome:
    """Take back up to AT_ONCE decisions on the states of comments, in one transaction.

    Each comment goes to its state before its last decision; a wait that the decision had ended goes on, and
    the time between does not count. What is not its comment's last decision, is an undo or its author's
    withdrawal, or whose comment has changed or been erased since is left alone, by the number of the comment.
    """
    undone = list(Decision.objects.filter(pk__in=decision_ids, act__in=states.MOVES).order_by("pk"))
    numbers = [one.comment_id for one in undone]
    with tree.all_locked(_articles_of(numbers)) as articles:
        rows, last = _rows(numbers, articles), last_of(numbers)
        fit = [one for one in undone if one.pk in last and is_unchanged(one, rows.get(one.comment_id))]
        first = _first_publications(fit)
        # What is taken back together was decided together: one gap says it, and no statement more is needed.
        gone = timezone.now() - max((o.at for o in fit), default=timezone.now())
        away = max(gone, datetime.timedelta(0))
        moves = [writing.Move(rows[o.comment_id], State(o.from_state), o.pk in first, away) for o in fit]
        drafts = [draft(rows[o.comment_id], Act.UNDO, actor, batch=batch, undoes=o) for o in fit]
        done = _move(moves, drafts)
        reports_settled.unsettle(fit)
        cases.reopen_cases(fit)
        reports_settled.follow_undo(fit, done)
        cases_apart.reopen(fit)
        _trust_no_more(fit, rows)
        return Outcome(done, [one.comment_id for one in undone if one not in fit])


def last_of(numbers: Collection[int]) -> set[int]:
    """The numbers of the last decision on each of these comments; banning somebody changes no comment."""
    made = Decision.objects.filter(comment__in=numbers).exclude(act=Act.BAN).exclude(undoes__act=Act.BAN)
    return set(dict(made.order_by("pk").values_list("comment_id", "pk")).values())


def is_unchanged(decision: Decision, comment: Comment | None) -> bool:
    """Whether the comment, read under the lock, is as the decision left it, and it may be taken back at all.

    What an author has withdrawn is not the desk's to bring back.
    """
    if comment is None or comment.erased_at is not None:
        return False
    return decision.act not in {Act.UNDO, Act.WITHDRAW} and comment.version == decision.comment_version


def as_left_by(undone: Decision) -> Comment:
    """The comment of a decision that is to be taken back, read under the lock.

    Raises NotPossibleError unless it is the comment's last decision and the comment is as that left it.
    """
    comment = Comment.objects.get(pk=undone.comment_id)
    if undone.pk not in last_of([comment.pk]) or not is_unchanged(undone, comment):
        raise NotPossibleError
    return comment


def draft(
    comment: Comment,
    act: Act,
    actor: User | None,
    grounds: Grounds = NO_GROUNDS,
    *,
    batch: uuid.UUID | None = None,
    undoes: Decision | None = None,
) -> Decision:
    """A decision on a comment as it stands now; `to_state` and `comment_version` are set when it is done."""
    return Decision(
        comment=comment,
        act=act,
        from_state=comment.state,
        to_state=comment.state,
        comment_version=comment.version,
        actor=actor,
        reason_code=grounds.reason_code,
        reason=grounds.reason,
        note=grounds.note,
        undoes=undoes,
        batch=batch,
        at=timezone.now(),
    )


def _articles_of(numbers: Collection[int]) -> list[int]:
    found = Comment.objects.filter(pk__in=list(numbers)).order_by()
    return list(found.values_list("article_id", flat=True).distinct())


def _rows(numbers: Collection[int], articles: Collection[int]) -> dict[int, Comment]:
    """Comments by number, in the order of `numbers`; one that has moved elsewhere meanwhile is not there."""
    found = Comment.objects.filter(pk__in=list(numbers), article__in=list(articles))
    rows = {row.pk: row for row in found.defer("body_source", "body_html")}
    return {number: rows[number] for number in numbers if number in rows}


def _fits(row: Comment, act: str, version: int | None, trusting: Collection[int] | None) -> bool:
    if states.target(act, row.state) is None or row.erased_at or row.kind == Kind.PLACEHOLDER:
        return False
    return version in {None, row.version} and (trusting is None or row.author_id in trusting)


def _move(moves: Sequence[writing.Move], drafts: Sequence[Decision]) -> list[Decision]:
    """Move the comments, write the decisions down, tell whoever is to be told and take back what told."""
    try:
        writing.set_states(moves)
    except writing.StaleError:
        raise NotPossibleError from None
    for move, one in zip(moves, drafts, strict=True):
        one.to_state, one.comment_version = move.state, move.comment.version
    made = Decision.objects.bulk_create(drafts)
    cases_apart.follow(made)
    shown = [one.comment_id for one in made if one.to_state == State.VISIBLE != one.from_state]
    hidden = [one.comment_id for one in made if one.from_state == State.VISIBLE != one.to_state]
    notices.all_published(shown, approved=True)
    notices.all_taken_back(hidden)
    notices_status.all_decided([told_of(one) for one in made if one.from_state != one.to_state])
    return made


def told_of(decision: Decision) -> notices_status.Told:
    """What the author of a comment may hear of a decision; nothing of what the system or they did."""
    is_told = decision.act in TOLD and decision.actor_id is not None
    return notices_status.Told(
        decision.comment_id,
        decision.pk,
        TOLD[Act(decision.act)] if is_told else "",
        decision.reason,
        decision.actor_id,
        may_object=is_told,
    )


def _first_publications(undone: Sequence[Decision]) -> set[int]:
    """Those among decisions before which their comment was never public, but for what was taken back."""
    public = Q(from_state=State.VISIBLE) | Q(to_state=State.VISIBLE)
    numbers = [one.comment_id for one in undone]
    standing = Decision.objects.filter(public, comment__in=numbers, undone_by=None).exclude(act=Act.UNDO)
    first = dict(standing.order_by("-pk").values_list("comment_id", "pk"))
    return {o.pk for o in undone if first.get(o.comment_id) == o.pk and o.from_state != State.VISIBLE}


def _trust_no_more(undone: Sequence[Decision], rows: Mapping[int, Comment]) -> None:
    """Take back the trust that came with these decisions, unless another one that stands gave it, too.

    What was decided before trust was last withdrawn does not count.
    """
    taken = [one for one in undone if one.act == Act.TRUST]
    authors = {rows[one.comment_id].author_id for one in taken}
    if authors:
        trusted = Decision.objects.filter(act=Act.TRUST, undone_by=None, comment__author__in=authors)
        others = trusted.filter(at__gte=F("comment__author__trusted_at"))
        stop_trusting(authors - set(others.values_list("comment__author", flat=True)))
