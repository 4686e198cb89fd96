"""The page on which somebody objects to a decision about their own words, once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from forum.moderation import appeals
from forum.posting.forms import LONGEST_APPEAL, AppealForm
from forum.posting.status import Standing
from forum.posting.status_page import context_of, done, look, not_from_here, private
from forum.text.tidy import plain
from forum.web.origin import needs_token

WHY_NOT = {
    appeals.TWICE: gettext_lazy("You have objected to this decision before, and that can be done once."),
    appeals.NOTHING: gettext_lazy("There is no decision here, or not any more, to which you could object."),
    appeals.ANOTHER: gettext_lazy("An objection of yours about these words waits already."),
}


@csrf_exempt  # the origin is checked, and the token where a session comes along, as for replies
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, number: int) -> HttpResponse:
    """Object to the decision about one's own words: 303 to where they stand, 409 when there is none or this
    one was objected to, 422 for a text that does not do, 403 for a foreign form; the text comes back.

    Somebody banned may object as well. 404 for everybody but the author.
    """
    found = look(request, number)
    if request.method != "POST":
        why_not = "" if found.may_appeal else appeals.TWICE if found.appeal else appeals.NOTHING
        return _page(request, found, "", WHY_NOT.get(why_not, ""), is_shut=bool(why_not))
    typed = plain(request.POST.get("text", ""))
    form = AppealForm({"text": typed, "decision": request.POST.get("decision", "")})
    if refusal := not_from_here(request):
        return _page(request, found, typed, refusal, status=403)
    if not form.is_valid():
        damaged = _("The form came back damaged; please send it again.")
        return _page(request, found, typed, (form.errors.get("text") or [damaged])[0], status=422)
    try:
        appeals.appeal(found.comment, form.cleaned_data["decision"], form.cleaned_data["text"])
    except appeals.NotTakenError as error:
        found = look(request, number)
        shut = not found.may_appeal
        return _page(request, found, typed, WHY_NOT[error.args[0]], status=409, is_shut=shut)
    return done(number, "appealed")


def _page(
    request: HttpRequest,
    found: Standing,
    text: str,
    refusal: str = "",
    *,
    status: int = 200,
    is_shut: bool = False,
) -> HttpResponse:
    context = {"text": text, "refusal": refusal, "is_shut": is_shut, "most": LONGEST_APPEAL}
    context |= context_of(found) | {"needs_token": needs_token(request)}
    return private(render(request, "posting/appeal.html", context, status=status))
