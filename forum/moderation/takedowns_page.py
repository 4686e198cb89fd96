"""The desk's pages of take-down requests: the list, one request, what its answer would reach, the answer."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE
from forum.moderation import takedowns, takedowns_answer
from forum.moderation.models_requests import TakeDown
from forum.moderation.takedowns_answer import Answer, Outcome
from forum.text.tidy import plain
from forum.web.paging import page_of
from forum.web.redirects import SeeOther

PER_PAGE = 20
FOR_GOOD = (Outcome.ERASED, Outcome.UNNAMED)
WHY_NOT = {
    takedowns_answer.ANSWERED: gettext_lazy("Somebody was quicker: this request has been answered."),
    takedowns_answer.NOWHERE: gettext_lazy("Say first which comment the request is about."),
    takedowns_answer.STALE: gettext_lazy(
        "The comment, or the request, has changed since you saw it. Please look again."
    ),
    takedowns_answer.GONE: gettext_lazy("The words of this comment are gone already."),
    takedowns_answer.NAMELESS: gettext_lazy("There is no name at this comment any more."),
}
SAID = {
    Outcome.ERASED: gettext_lazy("Erased, and the request is answered."),
    Outcome.UNNAMED: gettext_lazy("The name is off, and the request is answered."),
    Outcome.REFUSED: gettext_lazy("Refused, and the request is answered."),
    Outcome.OTHER: gettext_lazy("The request is answered."),
}


class AnswerForm(forms.Form):
    """What becomes of a request."""

    outcome = forms.ChoiceField(
        choices=Outcome.choices,
        error_messages={
            "required": gettext_lazy("Please choose what you have decided."),
            "invalid_choice": gettext_lazy("Please choose what you have decided."),
        },
    )
    answer = forms.CharField(
        required=False,
        max_length=takedowns_answer.LONGEST_ANSWER,
        error_messages={"max_length": gettext_lazy("At most %(limit_value)d characters fit here.")},
    )
    everywhere = forms.BooleanField(required=False)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    sure = forms.BooleanField(required=False)

    def given(self) -> Answer:
        """The answer, once the form is valid."""
        said = self.cleaned_data
        return Answer(said["outcome"], plain(said["answer"]).strip(), said["version"], said["everywhere"])


@needs(MODERATE)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All requests that wait, those without a comment first."""
    context = {"page": page_of(request, takedowns.waiting(), PER_PAGE), "here": "takedowns"}
    return render(request, "moderation/requests.html", context)


@needs(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, number: int) -> HttpResponse:
    """One request with what an answer would reach; its POST answers.

    What cannot be taken back is shown once more first, and done with `sure`. 303, or 422 or 409.
    """
    found = _found(number)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, found, AnswerForm(initial={"outcome": _wished(found)}))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    given = form.given()
    if given.outcome in FOR_GOOD and not form.cleaned_data["sure"] and found.comment_id and not found.outcome:
        context = {"asked": found, "look": takedowns_answer.look(found), "given": given, "here": "takedowns"}
        return render(request, "moderation/request_sure.html", context)
    try:
        takedowns_answer.answer(number, given, request.user)
    except takedowns_answer.NotPossibleError as error:
        return _page(request, _found(number), form, WHY_NOT[error.args[0]], status=409)
    messages.success(request, SAID[Outcome(given.outcome)])
    return SeeOther(reverse("moderation:requests"))


@needs(MODERATE, back="moderation:requests")
@require_POST
def attach(request: HttpRequest, number: int) -> HttpResponse:
    """Say which comment a request is about: 303 to the request, 422 when nothing is found, 404 when over."""
    where = plain(request.POST.get("where", ""))[:500]
    try:
        done = takedowns.attach(number, where)
    except TakeDown.DoesNotExist:
        raise Http404 from None
    if done is None:
        message = _("No comment is found there. Give its number, or the address of the comment itself.")
        found = _found(number)
        form = AnswerForm(initial={"outcome": _wished(found)})
        return _page(request, found, form, message, status=422, where=where)
    messages.success(request, _("The request is about this comment now."))
    return SeeOther(reverse("moderation:request", args=[number]))


def _found(number: int) -> TakeDown | None:
    whole = ("comment__article__blog", "comment__author", "comment__parent", "article", "answered_by")
    return TakeDown.objects.select_related(*whole).filter(pk=number).first()


def _wished(found: TakeDown) -> str:
    wishes = {TakeDown.Wish.ERASE: Outcome.ERASED, TakeDown.Wish.UNNAME: Outcome.UNNAMED}
    return wishes.get(TakeDown.Wish(found.wish), Outcome.OTHER).value if found.comment_id else ""


def _page(
    request: HttpRequest,
    found: TakeDown,
    form: AnswerForm,
    message: str = "",
    *,
    status: int = 200,
    where: str = "",
) -> HttpResponse:
    context = {"asked": found, "form": form, "message": message, "where": where, "here": "takedowns"}
    context["look"] = takedowns_answer.look(found)
    return render(request, "moderation/request.html", context, status=status)
