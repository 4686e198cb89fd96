"""“These are my words”: the page on which somebody with an account claims an archived comment."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from forum.moderation import claims
from forum.text.tidy import plain
from forum.web.redirects import SeeOther

WHY_NOT = {
    claims.CONFIRMED: gettext_lazy("A moderator has confirmed already that you wrote this."),
    claims.TAKEN: gettext_lazy("A moderator has confirmed already that somebody else wrote this."),
    claims.WAITING: gettext_lazy("You have said so already, and no moderator has looked at it yet."),
    claims.REFUSED: gettext_lazy("A moderator has looked at this and could not confirm that you wrote it."),
    claims.MANY: gettext_lazy(
        "So many of your claims wait for a moderator that you cannot add another one now."
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, number: int) -> HttpResponse:
    """Ask whether a comment's words are one's own (GET), say so (POST).

    404 for what nobody can claim: not public, not of an archive, or never there. 409 when this account
    cannot claim it now.
    """
    comment = claims.claimable().filter(pk=number).first()
    if comment is None:
        raise Http404
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("claim", args=[number]))
    context = {"comment": comment, "most": claims.LONGEST_TEXT}
    if request.method != "POST":
        why_not = claims.hindrance(comment, request.user)
        return render(request, "pages/claim.html", context | {"why_not": WHY_NOT.get(why_not)})
    text = plain(request.POST.get("text", "")).strip()[: claims.LONGEST_TEXT]
    try:
        claims.claim(number, request.user, text)
    except claims.NotPossibleError as error:
        return render(request, "pages/claim.html", context | {"why_not": WHY_NOT[error.args[0]]}, status=409)
    messages.success(request, _("Thank you. A moderator will look at it."))
    return SeeOther(reverse("comment", args=[number]))
