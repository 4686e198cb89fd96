"""Whether staff have proved who they are in two ways."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from forum.accounts.models import Role, User

STRONG = ("totp", "webauthn")  # recovery codes are a way back in, not a factor of their own


def has_one(user: User) -> bool:
    """Whether the account has an authenticator app or a passkey. Asked once for each loaded account."""
    if not hasattr(user, "_has_second_factor"):
        authenticators = apps.get_model("mfa", "Authenticator").objects
        user._has_second_factor = authenticators.filter(user_id=user.pk, type__in=STRONG).exists()
    return user._has_second_factor


def is_missing(user: User | AnonymousUser) -> bool:
    """Whether this is staff who have to set up a second factor before anything of the staff opens."""
    if not (settings.REQUIRE_SECOND_FACTOR and user.is_authenticated) or user.role == Role.READER:
        return False
    return not has_one(user)


def is_staff_address(request: HttpRequest, view: object) -> bool:
    """Whether a view is one of the staff's: behind the gate `needs`, or in Django's admin."""
    match = request.resolver_match
    return hasattr(view, "needs") or (match is not None and "admin" in match.app_names)
