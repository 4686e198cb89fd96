"""Long work, as the person who asked for it sees it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of long work: `about` names what it works on, in the terms of the room that asked for it.

    `beat` is when it last told of progress; `result` is one sentence for its owner when it has ended.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting for its turn")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    name = models.CharField(max_length=40)
    about = models.CharField(max_length=100, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    cancel = models.BooleanField(default=False)
    result = models.TextField(blank=True)
    asked = models.DateTimeField()
    began = models.DateTimeField(null=True, blank=True)
    beat = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "running", "done", "failed", "cancelled"]),
                name="job_state_in_list",
            )
        ]
        indexes = [models.Index(fields=["name", "about", "-id"], name="job_by_subject")]

    def __str__(self) -> str:
        return f"{self.name} {self.about}"
