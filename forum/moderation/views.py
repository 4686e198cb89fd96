"""The desk: the queue, what has been decided, and one comment."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import claims, queries
from forum.threads import states
from forum.threads.models import Comment
from forum.web.paging import page_of

PER_PAGE = 20
LAST = 5


@needs(MODERATE)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first."""
    page = page_of(request, queries.waiting(Viewer.of(request)), PER_PAGE)
    items = [(comment, states.acts_on(comment.state)) for comment in page]
    context = {"page": page, "items": items, "last": queries.last_of(request.user, LAST), "here": "queue"}
    context["claims_waiting"] = claims.count_waiting()
    return render(request, "moderation/queue.html", context)


@needs(MODERATE)
@require_safe
def decided(request: HttpRequest) -> HttpResponse:
    """What has been decided, newest first, each to be undone while nothing has happened since."""
    page = page_of(request, queries.decided(), PER_PAGE)
    return render(request, "moderation/decided.html", {"page": page, "here": "decided"})


@needs(MODERATE)
@require_safe
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """One comment with its history and every act that is possible now."""
    found = Comment.objects.visible_to(Viewer.of(request)).filter(pk=number)
    row = queries.with_cases(found).first()
    if row is None:
        raise Http404
    history = queries.decided().filter(comment=row)
    context = {"comment": row, "here": "comment", "acts": states.acts_on(row.state), "history": history}
    return render(request, "moderation/comment.html", context)
