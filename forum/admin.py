"""Door: what Django's admin shows."""

from forum.accounts import admin as accounts_admin
from forum.mail import admin as mail_admin
from forum.moderation import admin as moderation_admin
from forum.notifications import admin as notifications_admin
from forum.site import admin as site_admin

__all__ = ["accounts_admin", "mail_admin", "moderation_admin", "notifications_admin", "site_admin"]
