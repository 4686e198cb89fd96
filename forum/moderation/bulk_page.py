"""Deciding on a selection or on a whole filter: what will happen, the act, and how far it is."""

import hashlib
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE, Viewer
from forum.jobs import progress
from forum.moderation import bulk, decisions, reasons
from forum.moderation.decisions_page import (
    HIDING,
    chosen_in,
    grounds_in,
    no_such_act,
    number_in,
    refused,
    tell_batch,
    tell_left,
)
from forum.moderation.filters import READ, Filter, moment_of
from forum.moderation.models import Act, Batch, Decision
from forum.threads import states
from forum.threads.models import Comment
from forum.threads.states import State
from forum.web.redirects import SeeOther, safe_next

LONGEST = 5_000  # characters of a filter


@needs(MODERATE, back="moderation:queue")
@require_POST
def decide_many(request: HttpRequest) -> HttpResponse:
    """Say what a decision on many comments will do; with `sure` do it.

    The comments are those named, or those of a `filter`: all of them when there are no more than `count`,
    the number that was seen, or the `first` so many. What the page then said is done only as long as the
    filter holds the very same comments in the same versions (`seen`): else 409, for nobody decides on what
    they have not seen.
    """
    act = request.POST.get("decision", "")
    if act not in decisions.DECIDABLE:
        return no_such_act(request, act)
    given = request.POST.get("filter")
    if given is not None and not _is_readable(given):
        return refused(request, _("This filter cannot be read, so nothing was done."))
    named = chosen_in(request)
    chosen = named.versions if given is None else _of_filter(request, given)
    sure = "sure" in request.POST
    if chosen is None or (sure and given and request.POST.get("seen") != fingerprint(chosen)):
        return _grown(request)
    if not chosen:
        return refused(request, _("No comment was chosen, so nothing was done."))
    if not sure:
        return render(request, "moderation/bulk.html", _preview(request, act, chosen))
    try:
        grounds = grounds_in(request)
    except reasons.ReasonError as error:
        again = _preview(request, act, chosen) | {"refusal": str(error)}
        return render(request, "moderation/bulk.html", again, status=422)
    batch = bulk.run_or_ask(bulk.start(act, chosen, request.user, grounds))
    tell_left(request, named.nonsense)
    if batch.ended_at is None:
        return SeeOther(reverse("moderation:batch", args=[batch.pk]))
    tell_batch(request, batch)
    return SeeOther(safe_next(request, reverse("moderation:queue")))


@needs(MODERATE)
@require_safe
def progress_of(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """How far a batch is, or what has become of it."""
    found = bulk.batch_of(str(batch))
    if found is None:
        raise Http404
    job = progress.newest(bulk.JOB, str(found.pk)) if found.ended_at is None else None
    taken_back = Batch.objects.filter(undoes=found).first()
    left = Comment.objects.visible_to(Viewer.of(request)).filter(pk__in=found.left[:100])
    context = {"batch": found, "job": job, "taken_back": taken_back, "left": left.order_by("pk")}
    context["handled"] = found.done + len(found.left)
    context["can_undo"] = _can_undo(found, taken_back)
    return render(request, "moderation/batch.html", context)


@needs(MODERATE, back="moderation:queue")
@require_POST
def go_on(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Have a worker go on with a batch that broke off, or with `cancel` end one that runs."""
    found = bulk.batch_of(str(batch))
    if found is None:
        raise Http404
    if "cancel" in request.POST:
        bulk.cancel(found)
    elif found.ended_at is None:
        bulk.ask(found)
    return SeeOther(reverse("moderation:batch", args=[found.pk]))


def _is_readable(given: str) -> bool:
    """Whether a filter says what it shows: nothing of it may be cut off or passed over."""
    if not given or len(given) > LONGEST:
        return False
    params = QueryDict(given)
    return not Filter.of(params).unknown and set(params) <= {*READ, "flag"}


def fingerprint(chosen: dict[int, int | None]) -> str:
    """What tells whether the comments of a filter, or their versions, have changed."""
    pairs = ",".join(f"{number}:{version}" for number, version in sorted(chosen.items()))
    return hashlib.sha256(pairs.encode()).hexdigest()


def _of_filter(request: HttpRequest, given: str) -> dict[int, int | None] | None:
    """The comments of the filter with their versions; None when there are more than were seen."""
    wanted = Filter.of(QueryDict(given))
    rows = wanted.rows(Viewer.of(request)).values_list("pk", "version")
    first = number_in(request.POST.get("first", ""))
    if first:
        return dict(rows.order_by(moment_of(wanted.tab), "pk")[:first])
    seen = number_in(request.POST.get("count", "")) or 0
    found = dict(rows.order_by("pk")[: seen + 1])
    return None if len(found) > seen else found


def _preview(request: HttpRequest, act: str, chosen: dict[int, int | None]) -> dict[str, Any]:
    """What the page says before anything is done, in three statements."""
    numbers = list(chosen)
    there = Comment.objects.visible_to(Viewer.of(request)).filter(pk__in=numbers)
    stand = there.values_list("pk", "state", "version")
    legal = {state for state in State if states.target(act, state)}
    fit = [pk for pk, state, version in stand if state in legal and chosen[pk] in {None, version}]
    below = Comment.objects.public().filter(parent__in=fit).exclude(pk__in=fit)
    return {
        "act": Act(act),
        "count": len(fit),
        "total": len(chosen),
        "unfit": len(chosen) - len(fit),
        "staying": below.count() if act in HIDING else 0,
        "chosen": [] if "filter" in request.POST else list(chosen.items()),
        "asked": request.POST,
        "filter": Filter.of(QueryDict(request.POST.get("filter", ""))),
        "seen": fingerprint(chosen),
        "is_long": len(chosen) > bulk.WHILE_WAITING,
        "back": safe_next(request, reverse("moderation:queue")),
    }


def _grown(request: HttpRequest) -> HttpResponse:
    message = _(
        "The comments of this filter have changed since you looked, so nothing was done: please look again."
    )
    back = safe_next(request, reverse("moderation:queue"))
    return render(request, "moderation/bulk_refused.html", {"message": message, "back": back}, status=409)


def _can_undo(found: Batch, taken_back: Batch | None) -> bool:
    if found.ended_at is None or found.act == Act.UNDO or taken_back is not None:
        return False
    return Decision.objects.filter(batch=found.pk, undone_by=None).exists()
