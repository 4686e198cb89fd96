"""Subscriptions by how it stands with them."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from forum.accounts.models import Mute
from forum.threads.models import Comment
from forum.threads.queries import person_of


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

    def hearing(self, comment: Comment) -> Self:
        """Without those of a comment's author, and of accounts that have muted its author.

        As on pages (`threads.reading`), somebody who signed with another name is not given away by the
        muting, and a muted account is muted as the archived person, too, that it has been.
        """
        author = comment.author
        others = self if author is None else self.exclude(address__author=author.pk)
        if person_of(comment) is None:
            return others
        whom = Q(author=author.pk)
        if author.claimed_by_id is not None:
            whom |= Q(author__user=author.claimed_by_id)
        return others.filter(~Exists(Mute.objects.filter(whom, owner=OuterRef("address__author__user"))))

    def listed(self) -> Self:
        """With what a page says of each, in the order in which they were asked for."""
        return self.select_related("article", "comment__article").order_by("-asked_at", "-pk")

    def to_any(self, emails: Collection[str]) -> Self:
        """Those to any of some addresses, given in small letters."""
        return self.annotate(lowered=models.functions.Lower("address__email")).filter(lowered__in=emails)


SubscriptionManager = models.Manager.from_queryset(SubscriptionQuerySet, class_name="SubscriptionManager")
