"""Addresses of the policy, its rules and rehearsals, below the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
