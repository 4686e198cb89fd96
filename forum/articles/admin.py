"""Articles in Django's admin: what is public and how it is moderated, not what the archive says."""

from django.contrib import admin
from django.http import HttpRequest

from forum.articles.models import Article


class ArticleAdmin(admin.ModelAdmin):
    """State, mode, closing and notice of a post; registered by `notifications.admin`, which takes letters
    back when a post is hidden."""

    list_display = ("title", "path", "state", "published_at", "comment_count")
    list_filter = ("state", "mode")
    search_fields = ("title", "path")
    fields = ("title", "path", "published_at", "declared", "state", "mode", "closed_at", "notice")
    readonly_fields = ("title", "path", "published_at", "declared")

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        """Of one that was merged into another, also the state: taking the merge back shows it again."""
        fixed = tuple(self.readonly_fields)
        return (*fixed, "state") if obj is not None and obj.merged_into_id else fixed

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Posts come from archives."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Posts are hidden, not deleted."""
        return False
