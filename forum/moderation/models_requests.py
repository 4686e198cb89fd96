"""What readers and authors ask of the desk: reports, appeals, and requests to take something down."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.accounts.models import Author
from forum.articles.models import Article
from forum.moderation.models import Case, Decision
from forum.threads.models import Comment


class Report(models.Model):
    """A reader's word that a comment should be looked at, under the case that was open then.

    `reporter` is null for somebody who is known by nothing; `trace` is a keyed hash of where they came from,
    so that one of them counts once. `counts` says that the reporter had proved an address. `upheld` is what a
    decision made of it, null until there is one.
    """

    class Reason(models.TextChoices):
        ATTACK = "attack", _("It attacks somebody")
        PERSONAL = "personal", _("It tells private things of somebody")
        HARM = "harm", _("Its advice could harm")
        SPAM = "spam", _("It is advertising or spam")
        DANGER = "danger", _("I fear that its writer is in danger")
        LAW = "law", _("It breaks the law")
        OTHER = "other", _("Something else")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(
        Author, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    trace = models.CharField(max_length=64)
    reason = models.CharField(max_length=10, choices=Reason)
    text = models.CharField(max_length=1000, blank=True)
    counts = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    upheld = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reporter"],
                condition=models.Q(reporter__isnull=False),
                name="report_once_for_a_reporter",
            ),
            models.UniqueConstraint(
                fields=["case", "trace"],
                condition=models.Q(reporter__isnull=True),
                name="report_once_from_a_place",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    reason__in=["attack", "personal", "harm", "spam", "danger", "law", "other"]
                ),
                name="report_reason_in_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.case_id}"


class Appeal(models.Model):
    """An author's objection to a decision: one for each decision, answered by somebody else.

    `granted` is null until it is answered; `answer` is for the author to read.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    text = models.CharField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)
    granted = models.BooleanField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(granted__isnull=True, answered_at__isnull=True)
                | models.Q(granted__isnull=False, answered_at__isnull=False),
                name="appeal_answered_says_when",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TakeDown(models.Model):
    """A request of somebody without an account to take words or a name down.

    `comment` is what it is about, null while nobody has found it; `where` is what they gave instead. Name and
    address are of whoever asks, for the desk alone, and are purged after `purge_after`.
    """

    class Wish(models.TextChoices):
        ERASE = "erase", _("Erase what I wrote")
        UNNAME = "unname", _("Keep the words, take my name off")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        ERASED = "erased", _("Erased")
        UNNAMED = "unnamed", _("Name taken off")
        REFUSED = "refused", _("Refused")
        OTHER = "other", _("Done another way")

    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, null=True, blank=True, related_name="take_downs"
    )
    article = models.ForeignKey(Article, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    where = models.CharField(max_length=500, blank=True)
    wish = models.CharField(max_length=10, choices=Wish)
    text = models.TextField(blank=True)
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    purge_after = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wish__in=["erase", "unname", "other"]), name="take_down_wish_in_list"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", answered_at__isnull=True)
                | models.Q(outcome__in=["erased", "unnamed", "refused", "other"], answered_at__isnull=False),
                name="take_down_answered_says_when",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="take_down_open", condition=models.Q(outcome=""))]

    def __str__(self) -> str:
        return str(self.pk)
