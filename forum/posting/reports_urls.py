"""Addresses of what readers ask of the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
