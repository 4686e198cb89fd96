"""Addresses of appeals and edits that wait, below the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
