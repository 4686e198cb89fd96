"""What a policy would have made of the replies of some days, beside what moderators have decided."""

import datetime
import uuid
from bisect import bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from forum.moderation import rules
from forum.moderation.models import APPROVING, REFUSING, Case, Decision, RuleHit
from forum.moderation.models_policy import Rehearsal
from forum.moderation.rehearsal_rule import spread
from forum.site.forms import OWNED
from forum.site.models import TAKING_NO_REPLIES, SitePolicy
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import Kind, Origin, State

PORTION = 300
SAMPLES = 10
COUNTED = ("looked", "held_now", "held_then", "missed", "bothered", "spared", "caught", "not_taken")

Told = Callable[[int, int], None]


def count_of(tried: Rehearsal) -> int:
    """How many replies a rehearsal of a policy goes through."""
    return _replies(tried).count()


def result_of(tried: Rehearsal, told: Told) -> dict[str, Any]:
    """What a policy would have held of the replies of its days, and how that fits what people decided.

    `missed` would have been public at once though a moderator refused them, `bothered` held though one
    approved them; `spared` and `caught` are the same without the though. Each reply is judged as it reads
    today, an author's trust as it stood when it came. One whose discussion had been quiet for too long is
    not taken, and what was not taken keeps no discussion open for others.
    """
    policy = proposed(tried)
    counts = dict.fromkeys(COUNTED, 0)
    found: dict[str, list[int]] = {"missed": [], "bothered": []}
    done, total = 0, count_of(tried)
    open_ = _Open(policy, _since(tried))
    for portion in _portions(tried):
        open_.look_at(portion)
        numbers = [comment.pk for comment in portion]
        waited, trapped, decided = _waited(numbers), _trapped(numbers), _decided(numbers)
        trusted = _trusted_since(portion, policy)
        for comment in portion:
            counts["looked"] += 1
            counts["held_now"] += comment.pk in waited or comment.pk in trapped
            if not open_.takes(comment):
                counts["not_taken"] += 1
                continue
            since = trusted.get(comment.author_id)
            outcome = _outcome(comment, policy, since, honeypot=comment.pk in trapped)
            counts["held_then"] += outcome == "held"
            name = _fit(outcome, decided.get(comment.pk))
            if name:
                counts[name] += 1
            if name in found:
                found[name].append(comment.pk)
        done += len(portion)
        told(min(done, total), total)
    samples = {name: spread(numbers, SAMPLES) for name, numbers in found.items()}
    return {"counts": counts} | samples


def proposed(tried: Rehearsal) -> SitePolicy:
    """The policy that is proposed, not saved: what the proposal does not say is as it is now."""
    policy = SitePolicy.objects.current()
    for name in OWNED:
        setattr(policy, name, tried.proposal.get(name, getattr(policy, name)))
    policy.rules_key = policy.rules_key or uuid.uuid4().hex  # so that rules are read once
    return policy


def _outcome(
    comment: Comment, policy: SitePolicy, trusted_since: datetime.datetime | None, *, honeypot: bool
) -> str:
    verdict = rules.screen(
        comment.article,
        policy,
        text=rules.text_of(comment),
        author=comment.author,
        honeypot=honeypot,
        name=comment.name_shown,
        besides=comment.pk,
        asks=False,
    )
    # Who is trusted today was a newcomer once.
    too_soon = trusted_since is None or trusted_since > comment.received_at
    if verdict.state != State.VISIBLE or verdict.rule == "trusted" and too_soon:
        return "held"
    return "public"


class _Open:
    """Which discussions would have taken replies: not those that the policy's mode or age had closed.

    As when a reply comes, the age counts from the last comment that was public then, else from the import;
    known is only what is public today. Replies are asked about in the order in which they came.
    """

    def __init__(self, policy: SitePolicy, since: datetime.datetime) -> None:
        self._policy, self._since = policy, since
        self._imported: dict[int, datetime.datetime] = {}
        self._public: dict[int, list[datetime.datetime]] = {}  # of each article, in their order

    def look_at(self, portion: Sequence[Comment]) -> None:
        """Read of articles that are new here what was public before these replies: three statements."""
        new = {comment.article_id for comment in portion} - self._public.keys()
        if not self._policy.close_after_days or not new:
            return
        self._public |= {article: [] for article in new}
        archived = Comment.objects.filter(article__in=new, origin=Origin.ARCHIVE).order_by()
        imported = archived.values_list("article").annotate(last=Max("received_at"))
        self._imported |= dict(imported.values_list("article", "last"))
        # Replies of the days themselves count only when they are taken.
        public = Comment.objects.public().filter(article__in=new, public_at__isnull=False)
        before = public.exclude(origin=Origin.LIVE, received_at__gte=self._since).order_by()
        last = before.filter(public_at__lt=self._since).values("article").annotate(at=Max("public_at"))
        later = before.filter(public_at__gte=self._since)
        for article, moment in [
            *last.values_list("article", "at"),
            *later.values_list("article", "public_at"),
        ]:
            insort(self._public[article], moment)

    def takes(self, comment: Comment) -> bool:
        """Whether this reply would have been taken when it came; if so, it keeps its discussion open."""
        if TAKING_NO_REPLIES & {comment.article.mode, self._policy.mode}:
            return False
        if not self._policy.close_after_days:
            return True
        public = self._public[comment.article_id]
        before = bisect_right(public, comment.received_at)
        last = public[before - 1] if before else self._imported.get(comment.article_id)
        longest = datetime.timedelta(days=self._policy.close_after_days)
        if last is not None and comment.received_at - last > longest:
            return False
        if comment.state == State.VISIBLE and comment.public_at is not None:
            insort(public, comment.public_at)
        return True


def _fit(outcome: str, act: str | None) -> str:
    if act in REFUSING:
        return "caught" if outcome == "held" else "missed"
    if act in APPROVING:
        return "bothered" if outcome == "held" else "spared"
    return ""


def _since(tried: Rehearsal) -> datetime.datetime:
    return (tried.at or timezone.now()) - datetime.timedelta(days=tried.days or 0)


def _replies(tried: Rehearsal) -> CommentQuerySet:
    rows = Comment.objects.filter(kind=Kind.COMMENT, origin=Origin.LIVE, erased_at=None)
    return rows.filter(received_at__gte=_since(tried), received_at__lt=tried.at).exclude(
        state=State.WITHDRAWN
    )


def _portions(tried: Rehearsal) -> Iterator[list[Comment]]:
    last = 0
    rows = _replies(tried).select_related("article", "author").order_by("pk")
    wanted = rows.defer("body_html", "article__body_source", "article__body_html")
    while portion := list(wanted.filter(pk__gt=last)[:PORTION]):
        last = portion[-1].pk
        yield portion


def _trusted_since(portion: Sequence[Comment], policy: SitePolicy) -> dict[int, datetime.datetime]:
    """Since when those who wrote these are trusted, as far as it can still be known. One statement."""
    authors = {comment.author_id: comment.author for comment in portion if comment.author_id is not None}
    since = {pk: one.trusted_at for pk, one in authors.items() if one.trusted_at is not None}
    if not policy.trust_after:
        return since
    visible = Q(comment__author__in=list(authors), comment__state=State.VISIBLE)
    made = Decision.objects.filter(visible, act__in=APPROVING, actor__isnull=False, undone_by=None)
    approved: dict[int, dict[int, datetime.datetime]] = {}
    for author, comment, moment in made.order_by("at").values_list("comment__author", "comment", "at"):
        untrusted_at = authors[author].untrusted_at
        if untrusted_at is None or moment > untrusted_at:
            approved.setdefault(author, {}).setdefault(comment, moment)
    for author, moments in approved.items():
        if len(moments) >= policy.trust_after:
            enough = sorted(moments.values())[policy.trust_after - 1]
            since[author] = min(enough, since.get(author, enough))
    return since


def _waited(numbers: Sequence[int]) -> set[int]:
    """Those that waited for a moderator when they came."""
    cases = Case.objects.filter(comment__in=numbers, cause=Case.Cause.NEW)
    return set(cases.values_list("comment", flat=True))


def _trapped(numbers: Sequence[int]) -> set[int]:
    """Those whose sender filled in what people do not see."""
    hits = RuleHit.objects.filter(case__comment__in=numbers, rule="honeypot")
    return set(hits.values_list("case__comment", flat=True))


def _decided(numbers: Sequence[int]) -> dict[int, str]:
    """The last act of a person on each that says whether it belongs before the public."""
    acts = Decision.objects.filter(comment__in=numbers, actor__isnull=False, undone_by=None)
    return dict(acts.filter(act__in=[*APPROVING, *REFUSING]).order_by("pk").values_list("comment", "act"))
