"""Home, article with thread and reply form, and permalinks."""

from typing import Any
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum.accounts.viewer import Viewer, is_personal
from forum.articles import queries
from forum.articles.models import Article
from forum.moderation import articles_closed
from forum.notifications.forms import Follow
from forum.posting.forms import ReplyForm, new_form_key
from forum.posting.views import initial
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.reading import page_number, thread_page
from forum.web.origin import needs_token
from forum.web.paging import page_of

POSTS_PER_PAGE = 20
LED_FOR = 300  # seconds that a browser may keep where a merged article's path leads: it can be undone


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Posts by date, newest first."""
    page = page_of(request, queries.by_date(), POSTS_PER_PAGE)
    return render(request, "pages/home.html", {"page": page})


@require_safe
def article(request: HttpRequest, path: str) -> HttpResponse:
    """An article with a page of its discussion; `?replytocom=N` puts the form under comment N.

    The path of an article that was merged leads to the other one (301), and `?replytocom=N` to the article
    under which that comment stands by now.
    """
    try:
        found = queries.at_path(path)
    except Article.DoesNotExist:
        raise Http404 from None
    if found.path != f"/{path}/":
        return _led_to(request, found)
    policy = SitePolicy.objects.current()
    viewer = Viewer.of(request).as_reader()
    answered = _answered(request, viewer)
    if answered is not None and answered.article_id != found.pk:
        return HttpResponseRedirect(f"{answered.article.get_absolute_url()}?replytocom={answered.pk}")
    page: str | int = request.GET.get("page", "1")[:9]
    if answered is not None:
        page = page_number(found, viewer, answered, size=policy.roots_per_page)
    thread = thread_page(found, viewer, size=policy.roots_per_page, page=page)
    context = {
        "article": found,
        "thread": thread,
        "page": thread.page,
        "answered": answered,
        "here": f"?page={thread.page.number}" if thread.page.number > 1 else "",
        "answered_gone": answered is None and "replytocom" in request.GET,
        "follow_form": Follow(thread=answered.pk if answered else None),
        "needs_token": needs_token(request),
        "missing": max((found.declared or 0) - (found.recovered or 0), 0),
    }
    return render(request, "pages/article.html", context | _form(request, found, policy, answered))


@require_safe
def permalink(request: HttpRequest, number: int) -> HttpResponse:
    """To the page of the article that shows comment `number`; 404 for what the visitor may not see."""
    viewer = Viewer.of(request).as_reader()
    comment = Comment.objects.visible_to(viewer).select_related("article").filter(pk=number).first()
    if comment is None:
        raise Http404
    size = SitePolicy.objects.current().roots_per_page
    page = page_number(comment.article, viewer, comment, size=size)
    query = f"?page={page}" if page > 1 else ""
    return HttpResponseRedirect(f"{comment.article.get_absolute_url()}{query}#comment-{number}")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form without its token gets: 403 in our own words."""
    return render(request, "403.html", status=403)


def _led_to(request: HttpRequest, found: Article) -> HttpResponse:
    answered = request.GET.get("replytocom", "")
    query = f"?{urlencode({'replytocom': answered})}" if answered.isdecimal() else ""
    response = HttpResponsePermanentRedirect(f"{found.get_absolute_url()}{query}")
    response.headers["Cache-Control"] = f"max-age={LED_FOR}"
    return response


def _answered(request: HttpRequest, viewer: Viewer) -> Comment | None:
    number = request.GET.get("replytocom", "")
    if not number.isdecimal() or len(number) > 18:
        return None
    answerable = Comment.objects.readable_by(viewer).answerable()
    return answerable.select_related("article").filter(pk=int(number)).first()


def _form(
    request: HttpRequest, found: Article, policy: SitePolicy, answered: Comment | None
) -> dict[str, Any]:
    if articles_closed.is_closed(found, policy):
        return {"form": None}
    known = initial(request) | ({"parent": answered.pk} if answered else {})
    # A key of its own only where the page is nobody else's: shared pages carry none.
    if is_personal(request):
        known["form_key"] = new_form_key()
    return {"form": ReplyForm(initial=known)}
