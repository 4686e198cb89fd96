"""Where a wish to hear of something arrives, is confirmed and is ended: parse, call the act, answer."""

from allauth.core.internal.ratelimit import consume
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from forum.accounts.evenness import evened
from forum.accounts.links import LinkError
from forum.accounts.viewer import Viewer
from forum.articles import queries
from forum.articles.models import Article
from forum.notifications import subscriptions
from forum.notifications.forms import Follow
from forum.threads.models import Comment
from forum.web.origin import behind_a_link, is_not_from_here, needs_token
from forum.web.redirects import SeeOther

ASKING = "20/h/ip"  # letters that one network can cause by typing addresses


def refused(request: HttpRequest, error: LinkError) -> HttpResponse:
    """What a link gets that opens nothing: one sentence."""
    return render(request, "accounts/link_refused.html", {"message": error}, status=410)


def may_ask(request: HttpRequest) -> bool:
    """Count a typed address; False when the network has typed too many."""
    config = {"follow": ASKING}
    return bool(consume(request, app="forum.notifications", action="follow", config=config))


# The form stands on pages that all visitors share and so holds no token; see posting.views.reply.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@evened
def follow(request: HttpRequest, path: str) -> HttpResponse:
    """Follow an article, a thread of it (`thread` is any comment in it) or the answers to oneself.

    303 to the page that says what comes next, the same whether the address is known or not; for an
    account to its subscriptions. 422 with the form otherwise, 403 for a foreign form, 429 beyond the limit.
    """
    try:
        article = queries.at_path(path)
    except Article.DoesNotExist:
        raise Http404 from None
    user = request.user if request.user.is_authenticated else None
    root = _root(request, article)
    number = root.pk if root is not None else None
    if request.method != "POST":
        return _form_page(request, article, Follow(thread=number), root)
    form = Follow(request.POST, thread=number, is_member=user is not None)
    if is_not_from_here(request):
        message = _("This came from another site, so nothing was done. Send it again from here.")
        return _form_page(request, article, form, root, message=message, status=403)
    if not form.is_valid():
        return _form_page(request, article, form, root, status=422)
    values = form.cleaned_data
    if values["website"]:
        return SeeOther(reverse("notifications:sent"))
    wish = subscriptions.Wish(values["scope"], values["pace"], article, root)
    if user is not None:
        return _member_follows(request, wish, article, form, root)
    if not may_ask(request):
        return render(request, "429.html", status=429)
    subscriptions.ask(values["email"], wish, request)
    return SeeOther(reverse("notifications:sent"))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_link
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What a guest asked for, with one button; its POST lets the letters begin."""
    if request.method == "POST" and is_not_from_here(request):
        return render(request, "403.html", status=403)
    try:
        found, _link = subscriptions.asked(token)
        if request.method == "POST":
            subscriptions.confirm(token)
    except LinkError as error:
        return refused(request, error)
    context = {"what": subscriptions.sentence(found), "email": found.address.email}
    context |= {"needs_token": needs_token(request), "done": request.method == "POST"}
    return render(request, "notifications/confirm.html", context)


# A mail program's own button posts here without cookies, and from nowhere (RFC 8058, 3.2): the token
# alone says whose letters end, and nobody else knows it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_link
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Which letters would end, with one button; its POST, or that of a mail program, ends them."""
    try:
        found = subscriptions.to_end(token)
    except LinkError as error:
        return refused(request, error)
    ended = request.method == "POST" or not any(one.is_active for one in found)
    if request.method == "POST":
        subscriptions.end(found)
    context = {"sentences": [subscriptions.sentence(one) for one in found], "ended": ended}
    return render(request, "notifications/unsubscribe.html", context)


def _root(request: HttpRequest, article: Article) -> Comment | None:
    """The root of the thread in which a comment stands that everybody may read."""
    number = (request.POST if request.method == "POST" else request.GET).get("thread", "")
    if not number.isdecimal() or len(number) > 18:
        return None
    readable = Comment.objects.readable_by(Viewer()).filter(article=article, pk=int(number)).first()
    return None if readable is None else Comment(pk=readable.tree_id, article=article)


def _member_follows(
    request: HttpRequest, wish: subscriptions.Wish, article: Article, form: Follow, root: Comment | None
) -> HttpResponse:
    address = subscriptions.of_account(request.user)
    if address is None:
        message = _("Your account has no verified address yet, so no letter can go there.")
        return _form_page(request, article, form, root, message=message, status=422)
    subscriptions.follow(address, wish)
    return SeeOther(reverse("notifications:following"))


def _form_page(
    request: HttpRequest,
    article: Article,
    form: Follow,
    root: Comment | None,
    *,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"article": article, "follow_form": form, "message": message, "thread": root}
    context |= {"needs_token": needs_token(request), "refused": status != 200}
    return render(request, "notifications/follow.html", context, status=status)
