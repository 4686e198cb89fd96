"""Django's admin, for people with the role of admin only and with the site's own sign-in."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forum.accounts import second_factor


class AfterwordAdminSite(AdminSite):
    """`/admin/`: what an admin sets in the browser; comments are decided in the moderation queue."""

    site_header = site_title = "Afterword"
    index_title = _("Settings and records")

    def has_permission(self, request: HttpRequest) -> bool:
        """Only somebody signed in whose role is admin may enter, with a second factor where it is needed."""
        user = request.user
        return user.is_active and user.is_staff and not second_factor.is_missing(user)
