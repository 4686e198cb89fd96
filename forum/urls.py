"""Door: every room's addresses; the article's path comes last since it takes what is left."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("admin/import/", include("forum.importing.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("forum.accounts.urls")),
    path("moderation/", include("forum.moderation.urls")),
    path("", include("forum.upkeep.urls")),
    path("", include("forum.notifications.urls")),
    path("", include("forum.posting.urls")),
    path("", include("forum.pages.urls")),
]
