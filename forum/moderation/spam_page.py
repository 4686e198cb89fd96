"""What spam looks like here, and learning it again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.accounts.permissions import needs
from forum.accounts.viewer import ADMINISTER
from forum.jobs import progress
from forum.jobs.models import Job
from forum.moderation import spam
from forum.moderation.models_policy import SpamModel
from forum.web.redirects import SeeOther

STRONGEST = 20  # words of each kind


@needs(ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def spam_page(request: HttpRequest) -> HttpResponse:
    """From what was learnt when, and the strongest words (GET); having a worker learn again (POST)."""
    job = progress.newest(spam.JOB, "")
    going = job is not None and job.state in {Job.State.QUEUED, Job.State.RUNNING}
    if request.method == "POST":
        if not going:
            spam.ask_training(request.user)
        messages.success(request, _("It is being learnt again; what holds now stays until that is done."))
        return SeeOther(reverse("moderation:spam"))
    model = SpamModel.objects.select_related("by").order_by("-pk").first()
    context: dict[str, Any] = {"model": model, "job": job, "going": going, "here": "policy"}
    if model is not None:
        context |= {"for_it": _words(model, 1), "against_it": _words(model, -1)}
    return render(request, "moderation/spam.html", context)


def _words(model: SpamModel, side: int) -> list[str]:
    """The words that weigh most on one side: 1 for spam, -1 against it."""
    found = sorted((word for word, weight in model.weights.items() if weight * side > 0))
    return sorted(found, key=lambda word: -model.weights[word] * side)[:STRONGEST]
