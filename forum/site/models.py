"""The site's policy: one row that an admin sets in the browser."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """Who is heard before a moderator has looked."""

    HOLD_ALL = "hold_all", _("Hold every reply for a moderator")
    HOLD_NEWCOMERS = "hold_newcomers", _("Hold replies of people who are not trusted yet")
    OPEN = "open", _("Publish replies at once")
    CLOSED = "closed", _("Take no replies")


class SitePolicyManager(models.Manager["SitePolicy"]):
    """The one policy."""

    def current(self) -> "SitePolicy":
        """The policy in force; defaults when no admin has set one."""
        return self.filter(pk=1).first() or SitePolicy(pk=1)


class SitePolicy(models.Model):
    """What holds for the whole site; `close_after_days` counts from the last live comment or the import."""

    name = models.CharField(_("name"), max_length=100, default="Afterword")
    notice = models.TextField(_("notice"), blank=True, help_text=_("Shown on every page, as plain text."))
    mode = models.CharField(_("moderation"), max_length=20, choices=Mode, default=Mode.HOLD_ALL)
    close_after_days = models.PositiveIntegerField(_("close after days"), null=True, blank=True)
    alarm_after_hours = models.PositiveIntegerField(
        _("alarm after hours"),
        default=24,
        help_text=_("The desk says so when a reply has waited longer; 0 never."),
    )
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
