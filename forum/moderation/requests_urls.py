"""Addresses of reports and take-down requests at the desk, below the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
