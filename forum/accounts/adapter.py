"""How allauth behaves on this site: letters through the outbox, guesses counted, addresses kept secret."""

import logging
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.core import context as current
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from forum.accounts import addresses, throttle, writing
from forum.accounts.backends import account_of, pretend
from forum.accounts.models import User
from forum.mail.headers import LetterError, clean_address
from forum.mail.writing import write
from forum.site.models import SitePolicy
from forum.web.address import client_address, full_address

logger = logging.getLogger(__name__)
WRONG = _("The user name or address and the password do not belong together.")


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks this site."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "incorrect_code": _("This code is wrong or too old."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many tries. Wait a few minutes and try again."),
        "too_many_login_attempts": _(
            "Too many tries. Wait five minutes, or sign in by a code sent to your address or by a passkey."
        ),
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """A user name that nobody has. Raises ValidationError, also for one that looks like an address."""
        if "@" in username:
            raise ValidationError(_("A user name cannot hold an @."), code="invalid")
        return super().clean_username(username, shallow=shallow)

    def clean_email(self, email: str) -> str:
        """An address that a letter can be written to. Raises ValidationError."""
        try:
            return clean_address(email)
        except LetterError as error:
            raise ValidationError(str(error)) from None

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """The new account with the author of its words; its password was hashed by the form."""
        user.username, user.email = form.cleaned_data["username"], form.cleaned_data["email"]
        user.password = form.hashed
        with transaction.atomic():
            user.save()
            writing.name_author(user)
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's address as the whole site sees it; one for all who have none (a Unix socket)."""
        return client_address(request) or "0.0.0.0"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The account with this login and password, or None. Raises ValidationError over a limit."""
        login = credentials.get("email") or credentials.get("username") or ""
        try:
            guess = throttle.guess(request, login, account_of(login))
        except throttle.TooManyGuessesError:
            raise self.validation_error("too_many_login_attempts") from None
        if not guess.counts:
            pretend(credentials.get("password") or "")
            return None
        AuthenticationBackend.unstash_authenticated_user()
        user = authenticate(request, **credentials)
        user = user or AuthenticationBackend.unstash_authenticated_user()  # right, but switched off
        if user is not None:
            guess.take_back()
        return user

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Whether an address could be marked as proved; what a guest has proved it for is the account's."""
        with transaction.atomic():
            done = super().confirm_email(request, email_address)
            if done:
                addresses.adopt(email_address.user, email_address.email)
        return done

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The answer to a sign-in that is complete, after which the owner's browser is known."""
        response = super().post_login(request, user, **kwargs)
        throttle.remember_device(request, response, user)
        return response

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Tell the owner of a change; one of the second factor ends every other session (figure A4)."""
        if template_prefix.startswith("mfa/email/"):
            writing.end_other_sessions(self.request, user)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a letter into the outbox; nothing is sent here.

        No letter can go to an address that the outbox refuses; whoever typed it is answered as for any
        other, since all else would tell which addresses are known.
        """
        request = current.request
        values = {name: _in_full(value, request) for name, value in context.items()}
        values |= {"email": email, "site_name": SitePolicy.objects.current().name}
        values |= {"site_url": full_address("/", request), "account_url": full_address("/accounts/", request)}
        subject = render_to_string(f"{template_prefix}_subject.txt", values)
        text = render_to_string(f"{template_prefix}_message.txt", values)
        try:
            key = f"account:{secrets.token_urlsafe(16)}"
            write(key, email, " ".join(subject.split()), text, about="account", urgent=True)
        except LetterError as error:
            logger.warning("A letter about an account was not written: %s", error)


def _in_full(value: object, request: HttpRequest) -> object:
    """An address of ours as SITE_URL has it, whatever host the request named; all else as it is."""
    origin = request.build_absolute_uri("/")
    if isinstance(value, str) and value.startswith(origin):
        return full_address(value.removeprefix(origin.removesuffix("/")), request)
    return value
