"""Who is looking: the one thing that decides what the reading gate lets through."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from forum.accounts.models import Role
from forum.accounts.second_factor import is_missing

MODERATE = "moderate"
ADMINISTER = "administer"
RIGHTS = {
    Role.READER: frozenset[str](),
    Role.MODERATOR: frozenset({MODERATE}),
    Role.ADMIN: frozenset({MODERATE, ADMINISTER}),
}
OWN_COOKIE = "afterword_own"
NAME_COOKIE = "afterword_name"
OWN_KEYS_KEPT = 60
OWN_COOKIE_AGE = 400 * 24 * 3600  # the longest life that browsers give a cookie
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A user or none, the keys of own comments from the cookie, and rights."""

    user_id: int | None = None
    own_keys: tuple[str, ...] = ()
    rights: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The viewer behind a request; staff without the second factor that they need are readers."""
        user = request.user
        keys = own_keys(request)
        if not user.is_authenticated:
            return cls(own_keys=keys)
        if is_missing(user):
            return cls(user_id=user.pk, own_keys=keys)
        return cls(user_id=user.pk, own_keys=keys, rights=RIGHTS[Role(user.role)])

    @property
    def guest_keys(self) -> tuple[str, ...]:
        """The keys by which a guest is known; none of an account, in whose browser others may write, too."""
        return () if self.user_id is not None else self.own_keys

    def as_reader(self) -> Self:
        """The same person without the rights of staff, for pages that show what the public sees."""
        return replace(self, rights=frozenset())

    def may(self, right: str) -> bool:
        """Whether this viewer has a right, MODERATE or ADMINISTER."""
        return right in self.rights


def is_personal(request: HttpRequest) -> bool:
    """Whether a cookie of ours came along, so that the answer may hold something personal."""
    names = (OWN_COOKIE, NAME_COOKIE, settings.SESSION_COOKIE_NAME)
    return any(name in request.COOKIES for name in names)


def own_keys(request: HttpRequest) -> tuple[str, ...]:
    """The keys of own comments that the cookie holds, newest first; anything misshapen is left out."""
    raw = request.COOKIES.get(OWN_COOKIE, "")[: OWN_KEYS_KEPT * 24]
    return tuple(key for key in raw.split(".") if _KEY.fullmatch(key))[:OWN_KEYS_KEPT]


def remember_own(request: HttpRequest, response: HttpResponse, key: str) -> None:
    """Put the key of a new comment first in the cookie, the only way back for a guest without e-mail."""
    remember_all_own(request, response, [key])


def remember_all_own(request: HttpRequest, response: HttpResponse, keys: Sequence[str]) -> None:
    """Put the keys of comments first in the cookie, in their order; what does not fit any more falls out."""
    keys = list(dict.fromkeys([*keys, *own_keys(request)]))[:OWN_KEYS_KEPT]
    response.set_cookie(
        OWN_COOKIE,
        ".".join(keys),
        max_age=OWN_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
