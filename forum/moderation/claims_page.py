"""The desk's pages of claims: who says that archived words are theirs, and deciding on it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from forum.accounts.models import User
from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE
from forum.moderation import claims
from forum.moderation.models import Claim
from forum.web.paging import page_of
from forum.web.redirects import SeeOther, safe_next

PER_PAGE = 20
LAST = 3
DECIDE = {"grant": claims.grant, "refuse": claims.refuse}
WHY_NOT = {
    claims.DECIDED: gettext_lazy("Somebody was quicker: this claim is not any more as you saw it."),
    claims.OWN: gettext_lazy(
        "Nobody confirms their own claim; please leave it to somebody else on the desk."
    ),
    claims.GONE: gettext_lazy("The comment has lost its words, so there is nothing to confirm."),
    claims.TAKEN: gettext_lazy("These words are confirmed as somebody else's already."),
}


@needs(MODERATE)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Claims that wait, oldest first."""
    last = [claim for claim in claims.decided().filter(decided_by=request.user)[:LAST] if claim.stands]
    context = {"page": page_of(request, claims.waiting(), PER_PAGE), "last": last, "here": "claims"}
    return render(request, "moderation/claims.html", context)


@needs(MODERATE)
@require_safe
def decided(request: HttpRequest) -> HttpResponse:
    """Claims that have been decided, newest first, each to be taken back while it stands."""
    context = {"page": page_of(request, claims.decided(), PER_PAGE), "here": "claims"}
    return render(request, "moderation/claims_decided.html", context)


@needs(MODERATE, back="moderation:claims")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Grant or refuse a claim, or 409 with one sentence when that is not possible any more."""
    decision = request.POST.get("decision", "")
    if decision not in DECIDE:
        message = _("“%(decision)s” is no decision on a claim; there is grant and refuse.")
        return render(request, "400.html", {"message": message % {"decision": decision[:40]}}, status=400)
    said = _("Granted: %(name)s wrote this.") if decision == "grant" else _("Refused: the claim of %(name)s.")
    return _done(request, DECIDE[decision], said)


@needs(MODERATE, back="moderation:claims")
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take a decision on a claim back, or 409 when something has happened since."""
    return _done(request, claims.take_back, _("Taken back: the claim of %(name)s waits again."))


def _done(request: HttpRequest, act: Callable[[int, User], Claim], said: str) -> HttpResponse:
    number = request.POST.get("id", "")
    try:
        claim = act(int(number) if number.isdecimal() and len(number) <= 18 else 0, request.user)
    except Claim.DoesNotExist:
        raise Http404 from None
    except claims.NotPossibleError as error:
        why_not = {"why_not": WHY_NOT[error.args[0]]}
        return render(request, "moderation/claim_conflict.html", why_not, status=409)
    messages.success(request, said % {"name": claim.by.get_username()})
    return SeeOther(safe_next(request, reverse("moderation:claims")))
