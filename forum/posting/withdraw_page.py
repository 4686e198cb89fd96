"""The page on which somebody withdraws their own words: GET asks, POST acts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from forum.accounts.viewer import Viewer
from forum.moderation.decisions import NotPossibleError
from forum.posting import withdraw as withdraw_act
from forum.posting.status_page import context_of, done, look, not_from_here, private
from forum.web.origin import needs_token


@csrf_exempt  # the origin is checked, and the token where a session comes along, as for replies
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Ask whether one's own words are to go for good (GET), have them go (POST, 303).

    409 when there is nothing to withdraw any more, 403 for a foreign form, 404 for everybody but the author.
    """
    found = look(request, number)
    refusal, code = "", 200
    if request.method == "POST":
        refusal, code = not_from_here(request), 403
        if not refusal:
            user = request.user if request.user.is_authenticated else None
            try:
                withdraw_act.withdraw(number, Viewer.of(request).as_reader(), user)
                return done(number, "withdrawn")
            except NotPossibleError:
                found = look(request, number)
                refusal, code = (
                    _("It is not shown to anybody any more, so there is nothing to withdraw."),
                    409,
                )
    context = context_of(found) | {"refusal": refusal, "needs_token": needs_token(request)}
    return private(render(request, "posting/withdraw.html", context, status=code))
