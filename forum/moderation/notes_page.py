"""Where a note for the desk arrives: parse, call the act, answer; a refusal gives back what was typed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forum.accounts.models import Author
from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import notes
from forum.text.tidy import plain
from forum.threads.models import Comment
from forum.web.redirects import SeeOther, safe_next


@needs(MODERATE, back="moderation:queue")
@require_POST
def on_comment(request: HttpRequest, number: int) -> HttpResponse:
    """Keep the note `text` on a comment: 303 back, 422 with the text kept when it is refused."""
    found = Comment.objects.visible_to(Viewer.of(request)).filter(pk=number).first()
    return _kept(request, found, reverse("moderation:comment", args=[number]))


@needs(MODERATE, back="moderation:queue")
@require_POST
def on_person(request: HttpRequest, number: int) -> HttpResponse:
    """Keep the note `text` on a person: 303 back, 422 with the text kept when it is refused."""
    found = Author.objects.filter(pk=number).first()
    return _kept(request, found, reverse("moderation:person", args=[number]))


def _kept(request: HttpRequest, about: Comment | Author | None, home: str) -> HttpResponse:
    if about is None:
        raise Http404
    text, back = request.POST.get("text", ""), safe_next(request, home)
    try:
        notes.add(text, about, request.user)
    except notes.NoteError as error:
        context = {"note_error": str(error), "note_text": plain(text), "back": back} | notes.on(about)
        return render(request, "moderation/note.html", context, status=422)
    messages.success(request, _("Your note is kept. Only the desk sees it."))
    return SeeOther(back)
