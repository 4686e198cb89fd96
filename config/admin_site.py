"""Django's admin, for people with the role of admin only and with the site's own sign-in."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AfterwordAdminSite(AdminSite):
    """`/admin/`: what an admin sets in the browser; comments are decided in the moderation queue."""

    site_header = site_title = "Afterword"
    index_title = _("Settings and records")

    def has_permission(self, request: HttpRequest) -> bool:
        """Only somebody signed in whose role is admin may enter."""
        return request.user.is_active and request.user.is_staff


class AfterwordAdminConfig(AdminConfig):
    """Puts the site above in the place of Django's own."""

    default_site = "config.admin_site.AfterwordAdminSite"
