"""Letters by how it stands with them; what may be leased is decided here."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

OPEN = Q(sent_at__isnull=True, cancelled_at__isnull=True, dead_at__isnull=True)


class LetterQuerySet(models.QuerySet):
    """Letters that wait, that are dead, that are new, that are to be sent."""

    def waiting(self) -> Self:
        """Those that are still to be sent, now or later, in the order in which they leave."""
        return self.filter(OPEN).order_by("not_before", "id")

    def unsent(self) -> Self:
        """Those that may still leave: what waits, and what was given up, since an admin may try it again."""
        return self.filter(sent_at__isnull=True, cancelled_at__isnull=True)

    def dead(self) -> Self:
        """Those that were given up or came back, newest first; an admin has to look at them."""
        return self.filter(dead_at__isnull=False).order_by("-dead_at", "-id")

    def recent(self) -> Self:
        """All of them, newest first."""
        return self.order_by("-id")

    def leasable(self, now: datetime.datetime) -> Self:
        """Those that a sender may take, in the order in which they are due.

        A letter may not be taken while an earlier open letter of its line is there, also when that one
        only waits for its next try: order is kept for each address (figure E1). Letters of no line pass.
        """
        moment = OuterRef("not_before")
        earlier = Q(not_before__lt=moment) | Q(id__lt=OuterRef("id"))
        # `not_before__lte` beside it lets the index end at this letter.
        line = self.model._base_manager.filter(OPEN, order_key=OuterRef("order_key"), not_before__lte=moment)
        return (
            self.filter(OPEN, due_at__lte=now)
            .filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now))
            .filter(Q(order_key="") | ~Exists(line.filter(earlier)))
            .order_by("due_at", "id")
        )

    def vanished_since(self, moment: datetime.datetime) -> Self:
        """Letters whose address was refused for good, or that came back, since a moment; oldest first.

        For whoever keeps subscriptions: an address that is gone gets no more letters.
        """
        return self.filter(why__in=["refused", "returned"], dead_at__gte=moment).order_by("dead_at", "id")


LetterManager = models.Manager.from_queryset(LetterQuerySet, class_name="LetterManager")
