"""The page on which somebody changes their own words: GET shows, POST acts; a refusal keeps the text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from forum.accounts.models import User
from forum.accounts.viewer import Viewer
from forum.posting import edits, hints, limits
from forum.posting.forms import BIGGEST_NUMBER, ChangeForm
from forum.posting.status import Standing
from forum.posting.status_page import WHY_NOT, context_of, done, look, not_from_here, private
from forum.text.tidy import plain
from forum.threads.states import State
from forum.web.address import client_address
from forum.web.origin import needs_token


@csrf_exempt  # the origin is checked, and the token where a session comes along, as for replies
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """One's own words to change: 303 to where they stand, 422 for a text that does not do, 409 when
    something has happened meanwhile, 403 for a foreign form and for somebody banned.

    The text comes back with each of these. 404 for everybody but the author.
    """
    found = look(request, number)
    if request.method != "POST":
        text = found.edit.body_source if found.edit else found.comment.body_source
        return _page(request, found, text)
    typed = plain(request.POST.get("body", ""))
    form = ChangeForm({"body": typed, "version": request.POST.get("version", "")})
    if refusal := not_from_here(request):
        return _page(request, found, typed, refusal, status=403)
    if not form.is_valid():
        damaged = _("The form came back damaged; please send it again.")
        return _page(request, found, typed, (form.errors.get("body") or [damaged])[0], status=422)
    body = form.cleaned_data["body"]
    if hint := hints.of(body, request.POST.get(hints.FIELD, "")):
        return _page(request, found, body, hint=hint, status=422)
    try:
        comment, what = edits.change(
            number,
            body,
            Viewer.of(request).as_reader(),
            _user(request),
            version=form.cleaned_data["version"],
            address=client_address(request),
        )
    except edits.NotPossibleError as error:
        return _page(request, look(request, number), body, str(WHY_NOT[error.args[0]]), status=409)
    except edits.StaleError:
        return _stale(request, look(request, number), body)
    except edits.SameWordsError:
        return _page(request, found, body, _("These are the words that stand there already."), status=422)
    except limits.BannedError as error:
        return _page(request, found, body, str(error), status=403)
    return done(comment.pk, what)


@csrf_exempt  # as above
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Let one's own change wait no more: 303 to where the comment stands, 409 when it does not wait."""
    found = look(request, number)
    if refusal := not_from_here(request):
        return _page(request, found, found.comment.body_source, refusal, status=403)
    version = request.POST.get("version", "")
    seen = int(version) if version.isdecimal() and int(version) <= BIGGEST_NUMBER else None
    try:
        edits.take_back(number, Viewer.of(request).as_reader(), version=seen)
    except (edits.NotPossibleError, edits.StaleError):
        found = look(request, number)
        text = found.edit.body_source if found.edit else found.comment.body_source
        return _page(
            request, found, text, _("Something has happened to it meanwhile: look again."), status=409
        )
    return done(number, "taken_back")


def _user(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _stale(request: HttpRequest, found: Standing, body: str) -> HttpResponse:
    """What was sent is there already when a button was pressed twice; else somebody was quicker."""
    if body in {found.comment.body_source, found.edit.body_source if found.edit else None}:
        kept = edits.KEPT if found.comment.state == State.HELD else edits.PUBLISHED
        return done(found.comment.pk, edits.WAITS if found.edit else kept)
    message = _("Something has happened to it since you opened this page. Nothing was overwritten.")
    return _page(request, found, body, message, status=409)


def _page(
    request: HttpRequest,
    found: Standing,
    text: str,
    refusal: str = "",
    *,
    status: int = 200,
    hint: hints.Hint | None = None,
) -> HttpResponse:
    context = {"text": text, "refusal": refusal, "hint": hint, "needs_token": needs_token(request)}
    context |= {"is_stale": status == 409}
    return private(render(request, "posting/change.html", context_of(found) | context, status=status))
