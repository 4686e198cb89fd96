"""What somebody follows, to be seen and ended: an account's page, and a guest's behind a link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from forum.accounts.evenness import evened
from forum.accounts.links import LinkError
from forum.accounts.models import Address
from forum.notifications import subscriptions
from forum.notifications.forms import Address as AddressForm
from forum.notifications.models import Subscription
from forum.notifications.views import may_ask, refused
from forum.web.origin import behind_a_link, is_not_from_here, needs_token
from forum.web.redirects import SeeOther


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@evened
def following(request: HttpRequest) -> HttpResponse:
    """An account's subscriptions, to be ended here; a guest types an address and gets a link by mail."""
    if request.method == "POST" and is_not_from_here(request):
        return render(request, "403.html", status=403)
    if request.user.is_authenticated:
        held = Address.objects.filter(author__user=request.user, verified_at__isnull=False)
        return _list(request, list(held), reverse("notifications:following"))
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not may_ask(request):
            return render(request, "429.html", status=429)
        subscriptions.send_list(form.cleaned_data["email"], request)
        return SeeOther(reverse("notifications:sent"))
    status = 422 if request.method == "POST" else 200
    return render(request, "notifications/following_guest.html", {"form": form}, status=status)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Look into your mailbox: the same for every address."""
    return render(request, "notifications/sent.html")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_link
def following_of(request: HttpRequest, token: str) -> HttpResponse:
    """A guest's subscriptions behind the link of a letter, to be ended here."""
    if request.method == "POST" and is_not_from_here(request):
        return render(request, "403.html", status=403)
    try:
        address = subscriptions.read_list(token)
    except LinkError as error:
        return refused(request, error)
    return _list(request, [address], reverse("notifications:following_of", args=[token]))


def _list(request: HttpRequest, held: list[Address], here: str) -> HttpResponse:
    rows = Subscription.objects.active().filter(address__in=held).listed().select_related("address")
    if request.method == "POST":
        number = request.POST.get("subscription", "")
        chosen = (
            rows if "all_of_them" in request.POST else rows.filter(pk=number if _is_number(number) else None)
        )
        subscriptions.end(list(chosen))
        return SeeOther(here)
    following = [(one, subscriptions.sentence(one)) for one in rows]
    context = {"following": following, "here": here, "needs_token": needs_token(request)}
    return render(request, "notifications/following.html", context)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= 18
