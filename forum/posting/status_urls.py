"""Addresses of what authors do with their own words."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
