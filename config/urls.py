"""Addresses of the whole site."""

urlpatterns = []
