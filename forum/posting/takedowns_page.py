"""Where people without an account ask for words or a name to be taken down."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import takedowns
from forum.posting import limits_rates
from forum.posting.reports_form import TakeDownForm
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.states import Kind
from forum.web.origin import is_not_from_here, needs_token
from forum.web.redirects import SeeOther


# The form stands on pages that all visitors share and so holds no token; see posting.views.reply.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def at_comment(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for one comment to be taken down, or its name: 303 to the thanks, 404 for what nobody may read.

    422 with the form, 403 for a foreign form, 429 beyond the limit; each with what was typed.
    """
    readable = Comment.objects.readable_by(Viewer.of(request).as_reader()).filter(pk=number, state="visible")
    comment = readable.exclude(kind=Kind.PLACEHOLDER).select_related("article").first()
    if comment is None:
        raise Http404
    return _answer(request, comment)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def anywhere(request: HttpRequest) -> HttpResponse:
    """As `at_comment`, for whatever the sender names by its address or in words."""
    return _answer(request, None)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next, the same for everybody: nothing of the request is shown again."""
    return render(request, "posting/take_down_asked.html")


def _answer(request: HttpRequest, comment: Comment | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, comment, TakeDownForm(at_comment=comment is not None))
    form = TakeDownForm(request.POST, at_comment=comment is not None)
    if is_not_from_here(request):
        message = _("This came from another site, or your sign-in has changed. Send it again from here.")
        return _page(request, comment, form, message, status=403)
    if not form.is_valid():
        return _page(request, comment, form, status=422)
    said = form.cleaned_data
    if not said.pop("website"):
        policy = SitePolicy.objects.current()
        try:
            if not Viewer.of(request).may(MODERATE):
                limits_rates.count_take_down(request, policy)
            takedowns.ask(takedowns.Asked(comment=comment.pk if comment is not None else None, **said))
        except limits_rates.TooManyError as error:
            return _page(request, comment, form, str(error), status=429)
        except Comment.DoesNotExist:
            raise Http404 from None
    return SeeOther(reverse("take_down_asked"))


def _page(
    request: HttpRequest,
    comment: Comment | None,
    form: TakeDownForm,
    message: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"comment": comment, "form": form, "message": message, "refused": status != 200}
    context["needs_token"] = needs_token(request)
    return render(request, "posting/take_down.html", context, status=status)
