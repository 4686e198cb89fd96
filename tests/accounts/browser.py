"""What somebody does on the account pages, and what they find in their mailbox."""

import re
import time

from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from forum.accounts.models import User
from forum.mail.models import Letter

PASSWORD = "secret-word-42"  # what tests.make.make_user gives


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra):
    """POST the sign-in form."""
    return client.post("/accounts/login/", {"login": login, "password": password}, **extra)


def is_in(client: Client) -> bool:
    """Whether the browser is signed in: the page of one's account opens."""
    return client.get("/accounts/").status_code == 200


def last_letter(to: str) -> Letter:
    """The newest letter to an address."""
    return Letter.objects.filter(to=to).latest("pk")


def link_in(letter: Letter) -> str:
    """The path of the first link with a token in a letter."""
    return re.search(r"https?://[^/\s]+(/accounts/\S+/\S+/)\s", letter.text)[1]


def shape(response) -> tuple:
    """What an onlooker sees of an answer: status, where to, names of cookies, the page without tokens."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", response.content.decode())
    return response.status_code, response.headers.get("Location"), sorted(response.cookies), page


def add_app(user: User) -> str:
    """Give somebody an authenticator app; returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    user.__dict__.pop("_has_second_factor", None)
    return secret


def code_of(secret: str, periods: int = 0) -> str:
    """The six digits that an app shows now, or so many periods later."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + periods))
