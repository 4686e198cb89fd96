"""The desk's answers to decisions: what was done, what was left alone, what has been taken back."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE
from forum.moderation import decisions, queries
from forum.moderation import undo as undo_act
from forum.moderation.models import Act, Decision
from forum.text.tidy import one_line, plain
from forum.threads import states
from forum.threads.models import Comment
from forum.web.redirects import SeeOther, safe_next

LAST = 5
MOST = 5_000
DONE = {
    Act.APPROVE: gettext_lazy("Approved"),
    Act.TRUST: gettext_lazy("Approved, and trusted from now on"),
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
        undone = undo_act.undo(decision.pk, request.user)
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
