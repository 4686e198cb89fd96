"""The desk's pages of bans: speaking one over a comment or a person, the list, and lifting."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.accounts.models import Author
from forum.accounts.permissions import needs
from forum.accounts.viewer import ADMINISTER, MODERATE, Viewer
from forum.moderation import bans
from forum.moderation.bans_form import BanForm, ManyForm
from forum.moderation.models_people import Ban
from forum.threads.models import Comment
from forum.web.address import client_address
from forum.web.paging import page_of
from forum.web.redirects import SeeOther, safe_next

PER_PAGE = 20
WHY_NOT = {
    bans.NOBODY: gettext_lazy("There is nobody here whom a ban could be about."),
    bans.OWN: gettext_lazy("Nobody bans themselves."),
    bans.STAFF: gettext_lazy("This is somebody of the staff, whom only an admin can ban."),
    bans.STANDS: gettext_lazy("A ban stands already; lift it first if this one should take its place."),
    bans.LONG: gettext_lazy("Only an admin can ban somebody for ever."),
    bans.ENDS: gettext_lazy("The ban of a network or a domain has an end: others may be behind it one day."),
    bans.OVER: gettext_lazy("This ban is over already, or somebody was quicker and lifted it."),
    bans.OWN_LIFT: gettext_lazy("Nobody lifts a ban of themselves; please leave it to somebody else."),
}


@needs(MODERATE)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All bans, those that stand first."""
    context = {"page": page_of(request, bans.listed(), PER_PAGE), "here": "bans"}
    return render(request, "moderation/bans.html", context)


@needs(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def over_comment(request: HttpRequest, number: int) -> HttpResponse:
    """The form of a ban over a comment; its POST bans: 303, or 422 or 409 with what was typed."""
    found = Comment.objects.visible_to(Viewer.of(request)).filter(pk=number)
    comment = found.select_related("author", "article", "parent").first()
    if comment is None:
        raise Http404
    home = reverse("moderation:comment", args=[number])
    context = {"comment": comment, "home": home}
    return _answer(request, bans.subject_of(comment), bans.over_comment, number, context)


@needs(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def over_person(request: HttpRequest, number: int) -> HttpResponse:
    """The form of a ban over a person; its POST bans: 303, or 422 or 409 with what was typed."""
    author = Author.objects.filter(pk=number).first()
    if author is None:
        raise Http404
    context = {"home": reverse("moderation:person", args=[number])}
    return _answer(request, bans.Subject(bans.writer(author)), bans.over_person, number, context)


@needs(ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form of a ban of a domain or a network; its POST bans: 303, or 422 or 409 with what was typed."""
    back = reverse("moderation:bans")
    context: dict[str, object] = {"back": back, "here": "bans"}
    if request.method != "POST":
        context["form"] = ManyForm(initial={"kind": Ban.Kind.NETWORK, "term": "week"})
        return render(request, "moderation/ban_many.html", context)
    form = ManyForm(request.POST, here=client_address(request))
    context["form"] = form
    if not form.is_valid():
        return render(request, "moderation/ban_many.html", context, status=422)
    said = form.cleaned_data
    try:
        made = bans.over_many(said["kind"], said["value"], form.order(), request.user)
    except bans.NotPossibleError as error:
        context["why_not"] = WHY_NOT[error.args[0]]
        return render(request, "moderation/ban_many.html", context, status=409)
    messages.success(request, _("Banned: %(value)s.") % {"value": made.value})
    return SeeOther(back)


@needs(MODERATE, back="moderation:bans")
@require_POST
def lift(request: HttpRequest, number: int) -> HttpResponse:
    """End a ban before its time, or 409 with one sentence when that is not possible any more."""
    try:
        bans.lift(number, request.user)
    except Ban.DoesNotExist:
        raise Http404 from None
    except bans.NotPossibleError as error:
        context = {"why_not": WHY_NOT[error.args[0]]}
        return render(request, "moderation/ban_conflict.html", context, status=409)
    messages.success(request, _("The ban is lifted."))
    return SeeOther(safe_next(request, reverse("moderation:bans")))


def _answer(
    request: HttpRequest,
    subject: bans.Subject,
    act: Callable[..., list[Ban]],
    number: int,
    context: dict[str, object],
) -> HttpResponse:
    for_ever = Viewer.of(request).may(ADMINISTER)
    safe, back = request.method != "POST", safe_next(request, str(context["home"]))
    context |= {"subject": subject, "standing": bans.standing_for(subject), "back": back}
    whom = _whom(subject, {ban.kind for ban in context["standing"]})
    # What was typed is kept also when somebody was quicker and nobody is left to choose.
    context["whom"] = whom if safe else whom or _whom(subject, set())
    if safe:
        known = {"person": "person" in context["whom"], "term": "week"}
        context["form"] = BanForm(initial=known, subject=subject, for_ever=for_ever)
        return render(request, "moderation/ban.html", context)
    here = client_address(request)
    form = BanForm(request.POST, subject=subject, for_ever=for_ever, here=here)
    if not form.is_valid():
        return render(request, "moderation/ban.html", context | {"form": form}, status=422)
    try:
        made = act(number, form.order(), request.user)
    except bans.NotPossibleError as error:
        context |= {"form": form, "why_not": WHY_NOT[error.args[0]]}
        return render(request, "moderation/ban.html", context, status=409)
    messages.success(request, _said(made, subject))
    return SeeOther(back)


def _whom(subject: bans.Subject, banned: set[str]) -> list[str]:
    """The fields of the form by which somebody can be chosen who is not banned yet."""
    person = ["person"] if subject.author is not None and Ban.Kind.PERSON not in banned else []
    address = ["address"] if subject.email and Ban.Kind.EMAIL not in banned else []
    return person + address + (["network"] if subject.networks and Ban.Kind.NETWORK not in banned else [])


def _said(made: list[Ban], subject: bans.Subject) -> str:
    name = subject.author.name if subject.author is not None else ""
    if made[0].kind == Ban.Kind.EMAIL:
        return _("Banned: the address given with the comment.")
    if made[0].kind == Ban.Kind.NETWORK:
        return _("Banned: the network that it came from.")
    return _("Banned: %(name)s.") % {"name": name or _("unnamed reader")}
