"""The policy in Django's admin: one row, never two and never none."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from forum.site.models import SitePolicy


@admin.register(SitePolicy)
class SitePolicyAdmin(admin.ModelAdmin):
    """What an admin sets for the whole site."""

    fields = ("name", "notice", "mode", "close_after_days", "alarm_after_hours", "roots_per_page")

    def save_model(self, request: HttpRequest, obj: SitePolicy, form: Any, change: bool) -> None:
        """The row is number one, whatever the database would count next."""
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only while there is no row."""
        return not SitePolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: SitePolicy | None = None) -> bool:
        """Never."""
        return False
