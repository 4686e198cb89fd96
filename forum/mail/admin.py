"""Letters in Django's admin: to be looked at, and dead ones to be tried again.

Their text is not shown: it may hold a code or a link that signs its reader in.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from forum.mail import writing
from forum.mail.models import Letter


class HowItStands(admin.SimpleListFilter):
    """Waiting or dead; all without a choice."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, object]]:
        """The two that an admin looks for."""
        return [(state.value, state.label) for state in (Letter.State.WAITING, Letter.State.DEAD)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The letters in the chosen state."""
        if self.value() == Letter.State.WAITING:
            return queryset.waiting()
        return queryset.dead() if self.value() == Letter.State.DEAD else queryset


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):
    """What became of each letter."""

    list_display = ("to", "subject", "how_it_stands", "not_before", "tries", "error")
    list_filter = (HowItStands,)
    search_fields = ("to", "message_id", "about")
    ordering = ("-id",)
    actions = ("try_again",)
    fields = (
        *("to", "subject", "about", "message_id", "how_it_stands", "why", "error", "tries"),
        *("written_at", "not_before", "due_at", "sent_at", "cancelled_at", "dead_at"),
    )

    @admin.display(description=_("state"))
    def how_it_stands(self, letter: Letter) -> str:
        """The letter's state in words."""
        return letter.state.label

    @admin.action(description=_("Try again to send the letters that were given up"))
    def try_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Put the chosen dead letters back into the outbox and say how many."""
        count = writing.try_again(list(queryset.values_list("pk", flat=True)))
        said = ngettext("%(count)d letter waits again.", "%(count)d letters wait again.", count)
        self.message_user(request, said % {"count": count})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: letters tell of something that has happened."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        """Never: a letter that is gone could be written a second time."""
        return False
