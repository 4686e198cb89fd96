"""Puts our admin site in the place of Django's own; loaded before any model, and so apart from it."""

from django.contrib.admin.apps import AdminConfig


class AfterwordAdminConfig(AdminConfig):
    """Django's admin with the site that lets admins in only."""

    default_site = "config.admin_site.AfterwordAdminSite"
