"""The page on which a moderator answers a comment: GET shows it, POST acts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from forum.accounts.permissions import needs
from forum.accounts.queries import public_name
from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import decisions, reasons
from forum.posting import answers, limits, replies
from forum.posting.forms import AnswerForm, new_form_key
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.writing import Draft, ParentGoneError, ThreadClosedError
from forum.web.address import client_address, client_agent
from forum.web.redirects import SeeOther, safe_next

QUICKER = gettext_lazy(
    "Somebody was quicker: the comment is not any more as you saw it. Look at it again, then send."
)
WHY_NOT = {
    answers.NO_WORDS: gettext_lazy("This comment has no words that could be answered."),
    answers.NOT_PUBLIC: gettext_lazy("This comment is not public, so it has to be restored first."),
    answers.NO_READERS: gettext_lazy("The post is not public, so nobody could read the answer."),
}


@needs(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """The form, its text filled from the canned reply `?canned=ID`; its POST answers.

    303 back, 422 for a text that does not do, 409 when somebody was quicker, 403 for somebody banned; the
    text comes back with each of these.
    """
    comment = _found(request, number)
    if request.method != "POST":
        return _page(request, comment, AnswerForm(initial={"body": _canned_text(request, comment)}))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, comment, form, status=422)
    try:
        _answer, approved = answers.answer(
            number,
            _draft(request, form),
            request.user,
            Viewer.of(request),
            version=form.cleaned_data["version"],
        )
    except (answers.NotPossibleError, decisions.NotPossibleError) as error:
        message = WHY_NOT[error.args[0]] if error.args else QUICKER
        return _page(request, _found(request, number), form, message, status=409)
    except ParentGoneError:
        return _page(request, comment, form, WHY_NOT[answers.NOT_PUBLIC], status=409)
    except (ThreadClosedError, replies.ClosedError):
        message = _("This discussion is closed and takes no more replies.")
        return _page(request, comment, form, message, status=422)
    except replies.OtherWordsError:
        message = _("This form has been sent before with other words. Send again to add these as well.")
        return _page(request, comment, form, message, status=422)
    except limits.BannedError as error:
        return _page(request, comment, form, str(error), status=403)
    said = _("Approved and answered: the comment by %(name)s.") if approved else _("Answered: %(name)s.")
    messages.success(request, said % {"name": comment.name_shown or _("unnamed reader")})
    return SeeOther(safe_next(request, reverse("moderation:queue")))


def _found(request: HttpRequest, number: int) -> Comment:
    rows = Comment.objects.visible_to(Viewer.of(request)).filter(pk=number)
    comment = rows.select_related("article", "parent", "author").first()
    if comment is None:
        raise Http404
    return comment


def _draft(request: HttpRequest, form: AnswerForm) -> Draft:
    return Draft(
        body=form.cleaned_data["body"],
        name=public_name(request.user),
        ip=client_address(request) or None,
        user_agent=client_agent(request),
        form_key=form.cleaned_data["form_key"] or None,
    )


def _canned_text(request: HttpRequest, comment: Comment) -> str:
    number = request.GET.get("canned", "")
    if not number.isdecimal() or len(number) > 18:
        return ""
    found = next((reply for reply in reasons.canned() if reply.pk == int(number)), None)
    if found is None:
        return ""
    name, site = comment.name_shown or _("unnamed reader"), SitePolicy.objects.current().name
    return reasons.fill(found.text, name=name, article=comment.article.title, site=site)


def _page(
    request: HttpRequest, comment: Comment, form: AnswerForm, message: str = "", *, status: int = 200
) -> HttpResponse:
    """The page; after a refusal the form names the comment as it is now, and gets a key of its own."""
    why_not = answers.hindrance(comment)
    context = {
        "comment": comment,
        "form": form,
        "message": message,
        "why_not": WHY_NOT.get(why_not, "") if status == 200 else "",
        "canned": reasons.canned(),
        "chosen": request.GET.get("canned", ""),
        "signs_as": public_name(request.user),
        "form_key": new_form_key(),
        "back": safe_next(request, reverse("moderation:comment", args=[comment.pk])),
        "here": "answer",
    }
    return render(request, "posting/answer.html", context, status=status)
