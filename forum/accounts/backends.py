"""Whether a password is somebody's: looked at once, whoever it is said to be of."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import get_user_by_username
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from forum.accounts.models import User


def account_at(email: str) -> tuple[User | None, bool]:
    """The account with this address, if there is one, and whether the address is verified.

    An address that somebody only means to change to makes nobody its owner.
    """
    email = email.strip()
    rows = EmailAddress.objects.filter(email=email.lower(), verified=True).select_related("user")
    if (verified := rows.first()) is not None:
        return verified.user, True
    return User.objects.filter(email__iexact=email).exclude(email="").first(), False


def account_of(login: str) -> User | None:
    """The account with this address or user name, or None. An address goes before a name."""
    login = login.strip()
    by_address = account_at(login)[0] if "@" in login else None
    return by_address or (get_user_by_username(login) if login else None)


def pretend(password: str) -> None:
    """Work as hard as for a real password, so that the time tells nothing."""
    make_password(password)


class OneHash(AuthenticationBackend):
    """Sign-in by user name or address.

    Django's and allauth's own backends hash once for an unknown address and two or three times for a
    known one (figure A2); this one hashes once in either case.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        login = credentials.get("email") or credentials.get("username") or ""
        return self._check_password(account_of(login), credentials["password"])
