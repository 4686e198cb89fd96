"""Opening and closing what waits for a moderator."""

from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from forum.moderation.models import Case, Decision, RuleHit
from forum.moderation.rules import WEIGHTS, Hit, Verdict
from forum.moderation.rules_signs import OF_SENDING
from forum.threads import revisions
from forum.threads.models import Comment
from forum.threads.states import State

# A decision on the comment's state leaves these open: they have acts of their own.
APART = (Case.Cause.EDIT, Case.Cause.APPEAL, Case.Cause.TAKEDOWN)


def open_case(comment: Comment, cause: Case.Cause, hits: Sequence[Hit] = ()) -> Case:
    """A case for this comment and cause with what its rules matched; the open one when there is one."""
    case, made = Case.objects.get_or_create(
        comment=comment, cause=cause, closed=None, defaults={"opened": timezone.now()}
    )
    if made:
        _put_hits(case, hits)
    return case


def replace_hits(case: Case, hits: Sequence[Hit]) -> None:
    """Give a case other hits: the words that it is about have changed."""
    RuleHit.objects.filter(case=case).delete()
    _put_hits(case, hits)


def _put_hits(case: Case, hits: Sequence[Hit]) -> None:
    RuleHit.objects.bulk_create([_row(case, hit) for hit in hits])


def _row(case: Case, hit: Hit) -> RuleHit:
    said = {"matched": hit.matched, "start": hit.start, "end": hit.end, "label": hit.label}
    return RuleHit(case=case, rule=hit.rule, **said)


def judge_again(comment: Comment, verdict: Verdict) -> None:
    """Let why a held comment waits, its risk and its urgency be those of its words as they stand now.

    What the rules said of its sending stays true. Call it under the lock of its discussion, after its words
    have changed; nothing happens to one that does not wait.
    """
    if comment.state != State.HELD:
        return
    open_ = _open_on_state([comment.pk]).order_by("pk")
    case = open_.filter(cause=Case.Cause.NEW).first() or open_.last()
    if case is None:
        case = open_case(comment, Case.Cause.NEW)
    before = RuleHit.objects.filter(case__in=open_)
    stays = before.filter(rule__in=OF_SENDING)
    new = [hit for hit in verdict.hits if hit.rule not in OF_SENDING]
    weights = sum(WEIGHTS[name] for name in stays.order_by().values_list("rule", flat=True).distinct())
    before.exclude(rule__in=OF_SENDING).delete()
    RuleHit.objects.bulk_create([_row(case, hit) for hit in new])
    revisions.weigh(comment, verdict.risk + weights, verdict.urgent)


def open_cases(comments: Sequence[int], cause: Case.Cause) -> None:
    """As `open_case` for many comments by number; call it under the locks of their discussions."""
    if not comments:
        return
    open_ = Case.objects.filter(comment__in=comments, cause=cause, closed=None)
    there, now = set(open_.values_list("comment_id", flat=True)), timezone.now()
    new = [Case(comment_id=number, cause=cause, opened=now) for number in comments if number not in there]
    Case.objects.bulk_create(new, batch_size=500)


def waiting(numbers: Iterable[int]) -> set[int]:
    """Those among comments, by number, on which something is open that a decision on their state closes."""
    return set(_open_on_state(list(numbers)).values_list("comment", flat=True))


def close_cases(numbers: Sequence[int]) -> None:
    """Close what is open on these comments, but for what stands APART, by the newest decision on each."""
    newest = Decision.objects.filter(comment=OuterRef("comment")).order_by("-pk").values("pk")[:1]
    _open_on_state(numbers).update(closed=timezone.now(), closed_by=Subquery(newest))


def end_without_words(numbers: Sequence[int]) -> None:
    """Close what is open on comments that have lost their words, and let no change of them wait any more.

    No decision on their state fits them. Appeals and take-down requests have answers of their own and wait.
    """
    answered = (Case.Cause.APPEAL, Case.Cause.TAKEDOWN)
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        open_ = Case.objects.filter(comment__in=some, closed=None).exclude(cause__in=answered)
        open_.update(closed=timezone.now())
        revisions.give_up(some)


def wait_with_words(numbers: Sequence[int]) -> None:
    """Open the newest reports again that `end_without_words` has closed: they say something again."""
    reported = Case.objects.filter(comment__in=numbers, cause=Case.Cause.REPORTS)
    ended = reported.filter(closed__isnull=False, closed_by=None).order_by("pk")
    newest = dict(ended.values_list("comment", "pk"))
    if newest:
        there = set(reported.filter(closed=None).values_list("comment", flat=True))
        again = [pk for number, pk in newest.items() if number not in there]
        Case.objects.filter(pk__in=again).update(closed=None)


def reopen_cases(undone: Sequence[Decision]) -> None:
    """Open again what the decisions had closed, unless the same cause has been opened since."""
    closed = Case.objects.filter(closed_by__in=undone)
    since = Case.objects.filter(comment__in=[one.comment_id for one in undone], closed=None)
    there = set(since.values_list("comment", "cause"))
    again = [pk for pk, *case in closed.values_list("pk", "comment", "cause") if tuple(case) not in there]
    Case.objects.filter(pk__in=again).update(closed=None, closed_by=None)


def _open_on_state(numbers: Sequence[int]) -> QuerySet[Case]:
    """What is open on comments and closed by a decision on their state."""
    return Case.objects.filter(comment__in=numbers, closed=None).exclude(cause__in=APART)
