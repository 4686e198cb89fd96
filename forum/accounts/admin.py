"""Accounts in Django's admin; role and switch are changed on the page of people, which keeps one admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forum.accounts import writing
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

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """What changes elsewhere: the address by its owner, role and switch on the page of people."""
        return self.readonly_fields if obj is None else (*self.readonly_fields, "email", "role", "is_active")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """An account that an admin makes has an author, and an address that the admin answers for."""
        super().save_model(request, obj, form, change)
        if not change:
            writing.name_author(obj)
            writing.verify_address(obj)

    def has_delete_permission(self, request: object, obj: User | None = None) -> bool:
        """Accounts are switched off, not deleted: their decisions and words name them."""
        return False
