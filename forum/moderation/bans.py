"""Who may not write here for a time: spoken by the desk, told to whom it is about, over by itself.

A ban stops replies and reports; reading and signing in stay open. One that is spoken over a comment is a
decision on it, too, which changes nothing of the comment and so stands in the way of no other decision.
"""

import datetime
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from forum.accounts.models import Author, Role, User
from forum.jobs.alive import take_turn
from forum.moderation import bans_values, decisions
from forum.moderation.models import Act, Decision
from forum.moderation.models_people import Ban
from forum.threads import tree
from forum.threads.models import Comment, Private

TERMS = {"day": 1, "week": 7, "month": 30, "year": 365}
EVER = "ever"
END_OF_TIME = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
# Why a ban cannot be spoken or lifted.
NOBODY, OWN, STAFF, STANDS, LONG = "nobody", "own", "staff", "stands", "long"
OVER, OWN_LIFT, ENDS = "over", "own_lift", "ends"
# Whoever is in one of these need not be who is meant.
SHARED_BY_MANY = (Ban.Kind.DOMAIN, Ban.Kind.NETWORK)
FORGOTTEN = "-"  # stands where the network of a ban stood that has long been over
KEPT_AFTER = datetime.timedelta(days=30)


class NotPossibleError(Exception):
    """The ban, or its lifting, is not possible; the first argument says why, by a word above."""


@dataclass(frozen=True, slots=True)
class Order:
    """A ban as it was spoken: whom of a subject, for how long (a key of TERMS, or EVER), and why.

    The reason of the grounds is told to whom it is about. `network` is one of the networks of the subject.
    """

    term: str
    grounds: decisions.Grounds
    person: bool = True
    address: bool = False
    network: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a ban could be about: who writes, the address that was given, "" for none, and the networks
    that the words came from, none when that has been purged."""

    author: Author | None
    email: str = ""
    networks: Sequence[str] = ()


def subject_of(comment: Comment) -> Subject:
    """Whom a ban could be about that a comment is the cause of."""
    given = Private.objects.filter(comment=comment.pk).first()
    if given is None:
        return Subject(writer(comment.author))
    return Subject(writer(comment.author), given.email, bans_values.choices_for(given.ip or ""))


def writer(author: Author | None) -> Author | None:
    """As whom somebody writes here: the account for an archived person who is known to have it, else None."""
    if author is None or author.erased_at is not None:
        return None
    if author.kind != Author.Kind.ARCHIVED:
        return author
    return Author.objects.filter(user=author.claimed_by_id).exclude(user=None).first()


def over_comment(number: int, order: Order, actor: User) -> list[Ban]:
    """Ban who wrote a comment, or whoever gives its address, or both, with a Decision on that comment.

    The comment stays as it is. Raises Comment.DoesNotExist and NotPossibleError.
    """
    with tree.locked_around([number]):
        comment = Comment.objects.select_related("author").get(pk=number)
        made = _checked(subject_of(comment), order, actor)
        decision = _record(number, Act.BAN, actor, order.grounds)
        for ban in made:
            ban.decision = decision
        return Ban.objects.bulk_create(made)


def over_person(number: int, order: Order, actor: User) -> list[Ban]:
    """Ban somebody by their number as an author. Raises Author.DoesNotExist and NotPossibleError."""
    with transaction.atomic():
        author = Author.objects.get(pk=number)
        return Ban.objects.bulk_create(_checked(Subject(writer(author)), order, actor))


def over_many(kind: Ban.Kind, value: str, order: Order, actor: User) -> Ban:
    """Ban a domain of e-mail addresses or a network, given as `bans_values` reads them.

    Raises NotPossibleError.
    """
    with transaction.atomic():
        take_turn(f"ban:{value}")
        if standing().filter(kind=kind, value=value).exists():
            raise NotPossibleError(STANDS)
        said = {"reason": order.grounds.reason, "by": actor, "until": _until(order.term, actor, ends=True)}
        return Ban.objects.create(kind=kind, value=value, **said)


def standing() -> QuerySet[Ban]:
    """The bans that stand now."""
    return Ban.objects.filter(lifted_at=None, until__gt=timezone.now())


def standing_for(subject: Subject) -> QuerySet[Ban]:
    """The bans that stand against this very person or address, as the desk may know them."""
    return listed().filter(_about(subject), stands=True)


def listed() -> QuerySet[Ban]:
    """All bans, those that stand first, each the newest first; `stands` says which do."""
    now = timezone.now()
    stands = ExpressionWrapper(Q(lifted_at=None, until__gt=now), output_field=BooleanField())
    whole = ("author", "by", "lifted_by", "decision")
    return Ban.objects.select_related(*whole).annotate(stands=stands).order_by("-stands", "-at", "-pk")


def lift(number: int, actor: User) -> Ban:
    """End a ban before its time. The last one of a decision takes that decision back with it.

    Raises Ban.DoesNotExist, and NotPossibleError when it does not stand any more or is about the actor.
    """
    found = Ban.objects.select_related("decision__comment", "author").get(pk=number)
    with _lock_of(found):
        if _is_about(found, actor):
            raise NotPossibleError(OWN_LIFT)
        if not _lift(standing().filter(pk=number), actor):
            raise NotPossibleError(OVER)
        if found.decision is not None and not standing().filter(decision=found.decision).exists():
            _record(found.decision.comment_id, Act.UNDO, actor, undoes=found.decision)
        return Ban.objects.select_related("author", "decision").get(pk=number)


def undo_ban(undone: Decision, actor: User) -> Decision:
    """Take the decision to ban back: whatever of it stands is lifted, whatever became of the comment.

    Raises decisions.NotPossibleError when nothing of it stands, or when it is about the actor.
    """
    with tree.locked_around([undone.comment_id]):
        if not lift_of(undone, actor):
            raise decisions.NotPossibleError
        return _record(undone.comment_id, Act.UNDO, actor, undoes=undone)


def lift_of(decision: Decision, actor: User) -> int:
    """Lift what a decision has banned; returns how many bans, 0 when none stands or one is about the actor.

    Call it under the lock of the comment's discussion.
    """
    due = standing().filter(decision=decision)
    return 0 if any(_is_about(ban, actor) for ban in due.select_related("author")) else _lift(due, actor)


def _lock_of(ban: Ban) -> AbstractContextManager[object]:
    """A ban with a decision is lifted under the lock under which that decision is taken back."""
    return tree.locked_around([ban.decision.comment_id]) if ban.decision else transaction.atomic()


def _checked(subject: Subject, order: Order, actor: User) -> list[Ban]:
    """The bans that an order makes of a subject, not stored yet. Raises NotPossibleError."""
    author = subject.author if order.person else None
    email = subject.email if order.address else ""
    network = order.network if order.network in subject.networks else ""
    if order.person and author is None or order.address and not email or not (author or email or network):
        raise NotPossibleError(NOBODY)
    for what in filter(None, (*keys_of([email])[:1], network)):
        take_turn(f"ban:{what}")
    if author is not None:
        # One at a time for a person, so that two moderators do not ban twice.
        Author.objects.select_for_update(no_key=True).get(pk=author.pk)
    users = _accounts(author, email)
    if actor in users:
        raise NotPossibleError(OWN)
    if actor.role != Role.ADMIN and any(user.role != Role.READER for user in users):
        raise NotPossibleError(STAFF)
    if standing_for(Subject(author, email, [network] if network else [])).exists():
        raise NotPossibleError(STANDS)
    until = _until(order.term, actor, ends=bool(network))
    said = {"reason": order.grounds.reason, "by": actor, "until": until}
    made = [Ban(kind=Ban.Kind.PERSON, author=author, **said)] if author is not None else []
    made += [Ban(kind=Ban.Kind.EMAIL, key=key, **said) for key in keys_of([email])[:1]]
    return made + ([Ban(kind=Ban.Kind.NETWORK, value=network, **said)] if network else [])


def _until(term: str, actor: User, *, ends: bool = False) -> datetime.datetime:
    if term == EVER and ends:
        raise NotPossibleError(ENDS)
    if term == EVER and actor.role == Role.ADMIN:
        return END_OF_TIME
    if term not in TERMS:
        raise NotPossibleError(LONG)
    return timezone.now() + datetime.timedelta(days=TERMS[term])


def _accounts(author: Author | None, email: str) -> list[User]:
    """The accounts that a ban would reach."""
    who = Q(author=author.pk) if author is not None else Q(pk=None)
    if email:
        given = EmailAddress.objects.filter(email__iexact=email).values("user")
        who |= Q(email__iexact=email) | Q(pk__in=given)
    return list(User.objects.filter(who))


def _about(subject: Subject) -> Q:
    who = Q(kind=Ban.Kind.EMAIL, key__in=keys_of([subject.email]))
    around = [network for one in subject.networks for network in bans_values.around(one)]
    who |= Q(kind=Ban.Kind.NETWORK, value__in=around)
    if subject.author is not None:
        who |= Q(kind=Ban.Kind.PERSON, author=subject.author)
    return who


def _is_about(ban: Ban, user: User) -> bool:
    if ban.author is not None:
        return ban.author.user_id == user.pk
    return ban.key in keys_of([user.email])


def keys_of(emails: Iterable[str]) -> list[str]:
    """The keyed hashes of addresses; the first of each is the one that new bans have."""
    return [
        salted_hmac("afterword.ban", email.strip().lower(), secret=secret, algorithm="sha256").hexdigest()
        for email in emails
        if email.strip()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def purge() -> int:
    """Forget the networks of bans that have been over for 30 days; returns how many. The rest stays."""
    long_ago = timezone.now() - KEPT_AFTER
    over = Ban.objects.filter(Q(until__lte=long_ago) | Q(lifted_at__lte=long_ago), kind=Ban.Kind.NETWORK)
    return over.exclude(value=FORGOTTEN).update(value=FORGOTTEN)


def _lift(bans: QuerySet[Ban], actor: User) -> int:
    return bans.update(lifted_at=timezone.now(), lifted_by=actor)


def _record(
    number: int,
    act: Act,
    actor: User,
    grounds: decisions.Grounds = decisions.NO_GROUNDS,
    *,
    undoes: Decision | None = None,
) -> Decision:
    """A decision that leaves the comment as it is, its version too."""
    made = decisions.draft(Comment.objects.get(pk=number), act, actor, grounds, undoes=undoes)
    made.save()
    return made
