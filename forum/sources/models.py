"""Where archived things come from: runs, keys, witnesses and the ledger."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from forum.articles.models import Article
from forum.threads.models import Comment


class ImportRun(models.Model):
    """One giving of an archive, from its plan to its end; `counts` is the report as fixed JSON.

    While it runs, `done` of `total` items are written and `beat` is when the last of them was.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        UNDONE = "undone", _("Undone")

    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    file_sha256 = models.CharField(max_length=64, db_index=True)
    file_name = models.CharField(max_length=255, blank=True)
    format = models.CharField(max_length=20)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    beat = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file_sha256"],
                condition=models.Q(state="running"),
                name="import_run_one_at_a_time_for_a_file",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "running", "done", "failed", "cancelled", "undone"]),
                name="import_run_state_in_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"


class SourceItem(models.Model):
    """The identity of an archived thing: (system, host, blog, kind, key).

    `key_scheme` says what the key is: the source's `id`, its `url`, or the fingerprint `fp1`.
    `content_hash` is of what the source said, `placed_hash` of what we made of it, so that a change
    upstream and a change here can be told apart. `number` keeps the comment's number after an undo.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Article")
        COMMENT = "comment", _("Comment")

    system = models.CharField(max_length=30)
    host = models.CharField(max_length=253, blank=True)
    blog = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=500)
    key_scheme = models.CharField(max_length=4)
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True)
    comment = models.ForeignKey(Comment, on_delete=models.SET_NULL, null=True, blank=True)
    number = models.BigIntegerField(null=True, blank=True)
    content_hash = models.CharField(max_length=64)
    placed_hash = models.CharField(max_length=64, blank=True)
    override = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "host", "blog", "kind", "key"], name="source_item_unique_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Witness(models.Model):
    """What one run saw of an item; `hints` are for staff only."""

    item = models.ForeignKey(SourceItem, on_delete=models.CASCADE, related_name="witnesses")
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="witnesses")
    address = models.CharField(max_length=2000, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)
    raw = models.TextField(blank=True)
    parent_key = models.CharField(max_length=500, blank=True)
    confidence = models.FloatField(default=1.0)
    repairs = models.JSONField(default=list, blank=True)
    hints = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "run"], name="witness_unique_item_run")]

    def __str__(self) -> str:
        return f"{self.item_id} in run {self.run_id}"


class LedgerLine(models.Model):
    """How one item of an archive ended in one run; the sums of a run's lines are its counts."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")
        UNCHANGED = "unchanged", _("Unchanged")
        SKIPPED = "skipped", _("Skipped")
        NEEDS_REVIEW = "needs_review", _("Needs review")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="ledger")
    n = models.PositiveIntegerField()
    item = models.ForeignKey(SourceItem, on_delete=models.SET_NULL, null=True, blank=True)
    source_id = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome)
    code = models.CharField(max_length=40, blank=True)
    excerpt = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "n"], name="ledger_line_unique_run_n")]

    def __str__(self) -> str:
        return f"{self.n}: {self.outcome}"
