"""Addresses of posting."""

from django.urls import path

from forum.posting import views

urlpatterns = [path("<path:path>/reply/", views.reply, name="reply")]
