"""The desk: the queue, one comment, and deciding."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import claims, decisions, queries
from forum.moderation.models import Act, Decision
from forum.text.tidy import one_line, plain
from forum.threads import states
from forum.threads.models import Comment
from forum.web.paging import page_of
from forum.web.redirects import SeeOther, safe_next

PER_PAGE = 20
LAST = 5
MOST = 5_000
DONE = {
    Act.APPROVE: gettext_lazy("Approved"),
    Act.REJECT: gettext_lazy("Rejected"),
    Act.SPAM: gettext_lazy("Marked as spam"),
    Act.REMOVE: gettext_lazy("Removed"),
    Act.RESTORE: gettext_lazy("Restored"),
}


@dataclass(slots=True)
class Left:
    """A comment that was left alone, with the decision that somebody else made meanwhile."""

    number: str
    comment: Comment | None
    last: Decision | None


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


@needs(MODERATE, back="moderation:queue")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide on the comments named; what cannot be done is left alone and named, 409 if nothing was."""
    act = request.POST.get("decision", "")
    if act not in decisions.DECIDABLE:
        message = _("“%(act)s” is no decision; there is approve, reject, spam, remove and restore.")
        return render(request, "400.html", {"message": message % {"act": act[:40]}}, status=400)
    grounds = decisions.Grounds(
        reason=one_line(request.POST.get("reason", ""), 500), note=plain(request.POST.get("note", ""))[:5000]
    )
    done, left = [], []
    for number in dict.fromkeys(request.POST.getlist("comment")[:MOST]):
        decision = _decided(request, act, number, grounds)
        (done if decision else left).append(decision or _left(number))
    if not done:
        return render(request, "moderation/conflict.html", {"left": left}, status=409)
    _tell(request, done, left)
    return SeeOther(safe_next(request, reverse("moderation:queue")))


@needs(MODERATE, back="moderation:queue")
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take one decision back, or 409 when something has happened to the comment since."""
    number = _number(request.POST.get("id", ""))
    decision = Decision.objects.filter(pk=number).first() if number else None
    if decision is None:
        raise Http404
    try:
        undone = decisions.undo(decision.pk, request.user)
    except decisions.NotPossibleError:
        left = [_left(str(decision.comment_id))]
        return render(request, "moderation/conflict.html", {"left": left}, status=409)
    messages.success(
        request, _("Undone: the comment is %(state)s again.") % {"state": _state(undone.to_state)}
    )
    return SeeOther(safe_next(request, reverse("moderation:queue")))


def _decided(request: HttpRequest, act: str, number: str, grounds: decisions.Grounds) -> Decision | None:
    pk = _number(number)
    version = request.POST.get(f"version-{number}")
    seen = _number(version) if version is not None else None
    if pk is None or (version is not None and seen is None):
        return None
    try:
        return decisions.decide(act, pk, request.user, version=seen, grounds=grounds)
    except (decisions.NotPossibleError, Comment.DoesNotExist):
        return None


def _left(number: str) -> Left:
    pk = _number(number)
    row = Comment.objects.select_related("article").filter(pk=pk).first() if pk else None
    last = queries.decided().filter(comment=row).first() if row else None
    return Left(number=number[:20], comment=row, last=last)


def _tell(request: HttpRequest, done: list[Decision], left: list[Left]) -> None:
    for decision in done[:LAST]:
        said = {"act": DONE[decision.act], "name": decision.comment.name_shown or _("unnamed reader")}
        messages.success(request, _("%(act)s: the comment by %(name)s.") % said)
    if len(done) > LAST:
        messages.success(request, _("%(count)s more were decided as well.") % {"count": len(done) - LAST})
    for item in left:
        messages.warning(
            request,
            _("Left alone: comment %(number)s, which is not there or has changed since you saw it.")
            % {"number": item.number},
        )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def _state(state: str) -> str:
    return str(states.State(state).label).lower()
