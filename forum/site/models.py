"""The site's policy: one row that an admin sets in the browser."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """Who is heard before a moderator has looked."""

    HOLD_ALL = "hold_all", _("Hold every reply for a moderator")
    HOLD_NEWCOMERS = "hold_newcomers", _("Hold replies of people who are not trusted yet")
    HOLD_GUESTS = "hold_guests", _("Hold replies of guests, publish those of accounts")
    HOLD_LINKS = "hold_links", _("Hold replies with a link, publish the rest")
    OPEN = "open", _("Publish replies at once")
    CLOSED = "closed", _("Take no replies")
    READ_ONLY = "read_only", _("Archive: take no replies and no changes")


TAKING_NO_REPLIES = frozenset({Mode.CLOSED, Mode.READ_ONLY})


class SitePolicyManager(models.Manager["SitePolicy"]):
    """The one policy."""

    def current(self) -> "SitePolicy":
        """The policy in force; defaults when no admin has set one."""
        return self.filter(pk=1).first() or SitePolicy(pk=1)


class SitePolicy(models.Model):
    """What holds for the whole site; `close_after_days` counts from the last live comment or the import.

    Numbers that limit or hold are off at 0. `rules_key` is another one after every change of a rule, of what
    spam looks like, or of the policy, so that a process knows whether what it has read still holds.
    """

    name = models.CharField(_("name"), max_length=100, default="Afterword")
    notice = models.TextField(_("notice"), blank=True, help_text=_("Shown on every page, as plain text."))
    mode = models.CharField(_("moderation"), max_length=20, choices=Mode, default=Mode.HOLD_ALL)
    close_after_days = models.PositiveIntegerField(_("close after days"), null=True, blank=True)
    alarm_after_hours = models.PositiveIntegerField(
        _("alarm after hours"),
        default=24,
        help_text=_("The desk says so when a reply has waited longer; 0 never."),
    )
    trust_after = models.PositiveSmallIntegerField(
        _("trust after"),
        default=3,
        help_text=_(
            "So many approved replies, and an account or a proved address, make somebody trusted; "
            "0 leaves it to moderators."
        ),
    )
    reports_to_hide = models.PositiveSmallIntegerField(
        _("reports that hide"),
        default=3,
        help_text=_("Reports by so many people who have proved an address hold a reply; 0 never."),
    )
    edit_minutes = models.PositiveSmallIntegerField(
        _("minutes to edit"),
        default=15,
        help_text=_("For authors, once their reply is public; 0 not at all."),
    )
    form_seconds = models.PositiveSmallIntegerField(
        _("seconds to write"),
        default=3,
        help_text=_("A form that comes back sooner was not filled in by a person; 0 does not look."),
    )
    spam_from = models.PositiveSmallIntegerField(
        _("looks like spam from"),
        default=90,
        help_text=_("In per cent; what looks that much like earlier spam is held in every mode; 0 never."),
    )
    person_per_hour = models.PositiveSmallIntegerField(_("replies of a person in an hour"), default=30)
    network_per_hour = models.PositiveSmallIntegerField(_("replies of a network in an hour"), default=120)
    help_lines = models.TextField(
        _("help lines"),
        blank=True,
        help_text=_("Shown at once to whoever writes in the language of crisis, as plain text."),
    )
    public_log = models.BooleanField(_("public log of decisions"), default=False)
    rules_key = models.CharField(max_length=32, blank=True, editable=False)
    roots_per_page = models.PositiveIntegerField(_("threads per page"), default=50)
    language = models.CharField(_("language"), max_length=12, default="en-gb")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    colours = models.CharField(_("colours"), max_length=20, default="auto")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SitePolicyManager()

    class Meta:
        verbose_name = _("site policy")
        verbose_name_plural = _("site policy")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="site_policy_is_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Where the site is at home; UTC for a time zone that the system does not know."""
        try:
            return ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            return ZoneInfo("UTC")
