"""Addresses of posting."""

from django.urls import path

from forum.posting import verification_page, views

urlpatterns = [
    path("verify/<str:token>/", verification_page.verify, name="verify_address"),
    path("<path:path>/reply/", views.reply, name="reply"),
]
