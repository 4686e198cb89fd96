"""Reasons and canned replies in Django's admin, where the admins keep them."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forum.moderation.models_people import CannedReply, Reason
from forum.moderation.reasons import unknown_placeholder


class CannedReplyForm(forms.ModelForm):
    """A canned reply whose placeholders are all known."""

    def clean_text(self) -> str:
        """Refuses what would stand in the answer with its braces."""
        text = self.cleaned_data["text"]
        if unknown := unknown_placeholder(text):
            message = _("Nothing is filled in for %(unknown)s; there is {name}, {article} and {site}.")
            raise ValidationError(message, params={"unknown": unknown[:40]})
        return text


@admin.register(Reason)
class ReasonAdmin(admin.ModelAdmin):
    """What moderators choose and authors may read."""

    list_display = ("title", "text", "place", "active")
    list_editable = ("place", "active")
    fields = ("title", "code", "text", "place", "active")

    def get_readonly_fields(self, request: HttpRequest, obj: Reason | None = None) -> tuple[str, ...]:
        """The code stays: decisions name it."""
        return () if obj is None else ("code",)

    def has_delete_permission(self, request: HttpRequest, obj: Reason | None = None) -> bool:
        """Never, since decisions name it; a reason that is not active is offered to nobody."""
        return False


@admin.register(CannedReply)
class CannedReplyAdmin(admin.ModelAdmin):
    """Answers that are given often."""

    form = CannedReplyForm
    list_display = ("title", "text", "place", "active")
    list_editable = ("place", "active")
    fields = ("title", "text", "place", "active")
