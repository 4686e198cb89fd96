"""Subscriptions by how it stands with them."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Q


class SubscriptionQuerySet(models.QuerySet):
    """Subscriptions, asked for in words."""

    def active(self) -> Self:
        """Those that letters may be written for: confirmed, not ended, to a verified address.

        Accounts that are switched off hear of nothing.
        """
        return self.filter(
            Q(address__author__user=None) | Q(address__author__user__is_active=True),
            confirmed_at__isnull=False,
            ended_at=None,
            address__verified_at__isnull=False,
        )

    def listed(self) -> Self:
        """With what a page says of each, in the order in which they were asked for."""
        return self.select_related("article", "comment__article").order_by("-asked_at", "-pk")

    def to_any(self, emails: Collection[str]) -> Self:
        """Those to any of some addresses, given in small letters."""
        return self.annotate(lowered=models.functions.Lower("address__email")).filter(lowered__in=emails)


SubscriptionManager = models.Manager.from_queryset(SubscriptionQuerySet, class_name="SubscriptionManager")
