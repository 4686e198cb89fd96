"""Inviting staff by mail, and what the letter's link does."""

import datetime
import hashlib

from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts import addresses, links, roles, writing
from forum.accounts.backends import account_at
from forum.accounts.models import Invitation, Role, User
from forum.mail.writing import write
from forum.site.models import SitePolicy
from forum.web.address import full_address

KIND = "invitation"
RANK = [Role.READER, Role.MODERATOR, Role.ADMIN]


@transaction.atomic
def invite(email: str, role: Role, by: User, request: HttpRequest | None = None) -> Invitation:
    """Offer a role to whoever reads the letters to an address; the letter leaves with the transaction.

    An open invitation of the address is replaced, and its link is void. Raises LetterError for an
    address that no letter can go to.
    """
    email = email.lower()
    until = timezone.now() + links.LIFE
    values = {"role": role, "by": by, "at": timezone.now(), "expires_at": until, "token_hash": ""}
    found = Invitation.objects.select_for_update().filter(email__iexact=email, used_at=None).first()
    invitation = found or Invitation(email=email)
    for name, value in values.items():
        setattr(invitation, name, value)
    invitation.save()
    token = links.make(KIND, what=invitation.pk, who=email, version=until.isoformat())
    invitation.token_hash = _hash(token)
    invitation.save(update_fields=["token_hash"])
    _write_letter(invitation, token, request)
    return invitation


def withdraw(number: int) -> bool:
    """End an open invitation; whether there was one."""
    opened = Invitation.objects.filter(pk=number, used_at=None)
    return bool(opened.update(token_hash="", expires_at=timezone.now()))


def find(token: str) -> tuple[Invitation, links.Link]:
    """The open invitation behind a link. Raises LinkError."""
    link = links.read(KIND, token)
    invitation = Invitation.objects.filter(pk=link.what, token_hash=_hash(token)).first()
    if invitation is None or invitation.email != link.who:
        raise links.LinkError(_("This invitation has been withdrawn or replaced by a newer one."))
    if invitation.used_at is not None:
        raise links.LinkError(_("This invitation has been accepted already."))
    if invitation.is_over or not invitation.by.is_active or invitation.by.role != Role.ADMIN:
        raise links.LinkError(_("This invitation is over."))
    return invitation, link


def account_for(invitation: Invitation, by: object = None) -> tuple[User | None, bool]:
    """The account that the invitation will raise, if there is one, and whether it needs a new password.

    It does unless its owner is signed in (`by`) and its address verified: somebody else may have signed up
    with the address, have had it verified by a mistaken click, and wait for the account to get power.
    """
    user, verified = account_at(invitation.email)
    return user, not verified or by != user


@transaction.atomic
def accept(token: str, username: str = "", password: str = "", *, by: object = None) -> User:
    """Make or raise the account of an invitation, once. Raises LinkError.

    Whoever follows the link reads the letters to the address, so that it counts as verified. `by` is who
    is signed in.
    """
    invitation, link = find(token)
    links.use(link)
    user, needs_password = account_for(invitation, by)
    if user is not None and not user.is_active:
        raise links.LinkError(_("This account is switched off; ask an admin."))
    if user is None:
        user = writing.make_account(username, invitation.email, password, invitation.role)
    elif needs_password:
        writing.hand_over(user, invitation.email, password)
    if RANK.index(Role(user.role)) < RANK.index(Role(invitation.role)):
        user.role = invitation.role
        user.save(update_fields=["role"])
    addresses.adopt(user, invitation.email)
    roles.note(invitation.by, user, f"invited as {invitation.role}")
    Invitation.objects.filter(pk=invitation.pk).update(used_at=timezone.now(), used_by=user)
    return user


def purge() -> int:
    """Forget invitations that nobody accepted, thirty days after their end; returns how many."""
    before = timezone.now() - datetime.timedelta(days=30)
    return Invitation.objects.filter(used_at=None, expires_at__lt=before).delete()[0]


def _write_letter(invitation: Invitation, token: str, request: HttpRequest | None) -> None:
    values = {
        "site_name": SitePolicy.objects.current().name,
        "role": invitation.get_role_display(),
        "by": invitation.by.username,
        "link": full_address(reverse("invitation", args=[token]), request),
        "site_url": full_address("/", request),
    }
    subject = render_to_string("account/email/invitation_subject.txt", values)
    text = render_to_string("account/email/invitation_message.txt", values)
    key = f"invitation:{_hash(token)[:32]}"
    write(key, invitation.email, " ".join(subject.split()), text, about=f"invitation:{invitation.pk}")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
