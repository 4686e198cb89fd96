"""Making accounts, verifying their address, ending their sessions."""

import datetime
from collections.abc import Collection

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from forum.accounts.models import Address, Author, AuthorKey, Role, User

HIDDEN = "erased:"  # begins what stands in the place of the key of a forgotten person


@transaction.atomic
def make_account(username: str, email: str, password: str, role: str = Role.READER) -> User:
    """An account whose address counts as verified, with the author that its words will have."""
    user = User.objects.create_user(username, email.lower(), password, role=role)
    name_author(user)
    verify_address(user)
    return user


def name_author(user: User) -> Author:
    """The author of an account, made with the user name as name when there is none."""
    values = {"kind": Author.Kind.ACCOUNT, "name": user.username[:100]}
    return Author.objects.get_or_create(user=user, defaults=values)[0]


@transaction.atomic
def verify_address(user: User) -> None:
    """Take an account's address as verified and drop every other address of it.

    For addresses that an admin or the operator answers for, and for those that a link was sent to.
    """
    if not user.email:
        return
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
    EmailAddress.objects.filter(email__iexact=user.email).exclude(user=user).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"primary": True, "verified": True}
    )


def trust(author_ids: Collection[int], since: datetime.datetime | None = None) -> None:
    """Note that these people need not be held where only newcomers are; who is trusted already stays so."""
    untrusted = Author.objects.filter(pk__in=author_ids, trusted_at=None)
    untrusted.update(trusted_at=since or timezone.now())


def stop_trusting(author_ids: Collection[int], since: datetime.datetime | None = None) -> None:
    """Have these people held again where newcomers are.

    With `since` what was approved before that moment does not count for them any more.
    """
    changes = {"trusted_at": None} | ({"untrusted_at": since} if since else {})
    Author.objects.filter(pk__in=author_ids).update(**changes)


def end_sessions(user: User) -> None:
    """End every session of an account."""
    User.objects.filter(pk=user.pk).update(sessions_version=F("sessions_version") + 1)
    user.refresh_from_db(fields=["sessions_version"])
    UserSession.objects.filter(user=user).delete()


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """End every session of the signed-in account but this one, which gets a new key."""
    end_sessions(user)
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


def end_one_session(user: User, number: int) -> bool:
    """End one session of an account, named by its number in the list; whether there was one."""
    session = UserSession.objects.filter(user=user, pk=number).first()
    if session is None:
        return False
    session.end()
    return True


@transaction.atomic
def hand_over(user: User, email: str, password: str) -> None:
    """Give an account, whose address nobody had verified, to the owner of the address.

    Whoever made it loses it: password, second factor and sessions end.
    """
    apps.get_model("mfa", "Authenticator").objects.filter(user=user).delete()
    user.email = email
    user.set_password(password)
    user.save(update_fields=["email", "password"])
    verify_address(user)
    end_sessions(user)


def forget_sessions() -> int:
    """Drop sessions that are over from the lists of browsers, network address included; returns how many."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    Session.objects.exclude(expire_date__gt=timezone.now()).delete()
    return UserSession.objects.exclude(session_key__in=alive).delete()[0]


def hidden_keys(key: str) -> list[str]:
    """What stands in the place of the key of an archived person who is forgotten; new ones get the first."""
    return [
        HIDDEN + salted_hmac("afterword.erased", key, secret=secret, algorithm="sha256").hexdigest()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def forget_name(author: Author) -> None:
    """Forget what a guest signed with, and addresses that they have not proved; what their browser knows and
    what they have proved stays."""
    Address.objects.filter(author=author, verified_at=None).delete()
    Author.objects.filter(pk=author.pk).update(name="")


def forget_person(author: Author) -> None:
    """Forget an archived person, or a guest who has proved no address: name, links and given addresses.

    What identified them in their archive stays as a keyed hash, by which an import knows not to bring them
    back. Accounts, and guests who have proved an address, have ways of their own and stay.
    """
    proved = Address.objects.filter(author=author, verified_at__isnull=False)
    if author.kind == Author.Kind.ACCOUNT or proved.exists():
        return
    Address.objects.filter(author=author).delete()
    for known in AuthorKey.objects.filter(author=author):
        if not known.key.startswith(HIDDEN):
            AuthorKey.objects.filter(pk=known.pk).update(key=hidden_keys(known.key)[0])
    gone = {"name": "", "url": "", "claimed_by": None, "erased_at": timezone.now()}
    Author.objects.filter(pk=author.pk).update(**gone)
