"""The article desk: the list, one article with its log, and hiding, showing, closing, opening, undoing."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE, Viewer
from forum.articles.models import Article, ArticleAct
from forum.moderation import articles, articles_closed, articles_queries, articles_undo
from forum.moderation.articles import Act, RefusedError
from forum.moderation.articles_forms import reason_in
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from forum.threads.states import State
from forum.web.paging import page_of
from forum.web.redirects import SeeOther, safe_next

PER_PAGE = 20
DO = {Act.HIDE: articles.hide, Act.SHOW: articles.show, Act.CLOSE: articles.close}
DO |= {Act.REOPEN: articles.reopen}
DONE = {
    Act.HIDE: gettext_lazy("Hidden: “%(title)s” and its comments are out of sight."),
    Act.SHOW: gettext_lazy("Shown: everybody can read “%(title)s” now."),
    Act.CLOSE: gettext_lazy("Closed: “%(title)s” takes no more replies."),
    Act.REOPEN: gettext_lazy("Opened again: “%(title)s” takes replies, unless the site's rules close it."),
}


@needs(MODERATE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Articles in every state, newest first; `?q=` looks in title and path, `?state=` takes one state."""
    words, state = request.GET.get("q", "").replace("\0", "").strip()[:200], request.GET.get("state", "")[:20]
    page = page_of(request, articles_queries.listed(words, state), PER_PAGE)
    filters = urlencode({name: value for name, value in (("q", words), ("state", state)) if value})
    context = {"page": page, "words": words, "state": state, "states": Article.State.choices}
    context |= {"filters": f"&{filters}" if filters else "", "here": "articles"}
    return render(request, "moderation/articles.html", context)


@needs(MODERATE)
@require_safe
def article(request: HttpRequest, number: int) -> HttpResponse:
    """One article: what stands, what can be done, its corrections, and its log with an undo for each act."""
    return _article_page(request, _found(number))


@needs(MODERATE)
@require_safe
def find_comment(request: HttpRequest) -> HttpResponse:
    """To the page that moves the comment whose number or address `?comment=` holds."""
    number = articles_queries.number_in(request.GET.get("comment", ""))
    if number is None or not Comment.objects.visible_to(Viewer.of(request)).filter(pk=number).exists():
        message = _("No such comment was found. Its number stands at the end of its link.")
        return _refused(request, message, status=404)
    return redirect("moderation:move", number)


@needs(MODERATE, back="moderation:articles")
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, number: int) -> HttpResponse:
    """What hiding an article means (GET), and doing it (POST)."""
    return _act_page(request, number, Act.HIDE)


@needs(MODERATE, back="moderation:articles")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, number: int) -> HttpResponse:
    """What showing an article means (GET), and doing it (POST)."""
    return _act_page(request, number, Act.SHOW)


@needs(MODERATE, back="moderation:articles")
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, number: int) -> HttpResponse:
    """What closing an article means (GET), and doing it (POST)."""
    return _act_page(request, number, Act.CLOSE)


@needs(MODERATE, back="moderation:articles")
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """What opening an article again means (GET), and doing it (POST)."""
    return _act_page(request, number, Act.REOPEN)


@needs(MODERATE, back="moderation:articles")
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take one act of the log back, or 409 with one sentence when something stands against it."""
    number = articles_queries.number_in(request.POST.get("id", "")) or 0
    try:
        done = articles_undo.undo(number, request.user)
    except ArticleAct.DoesNotExist:
        raise Http404 from None
    except RefusedError as error:
        act = ArticleAct.objects.select_related("article").get(pk=number)
        return _article_page(request, act.article, str(error), status=409)
    messages.success(request, _("Taken back: %(act)s.") % {"act": done.undoes.get_act_display().lower()})
    return SeeOther(safe_next(request, reverse("moderation:article", args=[done.article_id])))


def _found(number: int) -> Article:
    return get_object_or_404(Article.objects.select_related("blog", "merged_into"), pk=number)


def _act_page(request: HttpRequest, number: int, act: str) -> HttpResponse:
    found = _found(number)
    if request.method == "POST":
        do: Callable[..., ArticleAct] = DO[act]
        try:
            do(found.pk, request.user, reason_in(request.POST.get("reason", "")))
        except RefusedError as error:
            return _article_page(request, found, str(error), status=409)
        messages.success(request, DONE[act] % {"title": found.title})
        return SeeOther(reverse("moderation:article", args=[found.pk]))
    if act not in articles.possible(found):
        return _article_page(request, found, _why_not(act, found))
    held = Comment.objects.filter(article=found, state=State.HELD).count()
    context = {"article": found, "act": str(act), "held": held, "here": "articles"}
    return render(request, "moderation/article_act.html", context)


def _why_not(act: str, found: Article) -> str:
    try:
        articles.check_may_be_changed(found)
        articles.check_may(act, found)
    except RefusedError as error:
        return str(error)
    return ""


def _article_page(
    request: HttpRequest, found: Article, why_not: str = "", *, status: int = 200
) -> HttpResponse:
    found = _found(found.pk)
    acts = page_of(request, articles_queries.log_of(found), PER_PAGE)
    held = Comment.objects.filter(article=found, state=State.HELD).count()
    stored = Comment.objects.filter(article=found).count()
    context = {"article": found, "acts": acts, "page": acts, "why_not": why_not, "here": "articles"}
    context |= {"possible": articles.possible(found), "held": held, "stored": stored}
    context |= {"undoable": articles_queries.can_be_undone(list(acts))}
    context |= {"changes": articles_queries.changes_of(found), "may_change": _may_change(found)}
    policy = SitePolicy.objects.current()
    context |= {"policy": policy, "closings": list(articles_closed.closings(found, policy))}
    context["modes"] = Mode.choices
    return render(request, "moderation/article.html", context, status=status)


def _may_change(found: Article) -> bool:
    return found.merged_into_id is None and found.state != Article.State.LOADING


def _refused(request: HttpRequest, message: str, *, status: int) -> HttpResponse:
    context = {"why_not": message, "here": "articles"}
    return render(request, "moderation/article_refused.html", context, status=status)
