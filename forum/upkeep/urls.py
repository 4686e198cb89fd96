"""Addresses of upkeep."""

from django.urls import path

from forum.upkeep import views

urlpatterns = [path("healthz", views.health, name="health")]
