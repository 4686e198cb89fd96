"""The page on which the policy is read, tried and set, and an article's own mode."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from forum.accounts.permissions import needs
from forum.accounts.viewer import ADMINISTER, MODERATE, Viewer
from forum.articles.models import Article
from forum.moderation import policy, policy_seen, policy_words, rehearsal
from forum.moderation.articles_queries import number_in
from forum.moderation.models_policy import PolicyChange, Rehearsal
from forum.moderation.policy import RefusedError, StaleError
from forum.site.forms import OWNED, PolicyForm, shown
from forum.site.models import SitePolicy
from forum.web.paging import page_of
from forum.web.redirects import SeeOther, safe_next

PER_PAGE = 10
DAYS = (7, 30, 90, 365)
MONTH = 30


@needs(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_page(request: HttpRequest) -> HttpResponse:
    """The policy in words for the desk, with its form for admins (GET); saving or trying it (POST).

    422 for what cannot be, 409 when another admin was quicker: then the form keeps what was typed.
    """
    if request.method != "POST":
        return _page(request, _form_asked_for(request))
    if not Viewer.of(request).may(ADMINISTER):
        raise Http404
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if "try" in request.POST:
        return _try(request, form)
    try:
        policy.change(form.values(), request.user, version=form.cleaned_data["version"])
    except StaleError:
        return _stale(request, form)
    except RefusedError as error:
        return _page(request, form, why_not=str(error), status=422)
    messages.success(request, _("Saved. This is how replies are treated from now on."))
    return SeeOther(reverse("moderation:policy"))


@needs(ADMINISTER, back="moderation:policy")
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put back what was before a change, or 409 with one sentence when something stands against it."""
    number = number_in(request.POST.get("id", "")) or 0
    try:
        policy.undo(number, request.user)
    except PolicyChange.DoesNotExist:
        raise Http404 from None
    except RefusedError as error:
        form = _form_for(SitePolicy.objects.current())
        return _page(request, form, why_not=str(error), status=409)
    messages.success(request, _("Put back: it is as it was before that change."))
    return SeeOther(safe_next(request, reverse("moderation:policy")))


@needs(ADMINISTER, back="moderation:articles")
@require_POST
def article_mode(request: HttpRequest, number: int) -> HttpResponse:
    """Let an article have a mode of its own, or none: 303, or 409 with one sentence."""
    article = get_object_or_404(Article, pk=number)
    back = reverse("moderation:article", args=[article.pk])
    try:
        policy.set_article_mode(article.pk, request.POST.get("mode", ""), request.user)
    except Article.DoesNotExist:
        raise Http404 from None
    except RefusedError as error:
        context = {"message": str(error), "back": back, "here": "articles"}
        return render(request, "moderation/policy_refused.html", context, status=409)
    messages.success(request, _("Saved: this is how replies to this article are treated from now on."))
    return SeeOther(back)


def _try(request: HttpRequest, form: PolicyForm) -> HttpResponse:
    days = request.POST.get("days", "")
    chosen = int(days) if days in {str(one) for one in DAYS} else MONTH
    proposal = form.values() | {"version": form.cleaned_data["version"], "seen": _seen_in(form)}
    made = rehearsal.start(Rehearsal.Kind.POLICY, proposal, request.user, days=chosen)
    rehearsal.run_or_ask(made)
    return SeeOther(reverse("moderation:rehearsal", args=[made.pk]))


def _form_asked_for(request: HttpRequest) -> PolicyForm | None:
    """The form with what holds, or with what was tried (`?rehearsal=`); none for who only looks."""
    if not Viewer.of(request).may(ADMINISTER):
        return None
    form = _form_for(SitePolicy.objects.current())
    number = number_in(request.GET.get("rehearsal", "")) or 0
    tried = Rehearsal.objects.filter(pk=number, kind=Rehearsal.Kind.POLICY).first()
    if tried is not None:
        # With what the page had shown then, so that what others have changed since is not overwritten.
        proposal = tried.proposal
        form.initial |= {name: proposal[name] for name in (*OWNED, "version") if name in proposal}
        form.initial["seen"] = json.dumps(proposal.get("seen") or shown(SitePolicy.objects.current()))
    return form


def _form_for(now: SitePolicy) -> PolicyForm:
    fields = shown(now)
    return PolicyForm(initial=fields | {"version": now.version, "seen": json.dumps(fields)})


def _stale(request: HttpRequest, form: PolicyForm) -> HttpResponse:
    """The form as it was sent, upon what holds by now, with what the other person did."""
    now = SitePolicy.objects.current()
    wanted, stands = form.values(), shown(now)
    base = _seen_in(form)
    # What the person had left as it was shown goes along with what the other one has made of it.
    mine = {name: stands[name] if base.get(name) == wanted[name] else wanted[name] for name in OWNED}
    again = PolicyForm(_typed(mine) | {"version": now.version, "seen": json.dumps(stands)})
    last = policy_words.changes().filter(about=policy.POLICY).first()
    context = {
        "other": policy_words.policy_lines(base, stands) if base else [],
        "mine": policy_words.policy_lines(stands, mine),
        "other_by": last.by if last is not None else None,
        "stale": True,
    }
    return _page(request, again, status=409, **context)


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """Fields as a browser would send them."""
    return {name: "" if value is None else value for name, value in values.items() if value is not False}


def _seen_in(form: PolicyForm) -> dict[str, Any]:
    """What the page showed, as it sent it back; nothing when it cannot be read."""
    return policy_seen.of_policy(form.cleaned_data["seen"])


def _page(
    request: HttpRequest, form: PolicyForm | None, why_not: str = "", *, status: int = 200, **more: Any
) -> HttpResponse:
    now = SitePolicy.objects.current()
    page = page_of(request, policy_words.changes(), PER_PAGE)
    context = {"now": policy_words.in_words(now), "form": form, "why_not": why_not, "here": "policy"}
    context |= {"page": page, "changes": policy_words.told(list(page)), "days": DAYS, "month": MONTH}
    context["tried"] = Rehearsal.objects.filter(kind=Rehearsal.Kind.POLICY, by=request.user).order_by("-pk")[
        :3
    ]
    return render(request, "moderation/policy.html", context | more, status=status)
