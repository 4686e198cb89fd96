"""How often passwords may be guessed, without giving outsiders a way to lock somebody out.

Guesses from unknown browsers are counted by network (an IPv6 network is a /64), by what was typed, and
by account. A browser in which the owner has signed in before holds a signed cookie and is counted for
itself, so that it gets in while others are held off (the device cookies of OWASP's "Slow Down Online
Guessing Attacks with Device Cookies").
"""

import secrets
from dataclasses import dataclass, field

from allauth.core.internal.ratelimit import RateLimitUsage, consume
from django.core import signing
from django.http import HttpRequest, HttpResponse

from forum.accounts.models import User

NETWORK = "10/m/ip"
EACH = "5/5m/key"
COOKIE = "afterword_device"
COOKIE_PATH = "/accounts/"  # public pages are shared, so the cookie does not go along with them
COOKIE_AGE = 400 * 24 * 3600
ACCOUNTS_KEPT = 5
_SALT = "afterword.device"


class TooManyGuessesError(Exception):
    """No more guesses for now; the same for accounts that exist and for others."""


@dataclass
class Guess:
    """One try: whether the account's password is looked at, and what it was counted as."""

    counts: bool = True
    usage: list[RateLimitUsage] = field(default_factory=list)

    def take_back(self) -> None:
        """The password was right: this was no guess."""
        for used in self.usage:
            used.rollback()


def guess(request: HttpRequest, login: str, account: User | None) -> Guess:
    """Count a try with `login`, which belongs to `account` if to any.

    Raises TooManyGuessesError when the browser, the network or what was typed is over its limit. When
    only the account is, under whatever name, the guess `counts` no more and is to be answered like a
    wrong password: anything else would tell that a name and an address belong together.
    """
    if account is not None and (device := _device_of(request, account)):
        return Guess(usage=[_take(request, "device", f"{device}:{account.pk}")])
    usage = [_take(request, "network", None), _take(request, "login", login.strip().casefold())]
    if account is None:
        return Guess(usage=usage)
    try:
        usage.append(_take(request, "account", str(account.pk)))
    except TooManyGuessesError:
        return Guess(counts=False, usage=usage)
    return Guess(usage=usage)


def remember_device(request: HttpRequest, response: HttpResponse, account: User) -> None:
    """Note in the browser that the account's owner has signed in here."""
    device, known = _read(request)
    known = [account.pk, *(pk for pk in known if pk != account.pk)][:ACCOUNTS_KEPT]
    response.set_cookie(
        COOKIE,
        signing.dumps([device or secrets.token_urlsafe(12), known], salt=_SALT),
        max_age=COOKIE_AGE,
        path=COOKIE_PATH,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _take(request: HttpRequest, what: str, key: str | None) -> RateLimitUsage:
    """One place of a limit. Raises TooManyGuessesError when none is left."""
    action = f"guess_{what}"
    config = {action: NETWORK if key is None else EACH}
    taken = consume(request, app="forum.accounts", action=action, config=config, key=key, limit_get=True)
    if taken is None:
        raise TooManyGuessesError
    return taken


def _device_of(request: HttpRequest, account: User) -> str:
    device, known = _read(request)
    return device if account.pk in known else ""


def _read(request: HttpRequest) -> tuple[str, list[int]]:
    try:
        device, known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_AGE)
    except (signing.BadSignature, UnicodeError):
        return "", []
    return device, known
