"""Posts in Django's admin, with the letters that a hidden post takes along."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from forum.articles.admin import ArticleAdmin
from forum.articles.models import Article
from forum.notifications import notices


@admin.register(Article)
class TellingArticleAdmin(ArticleAdmin):
    """A post that is not published tells nobody of its comments."""

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Save a post; what tells of its comments is taken back when not everybody may read them any more."""
        super().save_model(request, obj, form, change)
        if obj.state != Article.State.PUBLISHED:
            notices.article_taken_back(obj.pk)
