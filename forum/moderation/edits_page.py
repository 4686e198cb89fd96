"""Changing the words of a comment: what it says, what it said before, and saving with a version check."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import decisions, edits, reasons
from forum.moderation.decisions_page import grounds_in, number_in
from forum.text.differences import Piece, pieces
from forum.text.tidy import is_visible, plain
from forum.threads.models import Comment, Revision
from forum.web.redirects import SeeOther, safe_next

LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Change:
    """A text that a comment was given, and how it differs from the one before."""

    revision: Revision
    pieces: list[Piece]


@needs(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """The words of a comment to change; a refusal (422, 409) gives back what was typed."""
    comment = _found(request, number)
    if request.method != "POST":
        return _page(request, comment, comment.body_source)
    body = plain(request.POST.get("body", "")).strip()
    refusal = _wrong_with(comment, body)
    if refusal:
        return _page(request, comment, body, refusal, status=422)
    version = number_in(request.POST.get("version", ""))
    try:
        made = edits.edit(
            number,
            body,
            request.user,
            version=-1 if version is None else version,
            grounds=grounds_in(request),
        )
    except reasons.ReasonError as error:
        return _page(request, comment, body, str(error), status=422)
    except edits.SameWordsError:
        return _page(request, comment, body, _("These are the words that stand there already."), status=422)
    except decisions.NotPossibleError:
        message = _(
            "Somebody has changed this comment meanwhile. Your text is kept; what stands now is above it."
        )
        return _page(request, _found(request, number), body, message, status=409)
    messages.success(request, _("Changed: the words of the comment. Undo is in its history."))
    return SeeOther(safe_next(request, reverse("moderation:comment", args=[made.comment_id])))


def changes_of(comment: Comment) -> list[Change]:
    """The texts that a comment was given after the first one, newest first; one statement.

    Those that its author proposed and that never stood there are not among them.
    """
    stood = comment.revisions.filter(state=Revision.State.PUBLISHED)
    texts = list(stood.select_related("by").order_by("n"))
    found = [
        Change(after, pieces(before.body_source, after.body_source))
        for before, after in zip(texts, texts[1:], strict=False)
    ]
    return found[::-1]


def _found(request: HttpRequest, number: int) -> Comment:
    rows = Comment.objects.visible_to(Viewer.of(request)).select_related("article")
    comment = rows.filter(pk=number, erased_at=None).exclude(kind="placeholder").first()
    if comment is None:
        raise Http404
    return comment


def _wrong_with(comment: Comment, body: str) -> str:
    if not is_visible(body):
        return _("A comment needs words. To take it off the page, remove it instead.")
    if len(body) > max(LONGEST, len(comment.body_source)):
        return _("This is longer than %(count)s characters; please shorten it.") % {"count": LONGEST}
    return ""


def _page(
    request: HttpRequest, comment: Comment, body: str, refusal: str = "", *, status: int = 200
) -> HttpResponse:
    context = {"comment": comment, "body": body, "refusal": refusal, "changes": changes_of(comment)}
    context |= {"reason": request.POST.get("reason", ""), "differs": pieces(comment.body_source, body)}
    context["next"] = safe_next(request, reverse("moderation:comment", args=[comment.pk]))
    context["is_stale"] = status == 409
    return render(request, "moderation/edit.html", context, status=status)
