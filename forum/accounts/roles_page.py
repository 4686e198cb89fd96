"""The page of people, for admins: roles, the switch, invitations."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from forum.accounts import invitations, queries, roles
from forum.accounts.forms import Invite
from forum.accounts.models import Role, User
from forum.accounts.permissions import needs
from forum.accounts.viewer import ADMINISTER
from forum.mail.headers import LetterError
from forum.web.paging import page_of
from forum.web.redirects import SeeOther, safe_next

PAGE = 30


@needs(ADMINISTER)
@require_safe
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Accounts with their roles, found by `q`, page by page, and the form to invite somebody."""
    return _page(request, Invite())


@needs(ADMINISTER, back="people")
@require_POST
def role(request: HttpRequest, number: int) -> HttpResponse:
    """Give an account the role in the field `role`. Raises Http404 for an unknown role or account."""
    try:
        wanted = Role(request.POST.get("role", ""))
        user = roles.change_role(number, wanted, request.user)
    except (ValueError, User.DoesNotExist):
        raise Http404 from None
    except roles.LastAdminError as error:
        return _back(request, messages.ERROR, str(error))
    words = {"name": user.username, "role": wanted.label}
    return _back(request, messages.SUCCESS, _("%(name)s has the role %(role)s now.") % words)


@needs(ADMINISTER, back="people")
@require_POST
def switch(request: HttpRequest, number: int) -> HttpResponse:
    """Switch an account `on` or `off`, as the field `active` says. Raises Http404 for anything else."""
    wanted = request.POST.get("active")
    if wanted not in {"on", "off"}:
        raise Http404
    try:
        user = roles.switch(number, on=wanted == "on", by=request.user)
    except User.DoesNotExist:
        raise Http404 from None
    except roles.LastAdminError as error:
        return _back(request, messages.ERROR, str(error))
    said = (
        _("%(name)s can sign in again.") if wanted == "on" else _("%(name)s is signed out and switched off.")
    )
    return _back(request, messages.SUCCESS, said % {"name": user.username})


@needs(ADMINISTER, back="people")
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by mail; 422 with the form when something is wrong."""
    form = Invite(request.POST)
    if form.is_valid():
        wanted = Role(form.cleaned_data["role"])
        try:
            sent = invitations.invite(form.cleaned_data["email"], wanted, request.user, request)
        except LetterError as error:
            form.add_error("email", str(error))
        else:
            words = {"email": sent.email, "role": wanted.label}
            return _back(request, messages.SUCCESS, _("%(email)s is invited as %(role)s.") % words)
    return _page(request, form, status=422)


@needs(ADMINISTER, back="people")
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take an invitation back. Raises Http404 when there is none to take back."""
    if not invitations.withdraw(number):
        raise Http404
    return _back(request, messages.SUCCESS, _("The invitation is withdrawn; its link opens nothing now."))


def _page(request: HttpRequest, form: Invite, status: int = 200) -> HttpResponse:
    words = request.GET.get("q", "")
    context = {
        "page": page_of(request, queries.people(words), PAGE),
        "words": words,
        "more": f"&{urlencode({'q': words})}" if words else "",
        "form": form,
        "roles": Role.choices,
        "invitations": queries.open_invitations(),
    }
    return render(request, "accounts/people.html", context, status=status)


def _back(request: HttpRequest, level: int, words: str) -> HttpResponse:
    messages.add_message(request, level, words)
    return SeeOther(safe_next(request, reverse("people")))
