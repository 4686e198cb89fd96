"""How far a rehearsal is, what came of it, and ending it."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import ADMINISTER, Viewer
from forum.jobs.models import Job
from forum.moderation import policy_words, rehearsal, rehearsal_policy, rehearsal_rule
from forum.moderation.matching import RuleError
from forum.moderation.models_policy import Rehearsal, Rule
from forum.moderation.policy import RULE_FIELDS
from forum.site.forms import OWNED, shown
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.states import State
from forum.web.redirects import SeeOther


@needs(ADMINISTER)
@require_safe
def rehearsal_page(request: HttpRequest, number: int) -> HttpResponse:
    """What a rehearsal has found, with its samples, or how far it is."""
    tried = get_object_or_404(Rehearsal.objects.select_related("by"), pk=number)
    context: dict[str, Any] = {"tried": tried, "here": "policy"}
    if not tried.result:
        job = rehearsal.newest_job(tried)
        # It may have ended between the two looks.
        tried.refresh_from_db()
        context |= {"job": job, "broken": job is not None and job.state == Job.State.FAILED}
    if tried.kind == Rehearsal.Kind.RULE:
        context |= _of_rule(request, tried)
    else:
        context |= _of_policy(request, tried)
    return render(request, "moderation/rehearsal.html", context)


@needs(ADMINISTER, back="moderation:rules")
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """End a rehearsal that runs; one that has ended stays as it is."""
    tried = get_object_or_404(Rehearsal, pk=number)
    rehearsal.cancel(tried)
    return SeeOther(reverse("moderation:rehearsal", args=[tried.pk]))


def _of_rule(request: HttpRequest, tried: Rehearsal) -> dict[str, Any]:
    proposal = tried.proposal
    rule = Rule(**{name: proposal[name] for name in RULE_FIELDS if name in proposal})
    there = Rule.objects.filter(pk=proposal.get("rule") or 0).first()
    context: dict[str, Any] = {"rule": rule, "number": there.pk if there else None}
    context["seen"] = json.dumps(rehearsal_rule.seen_in(tried, there)) if there else ""
    if not tried.result:
        return context
    counts = tried.result["counts"]
    names = {"archive": _("Approved, from the archive"), "live": _("Approved, written here")}
    rows = [(names.get(group) or State(group).label, *pair) for group, pair in counts.items()]
    looked, found = rehearsal_rule.approved_of(tried)
    context |= {"rows": rows, "looked": looked, "found": found}
    viewer = Viewer.of(request)
    try:
        context["approved"] = rehearsal_rule.samples(tried, "approved", viewer)
        context["caught"] = rehearsal_rule.samples(tried, "caught", viewer)[:5]
    except RuleError:  # what a rule may be has been changed since
        context["approved"] = context["caught"] = []
    return context


def _of_policy(request: HttpRequest, tried: Rehearsal) -> dict[str, Any]:
    policy = rehearsal_policy.proposed(tried)
    now = SitePolicy.objects.current()
    lines = policy_words.policy_lines(shown(now), shown(policy))
    sent = [(name, "on" if tried.proposal.get(name) is True else tried.proposal.get(name)) for name in OWNED]
    sent = [(name, "" if value is None else value) for name, value in sent if value is not False]
    context: dict[str, Any] = {"lines": lines, "sent": [*sent, ("version", tried.proposal.get("version", 0))]}
    context["seen"] = json.dumps(tried.proposal.get("seen") or shown(now))
    if tried.result:
        viewer, counts = Viewer.of(request), tried.result["counts"]
        change = abs(counts["held_then"] - counts["held_now"])
        context |= {"sums": counts, "fewer": change, "more": change}
        context["a_week"] = round(change * 7 / max(tried.days or 7, 1))
        context["missed"] = _comments(tried.result["missed"], viewer)
        context["bothered"] = _comments(tried.result["bothered"], viewer)
    return context


def _comments(numbers: list[int], viewer: Viewer) -> list[Comment]:
    rows = Comment.objects.visible_to(viewer).filter(pk__in=numbers, erased_at=None)
    return list(rows.select_related("article").order_by("received_at", "pk"))
