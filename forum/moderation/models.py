"""Cases that wait for somebody and the decisions that end them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.threads.models import Comment
from forum.threads.states import State


class Act(models.TextChoices):
    """What can be decided; `undo` takes another decision back.

    `keep` and all from `edit` on leave the state as it is. `accept` and `decline` are about an edit that
    waits, `uphold` says that an appealed decision stands, `erase` and `unname` answer a take-down request.
    """

    APPROVE = "approve", _("Approve")
    TRUST = "trust", _("Approve and trust")
    KEEP = "keep", _("Keep")
    REJECT = "reject", _("Reject")
    SPAM = "spam", _("Spam")
    REMOVE = "remove", _("Remove")
    RESTORE = "restore", _("Restore")
    UNDO = "undo", _("Undo")
    HOLD = "hold", _("Hold")
    WITHDRAW = "withdraw", _("Withdraw")
    EDIT = "edit", _("Edit")
    CLOSE = "close", _("Close the thread")
    REOPEN = "reopen", _("Open the thread again")
    BAN = "ban", _("Ban")
    ACCEPT = "accept", _("Publish the edit")
    DECLINE = "decline", _("Keep the words before")
    UPHOLD = "uphold", _("The decision stands")
    ERASE = "erase", _("Erase")
    UNNAME = "unname", _("Take the name off")


# What lets words stand before the public, and what keeps them from it.
APPROVING = (Act.APPROVE, Act.TRUST, Act.KEEP, Act.RESTORE)
REFUSING = (Act.REJECT, Act.SPAM, Act.REMOVE)


class Claim(models.Model):
    """Somebody with an account who says that archived words are theirs, until a moderator has looked."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="claims")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims")
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "by"], condition=models.Q(granted=None), name="claim_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(granted__isnull=True, decided_at__isnull=True)
                | models.Q(granted__isnull=False, decided_at__isnull=False),
                name="claim_decided_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Decision(models.Model):
    """One decision, appended and never edited; `comment_version` is the version that it left behind.

    `batch` joins those that were made together, `revision` is the number of the text that an edit made.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="decisions")
    act = models.CharField(max_length=10, choices=Act)
    from_state = models.CharField(max_length=10, choices=State)
    to_state = models.CharField(max_length=10, choices=State)
    comment_version = models.PositiveIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    batch = models.UUIDField(null=True, blank=True, db_index=True)
    revision = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    act__in=Act.values, from_state__in=State.values, to_state__in=State.values
                ),
                name="decision_act_and_states_in_list",
            ),
            models.CheckConstraint(
                condition=models.Q(act="undo", undoes__isnull=False)
                | (~models.Q(act="undo") & models.Q(undoes__isnull=True)),
                name="decision_undo_names_what_it_undoes",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="decision_newest"),
            models.Index(fields=["actor", "-at", "-id"], name="decision_newest_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.comment_id}"


class Case(models.Model):
    """Why a comment waits for a moderator, from its opening to the decision that closes it."""

    class Cause(models.TextChoices):
        NEW = "new", _("New reply")
        EDIT = "edit", _("Edited")
        REPORTS = "reports", _("Reported")
        IMPORT = "import", _("Import")
        APPEAL = "appeal", _("Appeal")
        TAKEDOWN = "takedown", _("Take-down request")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="cases")
    cause = models.CharField(max_length=10, choices=Cause)
    opened = models.DateTimeField()
    closed = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="closes"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "cause"],
                condition=models.Q(closed__isnull=True),
                name="case_open_once_for_a_cause",
            ),
            models.CheckConstraint(
                condition=models.Q(cause__in=["new", "edit", "reports", "import", "appeal", "takedown"]),
                name="case_cause_in_list",
            ),
        ]
        indexes = [
            models.Index(
                fields=["cause", "comment"], name="case_open", condition=models.Q(closed__isnull=True)
            ),
            models.Index(fields=["opened"], name="case_open_since", condition=models.Q(closed__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.comment_id}"


class RuleHit(models.Model):
    """A rule that held a comment, and what it matched: the characters `start` to `end` of the source text.

    A rule that looks at something else than the text has matched nothing: `start` and `end` are null. `rule`
    is the name of a built-in rule, or `rule-N` for number N of the admins', whose label then is `label`.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hits")
    rule = models.CharField(max_length=40)
    label = models.CharField(max_length=100, blank=True)
    matched = models.CharField(max_length=200, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["rule", "case"], name="rulehit_by_rule")]

    def __str__(self) -> str:
        return f"{self.rule} {self.case_id}"


class Batch(models.Model):
    """Many decisions made together: what was asked for, how far it is, and what was left alone.

    Its decisions carry its number. `chosen` are the comments and the versions that were seen, as pairs;
    it is emptied when all are decided. `left` are the numbers of comments that were left alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=10, choices=Act)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches")
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    chosen = models.JSONField(default=list)
    left = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="batch_newest")]

    def __str__(self) -> str:
        return f"{self.act} {self.total}"


class Lease(models.Model):
    """Who is looking at a comment: a courtesy to others, never a lock.

    It is over at `until`, and with the session that took it, so that signing out frees it.
    """

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="lease")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leases")
    session = models.CharField(max_length=40)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.comment_id)
