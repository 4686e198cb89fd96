"""Where the staff choose their letters, and where the links of those lead: GET shows, POST acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.accounts.links import LinkError
from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import cards, decisions, letters, letters_act, reasons
from forum.moderation.cards import DONE, REFUSING
from forum.moderation.models_people import DeskLetters
from forum.threads.models import Comment
from forum.web.origin import behind_a_link
from forum.web.redirects import SeeOther


@needs(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """How often letters come to whoever asks; POST changes it, 422 for a pace that is none."""
    address, message = letters.address_of(request.user), ""
    pace = request.POST.get("pace", "")
    if request.method == "POST":
        if pace not in DeskLetters.Pace.values:
            message = _("Please choose how often letters shall come.")
        elif pace != DeskLetters.Pace.NEVER and not address:
            message = _("Your account has no verified address yet, so no letter can go there.")
        else:
            letters.choose(request.user, DeskLetters.Pace(pace))
            messages.success(request, _("Letters from the desk: %(pace)s.") % {"pace": _pace(pace)})
            return SeeOther(reverse("moderation:letters"))
    context = {
        "address": address,
        "message": message,
        "pace": pace or letters.pace_of(request.user),
        "paces": DeskLetters.Pace.choices,
        "here": "letters",
    }
    return render(request, "moderation/letters.html", context, status=422 if message else 200)


@behind_a_link
@needs(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """The decision that a link of a letter offers; its POST makes it, once, for whom the letter was.

    303 to the comment at the desk. 410 for a link that is none any more, 403 for somebody else's, 409 when
    the decision is not possible any more, 422 for a reason that cannot be given.
    """
    try:
        if request.method == "POST":
            return _decide(request, token)
        return _offer(request, token)
    except letters_act.NotForYouError as error:
        return _refused(request, str(error), 403)
    except LinkError as error:
        return _refused(request, str(error), 410)
    except (decisions.NotPossibleError, Comment.DoesNotExist):
        return _refused(request, _("This cannot be done any more: somebody has decided meanwhile."), 409)


def _decide(request: HttpRequest, token: str) -> HttpResponse:
    try:
        grounds = reasons.grounds(*(request.POST.get(name, "") for name in ("reason_code", "reason", "note")))
    except reasons.ReasonError as error:
        return _offer(request, token, str(error))
    made = letters_act.decide(token, request.user, grounds)
    messages.success(request, _("%(act)s, as the letter offered.") % {"act": DONE[made.act]})
    return SeeOther(reverse("moderation:comment", args=[made.comment_id]))


def _offer(request: HttpRequest, token: str, message: str = "") -> HttpResponse:
    offer = letters_act.read(token, request.user)
    context = {
        "act": offer.act,
        "card": cards.card_for(offer.comment.pk, Viewer.of(request)),
        "comment": offer.comment,
        "asks_why": offer.act in REFUSING,
        "reasons": reasons.active(),
        "message": message,
        "here": "by_mail",
    }
    return render(request, "moderation/by_mail.html", context, status=422 if message else 200)


def _refused(request: HttpRequest, message: str, status: int) -> HttpResponse:
    context = {"message": message, "here": "by_mail"}
    return render(request, "moderation/by_mail_refused.html", context, status=status)


def _pace(pace: str) -> str:
    return str(DeskLetters.Pace(pace).label).lower()
