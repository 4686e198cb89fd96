"""What readers report: filing it, what many of them together do, and what is open on a comment."""

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_network

from allauth.account.models import EmailAddress
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.crypto import salted_hmac

from forum.accounts.models import Address, Author, User
from forum.accounts.viewer import MODERATE, Viewer
from forum.accounts.writing import name_author
from forum.moderation import cases, decisions
from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_requests import Report
from forum.moderation.queries import over_all
from forum.site.models import SitePolicy
from forum.threads import revisions, tree
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import State

LONGEST_TEXT = 1000
BY_REPORTS = "reports"
_NEARLY = 1e-9


class TwiceError(Exception):
    """The same reporter has reported this already, and nobody has decided since."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: `author` is None for somebody who is known by nothing.

    `counts` says that they have proved an address and are not of the staff, whose reports only put a
    comment before the desk. `trace` says where they come from without saying it.
    """

    author: Author | None
    trace: str
    counts: bool = False


def reporter_of(viewer: Viewer, user: User | None, address: str) -> Reporter:
    """The account's author, or the guest whose browser this is, or somebody unknown."""
    trace = trace_of(address)
    if user is not None:
        proved = EmailAddress.objects.filter(user=user, verified=True).exists()
        return Reporter(name_author(user), trace, proved and not viewer.may(MODERATE))
    guests = Author.objects.filter(kind=Author.Kind.GUEST, erased_at=None)
    verified = Q(addresses__verified_at__isnull=False)
    proved = guests.filter(verified, addresses__key__in=viewer.own_keys).first()
    if proved is not None or not viewer.own_keys:
        return Reporter(proved, trace, proved is not None)
    # One who has proved an address is known only to browsers that have proved it.
    known = guests.filter(comment__own_key__in=viewer.own_keys).exclude(
        pk__in=Address.objects.filter(verified_at__isnull=False).values("author")
    )
    return Reporter(known.order_by("-pk").first(), trace)


def trace_of(address: str) -> str:
    """A keyed hash of the network of a client (an address of IPv4, a /64 of IPv6), "" counting as one."""
    where = str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
    return salted_hmac("afterword.report", where, algorithm="sha256").hexdigest()


def reportable(viewer: Viewer) -> CommentQuerySet:
    """The comments that this viewer may report: those that everybody may read."""
    return Comment.objects.readable_by(viewer.as_reader()).filter(state=State.VISIBLE, erased_at=None)


def report(number: int, by: Reporter, reason: str, text: str = "") -> Report:
    """Report a comment: its case opens, danger comes first, and enough reports that count hold it.

    Raises Comment.DoesNotExist for what not everybody may read, and TwiceError.
    """
    with tree.locked_around([number]):
        comment = reportable(Viewer()).get(pk=number)
        case = cases.open_case(comment, Case.Cause.REPORTS)
        if has_reported(case, by):
            raise TwiceError
        said = {"trace": by.trace, "counts": by.counts, "reason": reason, "text": text[:LONGEST_TEXT]}
        made = Report.objects.create(case=case, reporter=by.author, **said)
        if reason == Report.Reason.DANGER:
            revisions.set_urgent(comment)
        _hold_when_enough(comment, case)
        return made


def has_reported(case: Case, by: Reporter) -> bool:
    """Whether somebody, or where they come from when they are unknown, has a report under this case."""
    same = Q(reporter=by.author) if by.author is not None else Q(reporter=None, trace=by.trace)
    return Report.objects.filter(same, case=case).exists()


def weight_of(right: int, wrong: int) -> float:
    """How much somebody's report weighs: 1 for who is new, up to 2 for who was always right, down to 0."""
    return 2 * (right + 1) / (right + wrong + 2)


def open_on(comments: Collection[int]) -> dict[int, list[Report]]:
    """The reports under open cases of these comments, by comment number, oldest first. One statement.

    Each has `right` and `judged`: how many reports of its reporter were right, of how many decided ones.
    """
    found: dict[int, list[Report]] = {}
    if not comments:
        return found
    own = Report.objects.filter(reporter=OuterRef("reporter"), upheld__isnull=False).order_by()
    counted = {
        name: Coalesce(Subquery(rows.values(n=over_all("COUNT", "pk"))), 0, output_field=IntegerField())
        for name, rows in (("right", own.filter(upheld=True)), ("judged", own))
    }
    rows = Report.objects.filter(case__comment__in=list(comments), case__closed=None)
    for one in rows.select_related("case", "reporter").annotate(**counted).order_by("at", "pk"):
        found.setdefault(one.case.comment_id, []).append(one)
    return found


def _hold_when_enough(comment: Comment, case: Case) -> None:
    """Hold a comment when the reports of its case that count weigh enough; once for a case.

    Whoever takes that back has looked: the rest of the case waits for them, and hides nothing again.
    """
    needed = SitePolicy.objects.current().reports_to_hide
    counting = Report.objects.filter(case=case, counts=True)
    if not needed or not counting.exists():
        return
    held = Decision.objects.filter(comment=comment, act=Act.HOLD, actor=None, at__gte=case.opened)
    if _weight_together(counting) >= needed - _NEARLY and not held.exists():
        grounds = decisions.Grounds(reason_code=BY_REPORTS)
        decisions.decide(Act.HOLD, comment.pk, None, grounds=grounds)


def _weight_together(counting: QuerySet[Report]) -> float:
    """What reports weigh, each person's once: of one network or one mailbox only the heaviest counts.

    Reports of somebody without a proved address count no more: a guest who has become an account since
    may report once again, as that.
    """
    records = Report.objects.filter(reporter__in=counting.values("reporter")).order_by().values("reporter")
    right, wrong = (Count("pk", filter=Q(upheld=upheld)) for upheld in (True, False))
    rows = records.annotate(r=right, w=wrong).values_list("reporter", "r", "w")
    weights = {reporter: weight_of(r, w) for reporter, r, w in rows}
    boxes = _mailboxes(weights)
    seen: set[str] = set()
    whole = 0.0
    pairs = counting.order_by("pk").values_list("reporter", "trace")
    for reporter, trace in sorted(pairs, key=lambda pair: -weights[pair[0]]):
        known = {trace, *boxes[reporter]}
        if boxes[reporter] and not known & seen:
            seen |= known
            whole += weights[reporter]
    return whole


def _mailboxes(reporters: Collection[int]) -> dict[int, set[str]]:
    """The proved addresses of people by author number, without case and what stands behind a “+”."""
    found: dict[int, set[str]] = {reporter: set() for reporter in reporters}
    guests = Address.objects.filter(author__in=reporters, verified_at__isnull=False)
    accounts = EmailAddress.objects.filter(user__author__in=reporters, verified=True)
    for reporter, email in [
        *guests.values_list("author", "email"),
        *accounts.values_list("user__author", "email"),
    ]:
        name, _at, domain = email.lower().rpartition("@")
        found[reporter].add(f"{name.partition('+')[0]}@{domain}")
    return found
