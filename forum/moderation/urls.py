"""Addresses of the desk."""

from django.urls import path

from forum.moderation import views

app_name = "moderation"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("decided/", views.decided, name="decided"),
    path("comments/<int:number>/", views.comment, name="comment"),
    path("decide/", views.decide, name="decide"),
    path("undo/", views.undo, name="undo"),
]
