"""Where one's own comment stands, and the page of the link that a letter brings."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from forum.accounts.links import LinkError
from forum.accounts.viewer import Viewer, remember_own
from forum.moderation.queries import MOST_BEFORE
from forum.posting import edits
from forum.posting import status as status_act
from forum.posting.status import Standing
from forum.threads.models import Comment
from forum.web.address import client_address
from forum.web.origin import behind_a_link, is_foreign, is_not_from_here, needs_token, token_is_missing
from forum.web.redirects import SeeOther

SAID = {
    edits.KEPT: gettext_lazy("Your change is saved. It waits for a moderator like your first words did."),
    "kept_hidden": gettext_lazy("Your change is saved. It stays hidden until a moderator has looked at it."),
    edits.PUBLISHED: gettext_lazy("Your change is published."),
    edits.WAITS: gettext_lazy("Your change waits for a moderator. Until then everybody reads the old words."),
    "taken_back": gettext_lazy("Your change is taken back. The words that stood there stay."),
    "withdrawn": gettext_lazy("Your words are withdrawn."),
    "appealed": gettext_lazy("Thank you. Another moderator will look at it."),
}
WHY_NOT = {
    edits.DECIDED: gettext_lazy("It is decided, so its words cannot be changed any more."),
    edits.ARCHIVED: gettext_lazy("Words of the archive cannot be changed here."),
    edits.READ_ONLY: gettext_lazy("This archive is read only, so words cannot be changed."),
    edits.LATE: gettext_lazy("The time in which words can be changed is over."),
    edits.ERASED: gettext_lazy("It has been erased, so there is nothing to change."),
    edits.MANY: gettext_lazy("It has been changed so often that it cannot be changed any more."),
    edits.REPLIED: gettext_lazy("Somebody has answered it, so its words cannot be changed any more."),
}
AN_HOUR, A_DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@require_safe
def status(request: HttpRequest, number: int) -> HttpResponse:
    """What its author is told of a comment; for everybody else the 404 of what never was."""
    found = look(request, number)
    what = request.GET.get("done", "")
    if what == edits.KEPT and found.comment.public_at:
        what = "kept_hidden"
    context = {"said": SAID.get(what), "needs_token": needs_token(request)}
    return private(render(request, "posting/status.html", context | context_of(found)))


@csrf_exempt  # the origin is checked, and the token where a session comes along, as for replies
@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_link
def status_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a mailed link, which shows nothing of the comment; its POST lets this browser see it.

    303 to where the comment stands, 410 with one sentence for a link that opens nothing.
    """
    if request.method == "POST" and is_not_from_here(request):
        return render(request, "403.html", status=403)
    try:
        if request.method != "POST":
            status_act.behind(token)
            return render(request, "posting/status_link.html", {"needs_token": needs_token(request)})
        comment = status_act.open_link(token)
    except LinkError as error:
        other_way = _(
            "There is another way back: in the browser that you wrote with, or when you are signed in, the "
            "discussion shows your words, and under them where they stand."
        )
        context = {"message": error, "other_way": other_way}
        return render(request, "accounts/link_refused.html", context, status=410)
    response = SeeOther(reverse("comment_status", args=[comment.pk]))
    remember_own(request, response, comment.own_key)
    return response


def look(request: HttpRequest, number: int) -> Standing:
    """Where one's own comment stands. Raises Http404 for everybody but its author."""
    try:
        return status_act.look(number, Viewer.of(request).as_reader(), client_address(request))
    except Comment.DoesNotExist:
        raise Http404 from None


def context_of(found: Standing) -> dict[str, object]:
    """What the pages about one's own comment show of it."""
    return {
        "standing": found,
        "comment": found.comment,
        "place": _place(found.before),
        "usual": _usual(found.usual),
        "why_not": found.banned or WHY_NOT.get(found.why_not, ""),
    }


def private(response: HttpResponse) -> HttpResponse:
    """A page for one person: in no cache, and found by no search engine."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def done(number: int, what: str) -> SeeOther:
    """Back to where the comment stands, which says what has been done: a key of SAID."""
    return SeeOther(f"{reverse('comment_status', args=[number])}?done={what}")


def not_from_here(request: HttpRequest) -> str:
    """Why a form is not taken, "" when it is: it came from another site, or the sign-in has changed."""
    if is_foreign(request):
        return _("This came from another site, so it was not taken. Send it again from here.")
    if token_is_missing(request):
        return _("Your sign-in has changed since you opened the page. Please send it again.")
    return ""


def _place(before: int) -> str:
    """A rough place in the line: the exact one would tell when others write."""
    if before >= MOST_BEFORE:
        return _("More than %(count)s replies wait before it.") % {"count": MOST_BEFORE}
    if before >= 10:
        return _("About %(count)s replies wait before it.") % {"count": before // 10 * 10}
    return _("A few replies wait before it.") if before else _("It is the next one to be read.")


def _usual(wait: datetime.timedelta | None) -> str:
    if wait is None:
        return ""
    if wait < AN_HOUR:
        return _("Lately, half of the replies were decided within an hour.")
    if wait < A_DAY:
        hours = -(-wait // AN_HOUR)
        text = ngettext(
            "Lately, half of the replies were decided within %(count)s hour.",
            "Lately, half of the replies were decided within %(count)s hours.",
            hours,
        )
        return text % {"count": hours}
    days = -(-wait // A_DAY)
    text = ngettext(
        "Lately, half of the replies were decided within %(count)s day.",
        "Lately, half of the replies were decided within %(count)s days.",
        days,
    )
    return text % {"count": days}
