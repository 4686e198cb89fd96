"""The policy in Django's admin: one row, never two and never none."""

import uuid
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from forum.site.models import SitePolicy


@admin.register(SitePolicy)
class SitePolicyAdmin(admin.ModelAdmin):
    """What an admin sets for the whole site; what holds replies is set on the desk's page of the policy."""

    fields = ("name", "notice", "roots_per_page", "policy")
    readonly_fields = ("policy",)

    @admin.display(description=_("Moderation"))
    def policy(self, obj: SitePolicy | None) -> str:
        """The way to what is not set here."""
        return format_html('<a href="{}">{}</a>', reverse("moderation:policy"), _("Who is held, and rules"))

    def save_model(self, request: HttpRequest, obj: SitePolicy, form: Any, change: bool) -> None:
        """The row is number one, and only what this page asks for is written into one that is there."""
        obj.pk = 1
        if change:
            obj.rules_key = uuid.uuid4().hex  # by which every process notices that the policy has changed
            obj.save(update_fields=[*form.changed_data, "rules_key"])
        else:
            super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only while there is no row."""
        return not SitePolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: SitePolicy | None = None) -> bool:
        """Never."""
        return False
