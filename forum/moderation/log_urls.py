"""Addresses of the log, statistics and letters to moderators, below the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
