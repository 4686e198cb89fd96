"""Addresses of upkeep."""

from django.urls import path

from forum.upkeep import letters, views

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("upkeep/letters/", letters.letters, name="letters"),
]
