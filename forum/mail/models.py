"""Letters: written in the transaction of what they tell of, sent later by another process."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.mail.queries import OPEN, LetterManager


class Letter(models.Model):
    """One letter to one address, from its writing to its end.

    `key` is what makes it this letter: writing it twice is one letter. `message_id` and `not_before`
    (its Date) stay the same over all tries, so that a second copy is recognised as one (RFC 5322,
    3.6.4). `order_key` is the line in which it stands: letters of one line leave in the order of
    `not_before` and number; '' is no line. `due_at` is when it is next tried, `lease` whose turn it is
    until `lease_until`. `tries` counts failures that were the letter's own. `about` names what it tells
    of, in the terms of the room that wrote it. `sent_at` and `cancelled_at` may both be set: then
    it was cancelled too late.
    """

    class Why(models.TextChoices):
        REFUSED = "refused", _("The address was refused")
        CONTENT = "content", _("The letter was refused")
        TRIES = "tries", _("Tried too often")
        UNSENDABLE = "unsendable", _("It could not be put together")
        RETURNED = "returned", _("It came back")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        CANCELLED = "cancelled", _("Cancelled")
        DEAD = "dead", _("Not deliverable")

    key = models.CharField(max_length=200, unique=True)
    to = models.CharField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("text"), blank=True)
    headers = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=300, unique=True)
    about = models.CharField(_("about"), max_length=100, blank=True)
    order_key = models.CharField(max_length=254, blank=True)
    written_at = models.DateTimeField(_("written"))
    not_before = models.DateTimeField(_("not before"))
    due_at = models.DateTimeField(_("next try"))
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(_("failures"), default=0)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    dead_at = models.DateTimeField(_("given up"), null=True, blank=True)
    why = models.CharField(_("given up because"), max_length=10, choices=Why, blank=True)

    objects = LetterManager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lease="", lease_until__isnull=True)
                | (~models.Q(lease="") & models.Q(lease_until__isnull=False)),
                name="letter_lease_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(dead_at__isnull=True, why="")
                | models.Q(
                    dead_at__isnull=False, why__in=["refused", "content", "tries", "unsendable", "returned"]
                ),
                name="letter_dead_says_why",
            ),
            models.CheckConstraint(
                condition=~models.Q(why="returned") | models.Q(sent_at__isnull=False),
                name="letter_returned_was_sent",
            ),
            models.CheckConstraint(
                condition=~models.Q(text="")
                | models.Q(sent_at__isnull=False)
                | models.Q(cancelled_at__isnull=False),
                name="letter_has_text_until_it_is_over",
            ),
            models.CheckConstraint(
                condition=~models.Q(key="") & ~models.Q(to=""), name="letter_has_key_and_address"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="letter_due", condition=OPEN),
            models.Index(fields=["order_key", "not_before", "id"], name="letter_line", condition=OPEN),
            models.Index(fields=["about"], name="letter_about", condition=models.Q(sent_at__isnull=True)),
            models.Index(fields=["dead_at"], name="letter_dead", condition=models.Q(dead_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def state(self) -> "Letter.State":
        """How it stands with the letter at this moment."""
        if self.dead_at:
            return self.State.DEAD
        if self.sent_at:
            return self.State.SENT
        if self.cancelled_at:
            return self.State.CANCELLED
        leased = self.lease_until and self.lease_until > timezone.now()
        return self.State.SENDING if leased else self.State.WAITING
