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
from forum.moderation import bulk, decisions, edits, queries, reasons
from forum.moderation import undo as undo_act
from forum.moderation.cards import DONE
from forum.moderation.models import Act, Batch, Decision
from forum.text.tidy import one_line, plain
from forum.threads import states
from forum.threads.models import Comment
from forum.web.parts import is_fragment
from forum.web.redirects import SeeOther, safe_next

LAST = 5
SHOWN = 20  # of those that were left alone
MOST = 5_000
CHANGED = -1  # a version that nothing has
THREADS = (Act.CLOSE, Act.REOPEN)
HIDING = (Act.SPAM, Act.REMOVE)
UNDONE = {
    Act.KEEP: gettext_lazy("Undone: the report waits again."),
    Act.EDIT: gettext_lazy("Undone: the comment says again what it said before."),
    Act.CLOSE: gettext_lazy("Undone: the thread takes replies again."),
    Act.REOPEN: gettext_lazy("Undone: the thread is closed again."),
    Act.BAN: gettext_lazy("Undone: the ban is lifted."),
    Act.ACCEPT: gettext_lazy("Undone: the comment says again what it said before."),
    Act.DECLINE: gettext_lazy("Undone: the edit waits again."),
    Act.UPHOLD: gettext_lazy("Undone: the objection waits again."),
}


@dataclass(slots=True)
class Left:
    """A comment that was left alone, with the decision that somebody else made meanwhile."""

    number: str
    comment: Comment | None
    last: Decision | None


@dataclass(slots=True)
class Chosen:
    """What a form names: numbers with the versions seen, None for any, and what is no comment at all."""

    versions: dict[int, int | None]
    nonsense: list[str]


@needs(MODERATE, back="moderation:queue")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide on the comments named; what cannot be done is left alone and named, 409 if nothing was."""
    act = request.POST.get("decision", "")
    if act not in {*decisions.DECIDABLE, *THREADS}:
        return no_such_act(request, act)
    try:
        chosen, grounds = chosen_in(request), grounds_in(request)
    except reasons.ReasonError as error:
        return refused(request, str(error))
    if act in THREADS and len(chosen.versions) > 1:
        return refused(request, _("Threads are closed and opened one at a time; nothing was done."))
    if "with_replies" in request.POST and len(chosen.versions) == 1 and act in HIDING:
        chosen.versions = _with_replies(request, chosen.versions)
    if len(chosen.versions) <= 1 or act in THREADS:
        done = [made for one in chosen.versions.items() if (made := _decided(request, act, one, grounds))]
        decided = {decision.comment_id for decision in done} if act not in THREADS else set(chosen.versions)
        left = [str(number) for number in chosen.versions if number not in decided or not done]
        return _answer(request, done, [*left, *chosen.nonsense])
    batch = bulk.run_or_ask(bulk.start(act, chosen.versions, request.user, grounds))
    if batch.ended_at is None:
        tell_left(request, chosen.nonsense)
        return SeeOther(reverse("moderation:batch", args=[batch.pk]))
    made = Decision.objects.filter(batch=batch.pk).select_related("comment").order_by("pk")
    return _answer(request, list(made), [*map(str, batch.left), *chosen.nonsense])


@needs(MODERATE, back="moderation:queue")
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take one decision or one batch back, or 409 when something has happened to the comment since."""
    if "batch" in request.POST:
        return _undo_batch(request)
    number = number_in(request.POST.get("id", ""))
    decision = Decision.objects.filter(pk=number).first() if number else None
    if decision is None:
        raise Http404
    try:
        undone = undo_act.undo(decision.pk, request.user)
    except decisions.NotPossibleError:
        return conflict(request, [left_alone(str(decision.comment_id))])
    if is_fragment(request):
        card = left_alone(str(undone.comment_id)).comment
        return render(request, "moderation/_item.html", {"comment": card})
    again = _("Undone: the comment is %(state)s again.") % {"state": _state(undone.to_state)}
    messages.success(request, str(UNDONE.get(Act(decision.act), again)))
    return SeeOther(safe_next(request, reverse("moderation:queue")))


def no_such_act(request: HttpRequest, act: str) -> HttpResponse:
    """400 for a decision that there is not."""
    message = _("“%(act)s” is no decision; there is approve, reject, spam, remove and restore.")
    return render(request, "400.html", {"message": message % {"act": act[:40]}}, status=400)


def grounds_in(request: HttpRequest) -> decisions.Grounds:
    """Why, as a form says it: a reason of the list, own words, and a note. Raises reasons.ReasonError."""
    said = [request.POST.get(name, "") for name in ("reason_code", "reason", "note")]
    return reasons.grounds(one_line(said[0], 50), one_line(said[1], reasons.LONGEST_REASON + 1), said[2])


def refused(request: HttpRequest, message: str) -> HttpResponse:
    """422 with one sentence; a form for one comment keeps what was typed."""
    numbers = request.POST.getlist("comment")
    if len(numbers) == 1 and "sure" not in request.POST:
        return conflict(request, [left_alone(numbers[0])], message, status=422)
    back = safe_next(request, reverse("moderation:queue"))
    return render(request, "moderation/bulk_refused.html", {"message": message, "back": back}, status=422)


def chosen_in(request: HttpRequest) -> Chosen:
    """The comments that a form names, at most MOST, with the versions that were seen."""
    versions: dict[int, int | None] = {}
    nonsense = []
    named = list(dict.fromkeys(request.POST.getlist("comment")))
    for text in named[:MOST]:
        number, version = number_in(text), request.POST.get(f"version-{text}")
        seen = number_in(version) if version is not None else None
        if number is None or (version is not None and seen is None):
            nonsense.append(text[:20])
        else:
            versions[number] = seen
    return Chosen(versions, nonsense + [text[:20] for text in named[MOST:]])


def number_in(text: str) -> int | None:
    """The number that a field holds, or None."""
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def conflict(request: HttpRequest, left: list[Left], message: str = "", *, status: int = 409) -> HttpResponse:
    """Nothing was done; says what has happened and gives back what was typed."""
    names = ("reason", "reason_code", "note", "answer")
    typed = {name: plain(request.POST.get(name, ""))[:5000] for name in names}
    if is_fragment(request) and len(left) == 1 and left[0].comment is not None:
        context = {"item": left[0], "typed": typed, "message": message}
        return render(request, "moderation/_conflict_card.html", context, status=status)
    context = {"left": left, "typed": typed, "message": message}
    return render(request, "moderation/conflict.html", context, status=status)


def left_alone(number: str) -> Left:
    """What has become of a comment that could not be decided on."""
    pk = number_in(number)
    row = Comment.objects.select_related("article").filter(pk=pk).first() if pk else None
    last = queries.decided().filter(comment=row).first() if row else None
    return Left(number=number[:20], comment=row, last=last)


def _decided(
    request: HttpRequest, act: str, one: tuple[int, int | None], grounds: decisions.Grounds
) -> Decision | None:
    number, version = one
    try:
        if act in THREADS:
            closed = act == Act.CLOSE
            return edits.set_closed(number, closed, request.user, version=version, grounds=grounds)
        return decisions.decide(act, number, request.user, version=version, grounds=grounds)
    except (decisions.NotPossibleError, Comment.DoesNotExist):
        return None


def _with_replies(request: HttpRequest, versions: dict[int, int | None]) -> dict[int, int | None]:
    """One comment with the visible ones below it; the comment alone, as changed, when there are more of
    them than `replies` says were seen."""
    ((number, version),) = versions.items()
    try:
        found = bulk.with_replies(number, version)
    except Comment.DoesNotExist:
        return versions
    seen = number_in(request.POST.get("replies", ""))
    return {number: CHANGED} if seen is not None and len(found) - 1 > seen else found


def _answer(request: HttpRequest, done: list[Decision], left: list[str]) -> HttpResponse:
    if not done:
        return conflict(request, [left_alone(number) for number in left[:SHOWN]])
    if is_fragment(request) and len(done) == 1 and done[0].act not in THREADS:
        decision = queries.decided().get(pk=done[0].pk)
        context = {"comment": decision.comment, "decision": decision}
        return render(request, "moderation/_decided_strip.html", context)
    _tell(request, done, left)
    return SeeOther(safe_next(request, reverse("moderation:queue")))


def _undo_batch(request: HttpRequest) -> HttpResponse:
    batch = bulk.batch_of(request.POST.get("batch", ""))
    if batch is None:
        raise Http404
    try:
        undoing = bulk.run_or_ask(bulk.start_undo(batch, request.user))
    except decisions.NotPossibleError:
        return conflict(request, [])
    if undoing.ended_at is None:
        return SeeOther(reverse("moderation:batch", args=[undoing.pk]))
    tell_batch(request, undoing)
    return SeeOther(safe_next(request, reverse("moderation:queue")))


def tell_batch(request: HttpRequest, batch: Batch) -> None:
    """Say what has become of a batch that has ended."""
    said = {"count": batch.done, "act": DONE[Act(batch.act)]}
    messages.success(request, _("%(act)s: %(count)s comments.") % said)
    tell_left(request, [str(number) for number in batch.left])


def _tell(request: HttpRequest, done: list[Decision], left: list[str]) -> None:
    for decision in done[:LAST]:
        said = {"act": DONE[decision.act], "name": decision.comment.name_shown or _("unnamed reader")}
        messages.success(request, _("%(act)s: the comment by %(name)s.") % said)
    if len(done) > LAST:
        messages.success(request, _("%(count)s more were decided as well.") % {"count": len(done) - LAST})
    tell_left(request, left)


def tell_left(request: HttpRequest, left: list[str]) -> None:
    """Name comments that were left alone, some of them."""
    text = _("Left alone: comment %(number)s, which is not there or has changed since you saw it.")
    for number in left[: LAST * 4]:
        messages.warning(request, text % {"number": number})
    if len(left) > LAST * 4:
        more = {"count": len(left) - LAST * 4}
        messages.warning(request, _("Left alone as well: %(count)s more that have changed.") % more)


def _state(state: str) -> str:
    return str(states.State(state).label).lower()
