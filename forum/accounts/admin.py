"""Accounts in Django's admin: made and given a role by an admin while sign-up is closed."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from forum.accounts.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Name, address, role and password; Django's own flags follow from the role."""

    list_display = ("username", "email", "role", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("username", "email")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("email", "role", "is_active")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "email", "role", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def has_delete_permission(self, request: object, obj: User | None = None) -> bool:
        """Accounts are switched off, not deleted: their decisions and words name them."""
        return False
