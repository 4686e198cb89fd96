"""Addresses of posting."""

from django.urls import include, path

from forum.posting import answers_page, verification_page, views

urlpatterns = [
    path("moderation/comments/<int:number>/answer/", answers_page.answer, name="answer"),
    path("verify/<str:token>/", verification_page.verify, name="verify_address"),
    path("", include("forum.posting.status_urls")),
    path("", include("forum.posting.reports_urls")),
    path("<path:path>/reply/", views.reply, name="reply"),
]
