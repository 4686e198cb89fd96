"""Who says that archived words are theirs, and what a moderator makes of it.

An archived person is never an account: a confirmed claim says which account they are, and no likeness of
names or addresses ever does. Nobody is mailed. Rows are appended: whatever is taken back leaves its row as
it is and waits anew in a row of its own, in which `decided_by` is who opened it again. What holds now is
`Author.claimed_by`.
"""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from forum.accounts.models import Author, Role, User
from forum.accounts.viewer import Viewer
from forum.accounts.writing import name_author
from forum.moderation.models import Claim
from forum.threads import tree, writing
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import Kind, Origin

MOST_OPEN = 20
LONGEST_TEXT = 2000
# Why a comment cannot be claimed, or a claim not decided.
CONFIRMED, TAKEN, WAITING, REFUSED, MANY = "confirmed", "taken", "waiting", "refused", "many"
OWN, GONE, DECIDED = "own", "gone", "decided"


class NotPossibleError(Exception):
    """The claim, or the decision on it, is not possible; the first argument says why, by a word above."""


def claimable() -> CommentQuerySet:
    """Archived comments of people that everybody may read: those that an account can claim at all."""
    archived = Comment.objects.readable_by(Viewer()).public().filter(origin=Origin.ARCHIVE)
    return archived.filter(
        Q(author=None) | Q(author__kind=Author.Kind.ARCHIVED, author__erased_at=None)
    ).select_related("author", "article")


def hindrance(comment: Comment, user: User) -> str:
    """Why this account cannot claim this comment now, "" when it can."""
    owner = comment.author.claimed_by_id if comment.author else None
    if owner is not None:
        return CONFIRMED if owner == user.pk else TAKEN
    last = Claim.objects.filter(comment=comment, by=user).order_by("-pk").first()
    if last is not None and not last.granted:
        return WAITING if last.granted is None else REFUSED
    many = Claim.objects.filter(by=user, granted=None).count() >= MOST_OPEN
    return MANY if many else ""


def claim(number: int, user: User, text: str = "") -> Claim:
    """Say that a comment's words are one's own, for a moderator to look at; again gives the same claim.

    Raises Comment.DoesNotExist for what is not `claimable`, and NotPossibleError.
    """
    with transaction.atomic():
        # One at a time for an account, so that nobody gets past the limit.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        comment = claimable().get(pk=number)
        why_not = hindrance(comment, user)
        if why_not == WAITING:
            return Claim.objects.get(comment=comment, by=user, granted=None)
        if why_not:
            raise NotPossibleError(why_not)
        return Claim.objects.create(comment=comment, by=user, text=text)


def grant(number: int, actor: User) -> Claim:
    """Confirm a claim: from now on the archived person is known to be the claimant's account.

    A comment without an author row gets one for itself alone. What the claimant has said of other comments
    of the same person is confirmed with it. Raises Claim.DoesNotExist, and NotPossibleError when it has been
    decided, the comment is gone, the person is somebody else's, or a moderator would confirm themselves.
    """
    found = Claim.objects.select_related("comment", "by").get(pk=number)
    with tree.locked_around([found.comment_id]):
        comment = Comment.objects.select_related("author").get(pk=found.comment_id)
        # An admin may: there may be nobody else, and admins can do everything anyway.
        if found.by_id == actor.pk and actor.role != Role.ADMIN:
            raise NotPossibleError(OWN)
        if comment.kind != Kind.COMMENT or comment.erased_at or comment.origin != Origin.ARCHIVE:
            raise NotPossibleError(GONE)
        _close(found, True, actor)
        author = comment.author or _person_of_one(comment)
        free = Q(claimed_by=None) | Q(claimed_by=found.by_id)
        person = Author.objects.filter(free, pk=author.pk, kind=Author.Kind.ARCHIVED, erased_at=None)
        if not person.update(claimed_by=found.by_id):
            raise NotPossibleError(TAKEN)
        name_author(found.by)
        also = Claim.objects.filter(by=found.by_id, granted=None, comment__author=author)
        also.update(granted=True, decided_by=actor, decided_at=timezone.now())
        return found


def refuse(number: int, actor: User) -> Claim:
    """Refuse a claim. Raises Claim.DoesNotExist, and NotPossibleError when it has been decided."""
    found = Claim.objects.select_related("comment", "by").get(pk=number)
    with tree.locked_around([found.comment_id]):
        _close(found, False, actor)
        return found


def take_back(number: int, actor: User) -> Claim:
    """Take a decision on a claim back, so that it waits again; returns the claim that waits.

    Raises Claim.DoesNotExist, and NotPossibleError when it is open or something has happened since.
    """
    found = Claim.objects.select_related("comment", "by").get(pk=number)
    with tree.locked_around([found.comment_id]):
        newest = Claim.objects.filter(comment=found.comment_id, by=found.by_id).order_by("-pk").first()
        if newest != found or newest.granted is None:
            raise NotPossibleError(DECIDED)
        person = Author.objects.filter(pk=found.comment.author_id, claimed_by=found.by_id)
        if newest.granted and not person.update(claimed_by=None):
            raise NotPossibleError(DECIDED)
        return Claim.objects.create(
            comment_id=found.comment_id, by=found.by, text=found.text, decided_by=actor
        )


def waiting() -> QuerySet[Claim]:
    """Open claims, oldest first: with `verified` (the claimant's address), `further` (how many more
    comments the archived person has in that blog) and `rivalled` (others claim the person too)."""
    more = Comment.objects.filter(
        author=OuterRef("comment__author"),
        article__blog=OuterRef("comment__article__blog"),
        kind=Kind.COMMENT,
        erased_at=None,
    ).exclude(pk=OuterRef("comment"))
    counted = more.order_by().values("author").annotate(n=Count("pk")).values("n")
    same = Q(comment=OuterRef("comment")) | Q(comment__author=OuterRef("comment__author"))
    rivals = Claim.objects.filter(same, granted=None).exclude(by=OuterRef("by"))
    rows = _rows().filter(granted=None).order_by("at", "pk")
    return rows.annotate(further=Coalesce(Subquery(counted), 0), rivalled=Exists(rivals))


def decided() -> QuerySet[Claim]:
    """Decided claims, newest first; `stands` says that the decision can be taken back."""
    later = Claim.objects.filter(comment=OuterRef("comment"), by=OuterRef("by"), pk__gt=OuterRef("pk"))
    holds = Q(granted=False) | Q(comment__author__claimed_by=OuterRef("by"))
    in_force = Claim.objects.filter(holds, pk=OuterRef("pk"))
    rows = _rows().exclude(granted=None).order_by("-decided_at", "-pk")
    return rows.annotate(stands=Exists(in_force) & ~Exists(later))


def count_waiting() -> int:
    """How many claims wait for a moderator."""
    return Claim.objects.filter(granted=None).count()


def _rows() -> QuerySet[Claim]:
    whole = ("by", "decided_by", "comment__article__blog", "comment__author__claimed_by")
    verified = EmailAddress.objects.filter(user=OuterRef("by"), verified=True)
    return Claim.objects.select_related(*whole).annotate(verified=Exists(verified))


def _close(found: Claim, granted: bool, actor: User) -> None:
    found.granted, found.decided_by, found.decided_at = granted, actor, timezone.now()
    values = {"granted": granted, "decided_by": actor, "decided_at": found.decided_at}
    if not Claim.objects.filter(pk=found.pk, granted=None).update(**values):
        raise NotPossibleError(DECIDED)


def _person_of_one(comment: Comment) -> Author:
    """Somebody of the archive without a key: an author row for this one comment."""
    author = Author.objects.create(kind=Author.Kind.ARCHIVED, name=comment.name_shown)
    writing.attach_author(comment, author)
    return author
