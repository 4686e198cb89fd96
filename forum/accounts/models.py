"""Who somebody is: a user signs in, an author wrote something."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models.functions import Lower
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
        """An admin, as `manage.py createsuperuser` makes it."""
        return self._create_user(username, email, password, role=Role.ADMIN, **rest)


class User(AbstractUser):
    """Somebody who can sign in. The role is the one source of rights: Django's flags follow from it."""

    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.READER)

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


class Author(models.Model):
    """Somebody who wrote: an account, a guest, or a person of an archive, who never becomes an account."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("Account")
        GUEST = "guest", _("Guest")
        ARCHIVED = "archived", _("Archived person")

    kind = models.CharField(max_length=10, choices=Kind)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="author")
    name = models.CharField(max_length=100, blank=True)
    url = models.URLField(max_length=500, blank=True)
    approved_count = models.PositiveIntegerField(default=0)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="account", user__isnull=False)
                | models.Q(kind__in=["guest", "archived"], user__isnull=True),
                name="author_has_user_only_as_account",
            )
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
