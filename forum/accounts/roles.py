"""Roles and the switch: who may do what, changed by an admin in the browser."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts.models import Invitation, Role, User
from forum.accounts.writing import end_sessions


class LastAdminError(Exception):
    """Somebody has to be left who can administer; the text is one sentence."""


@transaction.atomic
def change_role(number: int, role: Role, by: User) -> User:
    """Give an account a role; sessions go on and have the new rights with their next request.

    Raises User.DoesNotExist, and LastAdminError when no active admin would be left.
    """
    user = _locked(number, still_admin=role == Role.ADMIN)
    if user.role != role:
        before, user.role = user.role, role
        user.save(update_fields=["role"])
        _withdraw_invitations(user)
        note(by, user, f"role: {before} → {role}")
    return user


@transaction.atomic
def switch(number: int, *, on: bool, by: User) -> User:
    """Switch an account off, which ends its sessions for good, or on again.

    Raises User.DoesNotExist, and LastAdminError when no active admin would be left.
    """
    user = _locked(number, still_admin=on)
    if user.is_active != on:
        user.is_active = on
        user.save(update_fields=["is_active"])
        _withdraw_invitations(user)
        end_sessions(user)
        note(by, user, "switched on" if on else "switched off")
    return user


def note(by: User, user: User, what: str) -> None:
    """Put a line about an account into the log that Django's admin shows."""
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=user.username[:200],
        action_flag=CHANGE,
        change_message=what,
    )


def _locked(number: int, *, still_admin: bool) -> User:
    """The account, once nobody else can change who is admin. Raises LastAdminError."""
    admins = User.objects.select_for_update().filter(role=Role.ADMIN, is_active=True)
    numbers = list(admins.order_by("pk").values_list("pk", flat=True))
    user = User.objects.select_for_update().get(pk=number)
    if numbers == [user.pk] and not still_admin:
        raise LastAdminError(_("This is the last admin: make somebody else an admin first."))
    return user


def _withdraw_invitations(user: User) -> None:
    """What was offered before is void now: nobody raises themselves again by an older letter."""
    opened = Invitation.objects.filter(email__iexact=user.email, used_at=None).exclude(email="")
    opened.update(token_hash="", expires_at=timezone.now())
