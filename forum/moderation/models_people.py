"""What the desk keeps about people, and the sentences that it uses again and again."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.accounts.models import Author
from forum.moderation.models import Decision
from forum.threads.models import Comment


class Reason(models.Model):
    """A reason for rejecting or removing, kept by admins; `text` is what the author reads."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=100, help_text=_("What moderators choose."))
    text = models.CharField(_("text"), max_length=500, help_text=_("What the author may read."))
    place = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["place", "title"]

    def __str__(self) -> str:
        return self.title


class CannedReply(models.Model):
    """An answer that is given often; {name}, {article} and {site} in it are filled in."""

    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("text"), help_text=_("{name}, {article} and {site} are filled in."))
    place = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = ["place", "title"]

    def __str__(self) -> str:
        return self.title


class Note(models.Model):
    """What a moderator tells the others about a comment or a person; never shown outside of the desk."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="notes"
    )
    author = models.ForeignKey(Author, on_delete=models.CASCADE, null=True, blank=True, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(comment__isnull=True, author__isnull=False)
                | models.Q(comment__isnull=False, author__isnull=True),
                name="note_is_on_one_thing",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="note_says_something"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Ban(models.Model):
    """Somebody who may not write here for a time: a person, or whoever gives an address or is in a network.

    Reading and signing in stay open. `key` is the keyed hash of an address, so that a ban tells nobody
    what the address is; `value` is a domain of addresses in lower case, or a network as `ipaddress`
    writes it. `decision` is the one that it was spoken with, when a comment was the cause.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        EMAIL = "email", _("E-mail address")
        DOMAIN = "domain", _("E-mail domain")
        NETWORK = "network", _("Network address")

    kind = models.CharField(max_length=10, choices=Kind)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, null=True, blank=True, related_name="bans")
    key = models.CharField(max_length=64, blank=True, db_index=True)
    value = models.CharField(max_length=253, blank=True, db_index=True)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="bans"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="ban_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(kind="person", author__isnull=False)
                | models.Q(kind="email", author__isnull=True) & ~models.Q(key="")
                | models.Q(kind__in=["domain", "network"], author__isnull=True) & ~models.Q(value=""),
                name="ban_says_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="ban_lifted_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DeskLetters(models.Model):
    """How often somebody of the staff is told by mail of what waits, and until when they have been told."""

    class Pace(models.TextChoices):
        NEVER = "never", _("Never")
        AT_ONCE = "at_once", _("At once")
        HOURLY = "hourly", _("Every hour")
        DAILY = "daily", _("Once a day")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_letters"
    )
    pace = models.CharField(_("letters"), max_length=10, choices=Pace, default=Pace.NEVER)
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pace__in=["never", "at_once", "hourly", "daily"]),
                name="desk_letters_pace_in_list",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
