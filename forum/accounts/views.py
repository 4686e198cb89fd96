"""Pages of one's own account, and the link of an invitation."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import EmailAddress, Login, get_emailconfirmation_model
from allauth.core.ratelimit import consume_or_429
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.accounts import invitations, second_factor, unsent, writing
from forum.accounts.forms import Accept
from forum.accounts.links import LinkError
from forum.accounts.models import Role, User
from forum.web.address import browser_name
from forum.web.redirects import SeeOther


class SignupView(allauth_views.SignupView):
    """Sign-up: account, address and letter are one transaction; the password was hashed before it."""

    def form_valid(self, form: object) -> HttpResponse:
        """The account is made, or its owner told that it exists; the answer is the same."""
        with transaction.atomic():
            return super().form_valid(form)


signup = SignupView.as_view()
# Changing an address and confirming it write rows and letters that belong together.
email = transaction.atomic(allauth_views.email)


class ConfirmEmailView(allauth_views.ConfirmEmailView):
    """The page of the link that proves an address: GET shows, POST acts; a bad link is one sentence."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the link is for; nothing happens, whoever is signed in stays so."""
        self.object = get_emailconfirmation_model().from_key(self.kwargs["key"])
        return self.render_to_response(self.get_context_data())

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """The address is verified; in the browser that signed up, its owner comes in."""
        try:
            with transaction.atomic():
                return super().post(*args, **kwargs)
        except Http404:
            return self.get(*args, **kwargs)


confirm_email = ConfirmEmailView.as_view()


class SessionsView(ListUserSessionsView):
    """Where somebody is signed in, each browser by a name that its owner knows."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sessions, each with `browser`."""
        context = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.browser = browser_name(session.user_agent)
        return context


sessions = SessionsView.as_view()


@require_safe
@never_cache
@login_required
def your_account(request: HttpRequest) -> HttpResponse:
    """What somebody can change about their account."""
    waiting = EmailAddress.objects.filter(user=request.user, verified=False).exclude(
        email__iexact=request.user.email
    )
    context = {
        "waiting": waiting.first(),
        "has_second_factor": second_factor.has_one(request.user),
        "needs_second_factor": second_factor.is_missing(request.user),
    }
    return render(request, "accounts/your_account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def unsent_words(request: HttpRequest) -> HttpResponse:
    """What was sent when the session was over, to be sent again; POST throws it away. Raises Http404."""
    found = unsent.of(request)
    if found is None:
        raise Http404
    if request.method == "POST":
        unsent.drop(request)
        messages.success(request, _("Thrown away. Nothing was done."))
        return SeeOther(reverse("home"))
    return render(request, "accounts/unsent.html", {"unsent": found})


@require_POST
@login_required
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's own sessions. Raises Http404 for a number that is none of them."""
    if not writing.end_one_session(request.user, number):
        raise Http404
    messages.success(request, _("That browser is signed out."))
    return redirect("usersessions_list")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an invitation's link; its POST makes or raises the account and signs it in.

    410 with one sentence for a link that opens nothing.
    """
    if limited := consume_or_429(request, action="signup"):
        return limited
    try:
        offer, _link = invitations.find(token)
        account, needs_password = invitations.account_for(offer, request.user)
        form = Accept(request.POST or None, account=account, email=offer.email) if needs_password else None
        if request.method == "POST" and (form is None or form.is_valid()):
            given = form.cleaned_data if form is not None else {}
            user = invitations.accept(
                token, given.get("username", ""), given.get("password", ""), by=request.user
            )
            return _come_in(request, user, knows_password=form is not None)
    except IntegrityError:  # somebody took the user name in between
        form.add_error(None, _("That user name has just been taken; choose another."))
    except LinkError as error:
        return render(request, "accounts/link_refused.html", {"message": error}, status=410)
    context = {"offer": offer, "account": account, "form": form, "role": Role(offer.role).label}
    return render(request, "accounts/invitation.html", context, status=422 if form and form.errors else 200)


def _come_in(request: HttpRequest, user: User, *, knows_password: bool) -> HttpResponse:
    """Sign in whoever has just chosen a password; others sign in as ever, with their second factor."""
    if request.user == user or not knows_password:
        messages.success(request, _("The invitation is accepted."))
        return redirect("mfa_index" if request.user == user else "account_login")
    if request.user.is_authenticated:
        return redirect("account_logout")
    record_authentication(request, user, "password", reauthenticated=True)
    return perform_login(request, Login(user=user, email=user.email, redirect_url="/accounts/second-factor/"))
