"""The desk's page of one person, and taking trust back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forum.accounts.models import Author
from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import notes, people
from forum.text.excerpt import excerpt
from forum.web.paging import page_of
from forum.web.redirects import SeeOther, safe_next

PER_PAGE = 20


@needs(MODERATE)
@require_safe
def person(request: HttpRequest, number: int) -> HttpResponse:
    """One person: what they wrote, what was decided on it, bans and notes; 404 for a number of nobody."""
    try:
        known = people.look(number)
    except Author.DoesNotExist:
        raise Http404 from None
    page = page_of(request, people.words_of(known.author, Viewer.of(request)), PER_PAGE)
    for comment in page:
        comment.begins = excerpt(comment.begins, 240)
    context = {"known": known, "person": known.author, "page": page, "here": "person"}
    context["held_filter"] = urlencode({"tab": "held", "author": known.author.pk})
    return render(request, "moderation/person.html", context | notes.on(known.author))


@needs(MODERATE, back="moderation:queue")
@require_POST
def stop_trusting(request: HttpRequest, number: int) -> HttpResponse:
    """Hold again what a person writes; again changes nothing."""
    try:
        author = people.take_trust_back(number, request.user)
    except Author.DoesNotExist:
        raise Http404 from None
    except people.NotTrustedError:
        messages.warning(request, _("Nothing was changed: nobody trusts this person."))
    else:
        said = {"name": author.name or _("unnamed reader")}
        messages.success(request, _("%(name)s is not trusted any more.") % said)
    return SeeOther(safe_next(request, reverse("moderation:person", args=[number])))
