"""The forms of the account pages: allauth's, with words of our own and without hints inside of fields."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from forum.accounts import names
from forum.accounts.backends import account_at
from forum.accounts.models import Role, User


class Plain:
    """Takes away what stands inside of a field and is gone when one writes, and names the fields anew.

    A password is typed once: whoever mistypes it has a letter sent, and tired hands are spared.
    """

    labels: dict[str, Any] = {}
    helps: dict[str, Any] = {}
    completes: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            for attribute in ("placeholder", "autofocus"):
                field.widget.attrs.pop(attribute, None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            if name in self.completes:
                field.widget.attrs["autocomplete"] = self.completes[name]


NEW_PASSWORD = _("At least 8 characters, not a common password, and not like your name or address.")
CODE_HELP = _("Six digits from the app, or one of your recovery codes.")


class Login(Plain, account.LoginForm):
    """Sign-in by password."""

    labels = {"login": _("User name or e-mail address"), "password": _("Password")}
    completes = {"login": "username", "password": "current-password"}


class Signup(Plain, account.SignupForm):
    """Sign-up; the password is hashed whether the address is new or known, so that the time tells nothing."""

    labels = {"username": _("User name"), "email": _("E-mail address"), "password1": _("Password")}
    helps = {
        "username": _("Shown with what you write, and good for signing in."),
        "email": _("Never shown. A link is sent there to make sure that it is yours."),
        "password1": NEW_PASSWORD,
    }
    completes = {"username": "username", "email": "email", "password1": "new-password"}
    hashed = ""

    def clean_username(self) -> str:
        """A user name that nobody has and that is nobody of the staff's."""
        return names.checked(super().clean_username())

    def clean(self) -> dict[str, Any]:
        """The fields, with `hashed` beside them when nothing is wrong; outside of any transaction."""
        cleaned = super().clean()
        if not self.errors:
            self.hashed = make_password(cleaned["password1"])
        return cleaned


class ChangeEmail(Plain, account.AddEmailForm):
    """A new address for an account."""

    labels = {"email": _("New e-mail address")}
    completes = {"email": "email"}


class ChangePassword(Plain, account.ChangePasswordForm):
    """A new password for somebody who knows the old one."""

    labels = {"oldpassword": _("Current password"), "password1": _("New password")}
    helps = {"password1": NEW_PASSWORD}
    completes = {"oldpassword": "current-password", "password1": "new-password"}


class SetPassword(Plain, account.SetPasswordForm):
    """A first password."""

    labels = {"password1": _("New password")}
    helps = {"password1": NEW_PASSWORD}
    completes = {"password1": "new-password"}


class ResetPassword(Plain, account.ResetPasswordForm):
    """Where to send the link for a new password."""

    labels = {"email": _("E-mail address of your account")}
    completes = {"email": "email"}


class NewPassword(Plain, account.ResetPasswordKeyForm):
    """A new password for somebody who followed the link."""

    labels = {"password1": _("New password")}
    helps = {"password1": NEW_PASSWORD}
    completes = {"password1": "new-password"}


class RequestCode(Plain, account.RequestLoginCodeForm):
    """Where to send a code."""

    labels = {"email": _("E-mail address of your account")}
    completes = {"email": "email"}

    def clean_email(self) -> str:
        """The address. An account that never verified it gets no code: somebody else may have made it, and
        the code would verify the address for them."""
        email = super().clean_email()
        if self._user is not None and not account_at(email)[1]:
            self._user = None
        return email


class ConfirmCode(Plain, account.ConfirmLoginCodeForm):
    """The code that came by mail."""

    labels = {"code": _("Code from the letter")}
    completes = {"code": "one-time-code"}


class Reauthenticate(Plain, account.ReauthenticateForm):
    """The password once more."""

    labels = {"password": _("Your password")}
    completes = {"password": "current-password"}


class SecondFactorCode(Plain, factor.AuthenticateForm):
    """A code of the second factor at sign-in."""

    labels = {"code": _("Code")}
    helps = {"code": CODE_HELP}
    completes = {"code": "one-time-code"}


class SecondFactorAgain(Plain, factor.ReauthenticateForm):
    """A code of the second factor once more."""

    labels = {"code": _("Code")}
    helps = {"code": CODE_HELP}
    completes = {"code": "one-time-code"}


class ActivateApp(Plain, ActivateTOTPForm):
    """The first code of an authenticator app."""

    labels = {"code": _("Six digits that the app shows")}
    completes = {"code": "one-time-code"}


class AddPasskey(Plain, AddWebAuthnForm):
    """A new passkey; it opens the account alone unless somebody says that it should not."""

    labels = {"name": _("What you call it"), "passwordless": _("Sign in with it alone, without a password")}
    helps = {"passwordless": _("The device then has to ask for a finger, a face or a PIN.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 100
        self.fields["passwordless"].initial = True


class Invite(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=[c for c in Role.choices if c[0] != Role.READER])

    def clean_email(self) -> str:
        """The address in small letters."""
        return self.cleaned_data["email"].lower()


class Accept(forms.Form):
    """What somebody invited chooses: a user name when there is no account, and a password."""

    username = forms.CharField(label=_("User name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=NEW_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: User | None, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.email = account, email
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        if account is not None:
            del self.fields["username"]

    def clean_username(self) -> str:
        """A user name that nobody has. Raises ValidationError."""
        return get_adapter().clean_username(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """The fields; the password fits the rules of the site."""
        cleaned = super().clean()
        if password := cleaned.get("password"):
            user = self.account or User(username=cleaned.get("username", ""), email=self.email)
            try:
                validate_password(password, user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
