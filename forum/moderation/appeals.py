"""Appeals of authors against decisions: one for each decision, answered by another moderator."""

from collections.abc import Collection, Iterable

from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from forum.accounts.models import User
from forum.moderation import cases, cases_apart, decisions, edits_waiting, leases
from forum.moderation.decisions import Grounds, NotPossibleError, draft
from forum.moderation.models import REFUSING, Act, Case, Decision
from forum.moderation.models_requests import Appeal
from forum.moderation.reports import BY_REPORTS
from forum.notifications import notices_status
from forum.text.excerpt import excerpt
from forum.threads import revisions, tree
from forum.threads.models import Comment, Revision
from forum.threads.states import REFUSED, State

LONGEST_TEXT = 2000
LONGEST_ANSWER = 1000
# Why there is no appeal, or no answer to one.
NOTHING, TWICE, ANOTHER = "nothing", "twice", "another"
OWN, OWN_WORDS, ANSWERED, CHANGED = "own", "own_words", "answered", "changed"
STALE, NEWER, REWORDED = "stale", "newer", "reworded"
SAID = {
    True: gettext_lazy("Another moderator has looked at what you objected to, and agrees with you."),
    False: gettext_lazy("Another moderator has looked at what you objected to, and the decision stands."),
}


class NotTakenError(Exception):
    """There is no appeal, or no answer to one; the first argument says why, by a word above."""


def open_on(comments: Collection[int]) -> dict[int, Appeal]:
    """The appeal that waits on each of these comments, by comment number. One statement, and one more
    where edits were declined: `edit` is that edit, else None, and `why_not` says by a word above why it
    cannot be published any more, "" when it can."""
    if not comments:
        return {}
    waiting = Appeal.objects.filter(decision__comment__in=list(comments), granted=None)
    rows = waiting.select_related("decision__actor", "decision__comment").order_by("pk")
    found = {one.decision.comment_id: one for one in rows}
    declined = [number for number, one in found.items() if one.decision.act == Act.DECLINE]
    texts: dict[int, list[Revision]] = {number: [] for number in declined}
    for text in Revision.objects.filter(comment__in=declined).defer("body_html").order_by("n"):
        texts[text.comment_id].append(text)
    for number, one in found.items():
        one.edit, one.why_not, one.pieces = None, "", []
        if number in texts:
            comment = one.decision.comment
            one.edit, one.why_not = _edit_of(one.decision, comment, texts[number])
            one.pieces = edits_waiting.differs(comment, one.edit) if one.edit else []
    return found


def standing_on(comment: Comment) -> Decision | None:
    """The decision that made a comment what it is now, or that declined its author's last edit.

    None when the author may read of none: the words are public or wait, or came so from an archive.
    """
    made = Decision.objects.filter(comment=comment, undone_by=None).exclude(act=Act.UNDO)
    made = made.select_related("appeal").order_by("-pk")
    if comment.state in REFUSED:
        return made.filter(to_state=comment.state, act__in=REFUSING).first()
    if comment.state not in edits_waiting.STANDS:
        return None
    last = made.filter(act__in=[Act.ACCEPT, Act.DECLINE]).first()
    if last is None or last.act != Act.DECLINE:
        return None
    theirs = Q(by=None) | Q(by__author=comment.author_id) | Q(state=Revision.State.WAITING)
    return None if comment.revisions.filter(theirs, n__gt=last.revision or 0).exists() else last


def hold_on(comment: Comment) -> Decision | None:
    """The decision that holds what was public before because readers reported it. One statement, and none
    for what never was public."""
    if comment.state != State.HELD or comment.public_at is None:
        return None
    made = Decision.objects.filter(comment=comment, undone_by=None).exclude(act=Act.UNDO)
    last = made.exclude(from_state=F("to_state")).order_by("-pk").first()
    by_reports = last is not None and last.act == Act.HOLD and last.reason_code == BY_REPORTS
    return last if by_reports else None


def appeal_of(decision: Decision) -> Appeal | None:
    """The appeal against a decision that `standing_on` has read."""
    return getattr(decision, "appeal", None)


def granted_on(comment: Comment) -> Appeal | None:
    """The last appeal about a comment when it was granted by somebody, None otherwise. One statement."""
    last = Appeal.objects.filter(decision__comment=comment).order_by("-pk").first()
    return last if last is not None and last.granted and last.answered_by_id is not None else None


def appeal(comment: Comment, decision_id: int, text: str) -> Appeal:
    """Object to the decision that stands on one's own comment; a case opens for another moderator.

    The caller has made sure whose comment it is. Raises NotTakenError: when that decision does not stand any
    more or is none to object to, was objected to before, or another appeal about the comment waits.
    """
    with tree.locked_around([comment.pk]):
        comment = Comment.objects.get(pk=comment.pk)
        if Appeal.objects.filter(decision=decision_id, decision__comment=comment).exists():
            raise NotTakenError(TWICE)
        decision = standing_on(comment)
        if decision is None or decision.pk != decision_id or comment.erased_at is not None:
            raise NotTakenError(NOTHING)
        if Appeal.objects.filter(decision__comment=comment, granted=None).exists():
            raise NotTakenError(ANOTHER)
        made = Appeal.objects.create(decision=decision, text=text[:LONGEST_TEXT])
        cases.open_case(comment, Case.Cause.APPEAL)
        return made


def answer(number: int, granted: bool, words: str, actor: User, *, version: int | None = None) -> Decision:
    """Answer an appeal: the comment comes back or the edit is published, or the decision stands.

    `words` are for the author; `version` is the comment's that the actor saw, None takes the present one.
    Raises Appeal.DoesNotExist, and NotTakenError: for the moderator who made the decision or wrote the
    comment, for an appeal that is answered, for another version, and when the comment has changed so that
    nothing can come back. A declined edit comes back only in place of the words that stood when it was
    declined, and while its author wants no newer one.
    """
    asked = Appeal.objects.select_related("decision").get(pk=number)
    with tree.locked_around([asked.decision.comment_id]):
        asked = Appeal.objects.select_related("decision").get(pk=number)
        if asked.granted is not None:
            raise NotTakenError(ANSWERED)
        if asked.decision.actor_id == actor.pk:
            raise NotTakenError(OWN)
        comment = Comment.objects.select_related("author").get(pk=asked.decision.comment_id)
        if comment.author is not None and actor.pk in {comment.author.user_id, comment.author.claimed_by_id}:
            raise NotTakenError(OWN_WORDS)
        if version not in {None, comment.version}:
            raise NotTakenError(STALE)
        grounds = Grounds(reason_code="appeal", reason=excerpt(words, 500))
        if not granted:
            decision = _uphold(comment, actor, grounds)
        else:
            try:
                decision = _grant(asked.decision, comment, actor, grounds)
            except NotPossibleError:
                raise NotTakenError(CHANGED) from None
        cases_apart.end_appeal(asked, decision, granted, words[:LONGEST_ANSWER])
        said = str(SAID[granted])
        told = notices_status.Told(comment.pk, decision.pk, said, words[:LONGEST_ANSWER], actor.pk)
        notices_status.all_decided([told])
        return decision


def undo_uphold(undone: Decision, actor: User) -> Decision:
    """Take back that a decision stands: the appeal waits again. Raises NotPossibleError."""
    with tree.locked_around([undone.comment_id]):
        comment = decisions.as_left_by(undone)
        decision = draft(comment, Act.UNDO, actor, undoes=undone)
        revisions.touch(comment)
        decision.comment_version = comment.version
        decision.save(force_insert=True)
        cases.reopen_cases([undone])
        cases_apart.reopen([undone])
        notices_status.all_decided([decisions.told_of(decision)])
        return decision


def _uphold(comment: Comment, actor: User, grounds: Grounds) -> Decision:
    decision = draft(comment, Act.UPHOLD, actor, grounds)
    revisions.touch(comment)  # what was decided before cannot be taken back past this answer
    decision.comment_version = comment.version
    decision.save(force_insert=True)
    leases.free_all([comment.pk])
    return decision


def _grant(appealed: Decision, comment: Comment, actor: User, grounds: Grounds) -> Decision:
    if appealed.act != Act.DECLINE:
        return decisions.decide(Act.RESTORE, comment.pk, actor, grounds=grounds)
    edit, why_not = _edit_of(appealed, comment, comment.revisions.order_by("n"))
    if why_not:
        raise NotTakenError(why_not)
    if edit is None or comment.erased_at is not None or comment.state not in edits_waiting.STANDS:
        raise NotPossibleError
    return edits_waiting.publish(comment, edit, draft(comment, Act.ACCEPT, actor, grounds))


def _edit_of(declined: Decision, comment: Comment, texts: Iterable[Revision]) -> tuple[Revision | None, str]:
    """The edit that was declined, out of all texts of its comment in their order, and why it cannot be
    published any more: other words stand there since, or a newer edit waits for somebody who looks at both.
    """
    edit = stood = None
    newer = False
    for text in texts:
        newer = newer or text.state == Revision.State.WAITING
        if text.n == declined.revision:
            edit = text
        elif text.state == Revision.State.PUBLISHED and text.at <= declined.at:
            stood = text
    words = None if stood is None else (stood.body_source, stood.source_format)
    is_other = words != (comment.body_source, comment.source_format)
    return edit, NEWER if newer else REWORDED if is_other else ""
