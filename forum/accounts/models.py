"""Who somebody is: a user signs in, an author wrote something."""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an account may do; each role may do what the ones before it may."""

    READER = "reader", _("Reader")
    MODERATOR = "moderator", _("Moderator")
    ADMIN = "admin", _("Admin")


class UserManager(DjangoUserManager["User"]):
    """Makes accounts; Django's flags are not set here since they follow from the role."""

    def create_user(
        self, username: str, email: str | None = None, password: str | None = None, **rest: Any
    ) -> "User":
        """An account, a reader unless `role` says otherwise."""
        return self._create_user(username, email, password, **rest)

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **rest: Any
    ) -> "User":
        """An admin, as `manage.py createsuperuser` makes it; whoever has the shell may name an address."""
        user = self._create_user(username, email, password, role=Role.ADMIN, **rest)
        if user.email:
            addresses = apps.get_model("account", "EmailAddress").objects
            addresses.create(user=user, email=user.email.lower(), primary=True, verified=True)
        return user


class User(AbstractUser):
    """Somebody who can sign in. The role is the one source of rights: Django's flags follow from it.

    Sessions carry a keyed hash of `sessions_version` and the password: changing either ends them.
    """

    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.READER)
    sessions_version = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="user_email_unique_when_given"
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_in_list"),
        ]

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin opens: for admins only."""
        return self.role == Role.ADMIN

    @property
    def is_superuser(self) -> bool:
        """Whether Django's own permissions are all granted: for admins only."""
        return self.role == Role.ADMIN

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        value = f"{self.sessions_version}:{self.password}"
        return salted_hmac("afterword.sessions", value, secret=secret, algorithm="sha256").hexdigest()


class Invitation(models.Model):
    """A role offered by mail. The letter's link holds a token, of which only the hash is kept.

    Inviting an address again makes a new token, so that the older letter's link is void.
    """

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_sent")
    at = models.DateTimeField(default=timezone.now)
    token_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations_used"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=models.Q(used_at=None), name="invitation_one_open_for_an_address"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["moderator", "admin"]), name="invitation_role_is_of_staff"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True, used_by__isnull=True)
                | models.Q(used_at__isnull=False, used_by__isnull=False),
                name="invitation_used_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_over(self) -> bool:
        """Whether its seven days are over."""
        return self.expires_at <= timezone.now()


class UsedLink(models.Model):
    """A signed link that has acted, so that it acts once; kept a day longer than links live."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return str(self.pk)


class Author(models.Model):
    """Somebody who wrote: an account, a guest, or a person of an archive, who never becomes an account.

    `claimed_by` is the account whose claim to be this archived person a moderator has confirmed.
    `trusted_at` is when a moderator last said that this person need not be held; never for archived ones.
    `untrusted_at` is when one last took that back: what was approved before does not count any more.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("Account")
        GUEST = "guest", _("Guest")
        ARCHIVED = "archived", _("Archived person")

    kind = models.CharField(max_length=10, choices=Kind)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="author")
    name = models.CharField(max_length=100, blank=True)
    url = models.URLField(max_length=500, blank=True)
    approved_count = models.PositiveIntegerField(default=0)
    claimed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="archived_selves"
    )
    trusted_at = models.DateTimeField(null=True, blank=True)
    untrusted_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="account", user__isnull=False)
                | models.Q(kind__in=["guest", "archived"], user__isnull=True),
                name="author_has_user_only_as_account",
            ),
            models.CheckConstraint(
                condition=models.Q(claimed_by__isnull=True) | models.Q(kind="archived"),
                name="author_claimed_only_when_archived",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AuthorKey(models.Model):
    """What identifies an archived person within one blog: a login or a profile address, never a name."""

    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="keys")
    system = models.CharField(max_length=30)
    host = models.CharField(max_length=253, blank=True)
    blog = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "host", "blog", "key"], name="author_key_unique_identity"
            )
        ]

    def __str__(self) -> str:
        return self.key


class Address(models.Model):
    """An e-mail address that somebody gave; `verified_at` is when they proved that they read it.

    One verified address belongs to one author; unproven ones may be given by anybody. `key` is what the
    cookie of a guest's browser holds that has proved it.
    """

    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="addresses")
    email = models.EmailField()
    asked_at = models.DateTimeField(default=timezone.now)
    verified_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=22, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(verified_at__isnull=False),
                name="address_verified_for_one_author",
            ),
            models.UniqueConstraint(Lower("email"), "author", name="address_once_for_an_author"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Mute(models.Model):
    """Somebody whose words an account does not want to see; nobody else is told or affected."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mutes")
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "author"], name="mute_once")]

    def __str__(self) -> str:
        return str(self.pk)
