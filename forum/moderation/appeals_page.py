"""Where the desk answers an appeal."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE
from forum.moderation import appeals
from forum.moderation.decisions_page import conflict, left_alone, no_such_act, number_in
from forum.moderation.models_requests import Appeal
from forum.text.tidy import is_visible, plain
from forum.web.redirects import SeeOther, safe_next

GRANT, UPHOLD = "grant", "uphold"
UNSEEN = -1  # a version that nothing has
WHY_NOT = {
    appeals.OWN: gettext_lazy("You made the decision yourself, so another moderator has to answer."),
    appeals.OWN_WORDS: gettext_lazy("These are your own words, so another moderator has to answer."),
    appeals.ANSWERED: gettext_lazy("Somebody was quicker: this objection has been answered."),
    appeals.STALE: gettext_lazy("Something has happened to the comment since you opened it: look again."),
    appeals.NEWER: gettext_lazy("Its author has sent a newer change: please decide on that one first."),
    appeals.REWORDED: gettext_lazy(
        "Other words stand there since, so this edit cannot be published any more without losing them."
    ),
    appeals.CHANGED: gettext_lazy("The comment has changed meanwhile, so that nothing can come back now."),
}


@needs(MODERATE, back="moderation:queue")
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Answer an appeal: 303 back, 422 without an answer where the decision stands, 409 when it cannot be."""
    act = request.POST.get("decision", "")
    if act not in {GRANT, UPHOLD}:
        return no_such_act(request, act)
    asked = _asked(request)
    words = plain(request.POST.get("answer", "")).strip()
    if refusal := _wrong_with(words, is_needed=act == UPHOLD):
        return conflict(request, [left_alone(str(asked.decision.comment_id))], refusal, status=422)
    try:
        version = number_in(request.POST.get("version", ""))
        seen = UNSEEN if version is None else version
        decision = appeals.answer(asked.pk, act == GRANT, words, request.user, version=seen)
    except appeals.NotTakenError as error:
        left = [left_alone(str(asked.decision.comment_id))]
        return conflict(request, left, str(WHY_NOT[error.args[0]]))
    name = decision.comment.name_shown or _("unnamed reader")
    said = _("Granted: the objection by %(name)s.") if act == GRANT else _("The decision stands: %(name)s.")
    messages.success(request, said % {"name": name})
    return SeeOther(safe_next(request, reverse("moderation:queue")))


def _asked(request: HttpRequest) -> Appeal:
    number = number_in(request.POST.get("appeal", "")) or 0
    asked = Appeal.objects.select_related("decision").filter(pk=number).first()
    if asked is None:
        raise Http404
    return asked


def _wrong_with(words: str, *, is_needed: bool) -> str:
    if is_needed and not is_visible(words):
        return _("Please write an answer: its author has to hear why the decision stands.")
    if len(words) > appeals.LONGEST_ANSWER:
        return _("The answer is too long: at most %(limit)s characters fit.") % {
            "limit": appeals.LONGEST_ANSWER
        }
    return ""
