"""What the desk looks at: how much waits, what has been decided, and by whom."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case as Choice
from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from forum.accounts.models import User
from forum.articles.models import Article
from forum.moderation.models import Act, Batch, Case, Claim, Decision
from forum.moderation.models_requests import TakeDown
from forum.threads.models import Comment
from forum.threads.states import State

MOST_ARTICLES = 200
MOST_BEFORE, RECENT, FEW = 100, 100, 5


def over_all(function: str, column: str) -> Func:
    """An aggregate over all rows of a subquery, without a group: `over_all("COUNT", "pk")`."""
    return Func(F(column), function=function, output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits in each tab of the desk, and since when the oldest held comment has waited."""

    held: int
    spam: int
    reported: int
    edited: int
    appeals: int
    takedowns: int
    unplaced: int
    open_claims: int
    oldest: datetime.datetime | None


def counts() -> Counts:
    """The counts of the desk, in one statement that goes through no comments.

    Held and spam are the sums of what each article counts; reports, edits, appeals, take-downs and claims are
    read from indexes of those that are open. `unplaced` are take-downs that name no comment.
    """
    held = Article.objects.filter(held_count__gt=0).order_by().values(n=over_all("SUM", "held_count"))
    spam = Article.objects.filter(spam_count__gt=0).order_by().values(n=over_all("SUM", "spam_count"))
    unplaced = TakeDown.objects.filter(outcome="", comment=None).order_by()
    claims = Claim.objects.filter(granted=None).order_by().values(n=over_all("COUNT", "pk"))
    waiting = Comment.objects.filter(state=State.HELD).order_by("held_at", "pk").values("held_at")
    # One row is asked for, whosever it is: everything in it is a question of its own.
    one_row = User.objects.order_by("pk").values(
        held=Coalesce(Subquery(held), 0),
        spam=Coalesce(Subquery(spam), 0),
        reported=Subquery(_open(Case.Cause.REPORTS)),
        edited=Subquery(_open(Case.Cause.EDIT)),
        appeals=Subquery(_open(Case.Cause.APPEAL)),
        takedowns=Subquery(_open(Case.Cause.TAKEDOWN)),
        unplaced=Subquery(unplaced.values(n=over_all("COUNT", "pk"))),
        open_claims=Subquery(claims),
        oldest=Subquery(waiting[:1]),
    )
    return Counts(**(one_row.first() or dict.fromkeys(Counts.__slots__, 0) | {"oldest": None}))


def _open(cause: Case.Cause) -> QuerySet[Case]:
    """How many cases of a cause are open, as a subquery."""
    open_ = Case.objects.filter(closed=None, cause=cause).order_by()
    return open_.values(n=over_all("COUNT", "comment"))


def articles_with(counter: str, chosen: int | None) -> list[tuple[int, str]]:
    """Articles to choose from, those with most of `held_count` or `spam_count` first, and the chosen one.

    200 at most, each as its number and its title.
    """
    some = Article.objects.filter(**{f"{counter}__gt": 0}).values_list("pk", "title")
    found = list(some.order_by(f"-{counter}", "-pk")[:MOST_ARTICLES])
    if chosen is not None and chosen not in {number for number, _title in found}:
        found += Article.objects.filter(pk=chosen).values_list("pk", "title")
    return found


def decided() -> QuerySet[Decision]:
    """Decisions, newest first, with their comments and actors."""
    return Decision.objects.select_related("comment__article", "actor", "undone_by").order_by("-at", "-pk")


def decided_joined() -> QuerySet[Decision]:
    """As `decided`, and of those that were made together only the newest, which stands for all."""
    later = Decision.objects.filter(batch=OuterRef("batch"), pk__gt=OuterRef("pk"))
    return decided().filter(Q(batch=None) | ~Exists(later))


def last_of(actor: User, count: int) -> list[Decision]:
    """The newest decisions of one moderator that can still be undone, each batch by its newest."""
    mine = decided_joined().filter(actor=actor, undone_by=None).exclude(act=Act.UNDO)[:count]
    return [decision for decision in mine if decision.comment.version == decision.comment_version]


def last_on(comments: Collection[int]) -> dict[int, Decision]:
    """The newest decision on each of these comments, by comment number."""
    of_bans = Q(act=Act.BAN) | Q(undoes__act=Act.BAN)  # a ban changes nothing of the comment
    later = Decision.objects.exclude(of_bans).filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    newest = decided().exclude(of_bans).filter(~Exists(later), comment__in=comments)
    return {decision.comment_id: decision for decision in newest}


def batches(decisions: Collection[Decision]) -> dict[object, Batch]:
    """The batches of these decisions, by their number, with what has undone them."""
    numbers = {decision.batch for decision in decisions if decision.batch}
    if not numbers:
        return {}
    return Batch.objects.select_related("actor", "undone_by").in_bulk(numbers)


def actors() -> QuerySet[User]:
    """Everybody of the staff, and who decides no more but has, to choose from."""
    decided_something = Exists(Decision.objects.filter(actor=OuterRef("pk")))
    staff = Q(role__in=["moderator", "admin"])
    return User.objects.filter(staff | Q(decided_something)).order_by("username")[:MOST_ARTICLES]


def count_up_to(rows: QuerySet, most: int) -> int:
    """How many rows there are, as far as `most`."""
    return rows.order_by()[:most].aggregate(n=Count("pk"))["n"]


def waiting_before(comment: Comment) -> int:
    """How many comments wait longer than this one, as far as `MOST_BEFORE`."""
    since = comment.waits_since
    older = Q(held_at=since, pk__lt=comment.pk) | Q(held_at__lt=since)
    return count_up_to(Comment.objects.filter(older, state=State.HELD), MOST_BEFORE)


def waiting_since() -> Choice:
    """Of a decision: since when what it ends had waited, which is since when the comment was held.

    A comment that is held a second time has not waited since it was received; one that was held again after
    the decision says only since then, and the opening of the case that the decision closed stands in for it.
    """
    closed = Case.objects.filter(closed_by=OuterRef("pk")).order_by("opened").values("opened")
    opened = Coalesce(Subquery(closed[:1]), F("comment__received_at"))
    return Choice(When(comment__held_at__lte=F("at"), then=F("comment__held_at")), default=opened)


def usual_wait() -> datetime.timedelta | None:
    """How long those usually waited on whom people have decided lately, None when they are too few to say.

    One statement over the newest decisions.
    """
    newest = Decision.objects.order_by("-at", "-pk")[:RECENT]
    names = ("from_state", "to_state", "actor", "at", waiting_since())
    waited = sorted(
        at - began
        for before, after, actor, at, began in newest.values_list(*names)
        if before == State.HELD != after and actor is not None
    )
    return waited[len(waited) // 2] if len(waited) >= FEW else None


def batch_number(text: str) -> uuid.UUID | None:
    """The number of a batch as it stands in an address, None when it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
