"""Where readers report a comment: a page that everybody shares, its POST, and the thanks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import reports
from forum.moderation.models_requests import Report
from forum.posting import limits, limits_rates
from forum.posting.reports_form import ReportForm
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.web.address import client_address
from forum.web.origin import is_not_from_here, needs_token
from forum.web.redirects import SeeOther


# The form stands on pages that all visitors share and so holds no token; see posting.views.reply.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Ask what is wrong with a comment (GET), put it before the desk (POST): 303 to the thanks.

    404 for what not everybody may read. 422 with the form, 403 for a foreign form and for somebody who is
    banned, 409 for a second report, 429 beyond the limit; each with what was typed.
    """
    viewer = Viewer.of(request)
    comment = reports.reportable(viewer).filter(pk=number).select_related("article").first()
    if comment is None:
        raise Http404
    if request.method != "POST":
        return _page(request, comment, ReportForm())
    form = ReportForm(request.POST)
    if is_not_from_here(request):
        message = _("This came from another site, or your sign-in has changed. Send it again from here.")
        return _page(request, comment, form, message, status=403)
    if not form.is_valid():
        return _page(request, comment, form, status=422)
    said = form.cleaned_data
    if said["website"]:
        return SeeOther(reverse("reported"))
    try:
        _report(request, viewer, number, said["reason"], said["text"])
    except Comment.DoesNotExist:
        raise Http404 from None
    except reports.TwiceError:
        message = _("You have reported this comment already. A moderator will look at it.")
        return _page(request, comment, form, message, status=409)
    except limits.BannedError as error:
        return _page(request, comment, form, str(error), status=403)
    except limits_rates.TooManyError as error:
        return _page(request, comment, form, str(error), status=429)
    in_danger = said["reason"] == Report.Reason.DANGER
    return SeeOther(reverse("reported") + ("?danger=1" if in_danger else ""))


@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    """Thanks, the same for everybody; with the help lines for who fears that somebody is in danger."""
    context = {"in_danger": request.GET.get("danger") == "1"}
    return render(request, "posting/reported.html", context)


def _report(request: HttpRequest, viewer: Viewer, number: int, reason: str, text: str) -> None:
    policy = SitePolicy.objects.current()
    user = request.user if request.user.is_authenticated else None
    by = reports.reporter_of(viewer, user, client_address(request))
    limits.refuse_banned(by.author, "", viewer.guest_keys, policy, client_address(request))
    if not viewer.may(MODERATE):
        limits_rates.count_report(request, by.author, viewer, policy)
    reports.report(number, by, reason, text)


def _page(
    request: HttpRequest, comment: Comment, form: ReportForm, message: str = "", *, status: int = 200
) -> HttpResponse:
    context = {"comment": comment, "form": form, "message": message, "refused": status != 200}
    context["needs_token"] = needs_token(request)
    return render(request, "posting/report.html", context, status=status)
