"""The pages on which a branch is moved and two articles are merged: choose, see what will happen, do it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE, Viewer
from forum.articles.models import Article
from forum.moderation import articles_merge, articles_move, articles_queries
from forum.moderation.articles import RefusedError
from forum.moderation.articles_forms import reason_in
from forum.moderation.articles_move import Target
from forum.threads.models import Comment
from forum.web.redirects import SeeOther


@needs(MODERATE, back="moderation:articles")
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Where a comment may go (GET), what that would do (GET with `to`), and doing it (POST).

    `to` is `root`, `comment` with `under` or `article` with `path`. 422 for what may not be, 409 when the
    comment has been moved since the page was made.
    """
    rows = Comment.objects.visible_to(Viewer.of(request)).select_related("article", "parent", "author")
    comment = get_object_or_404(rows, pk=number)
    given = request.POST if request.method == "POST" else request.GET
    typed = {name: given.get(name, "")[:500] for name in ("to", "under", "path")}
    context = {"comment": comment, "typed": typed, "here": "articles"}
    if not typed["to"] and request.method != "POST":
        return render(request, "moderation/move.html", context)
    try:
        target = _target(typed)
        if request.method != "POST":
            context["plan"] = articles_move.look(comment.pk, target)
            return render(request, "moderation/move.html", context)
        seen = _seen(request)
        act = articles_move.move(
            comment.pk, target, request.user, seen=seen, reason=reason_in(given.get("reason", ""))
        )
    except Comment.DoesNotExist:
        raise Http404 from None
    except RefusedError as error:
        status = 409 if request.method == "POST" else 422
        return render(request, "moderation/move.html", context | {"why_not": str(error)}, status=status)
    count = act.details["count"]
    said = ngettext("Moved %(count)s comment.", "Moved %(count)s comments.", count) % {"count": count}
    messages.success(request, said)
    return SeeOther(reverse("moderation:article", args=[act.other_id or act.article_id]))


@needs(MODERATE, back="moderation:articles")
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """Which article to merge into (GET), what that would do (GET with `into`), and doing it (POST)."""
    article = get_object_or_404(Article, pk=number)
    given = request.POST if request.method == "POST" else request.GET
    typed = given.get("into", "")[:500]
    context = {"article": article, "typed": typed, "here": "articles"}
    if not typed and request.method != "POST":
        return render(request, "moderation/article_merge.html", context)
    try:
        target = _article_at(typed)
        if request.method != "POST":
            context["plan"] = articles_merge.look(article.pk, target.pk)
            return render(request, "moderation/article_merge.html", context)
        act = articles_merge.merge(article.pk, target.pk, request.user, reason_in(given.get("reason", "")))
    except RefusedError as error:
        status = 409 if request.method == "POST" else 422
        context["why_not"] = str(error)
        return render(request, "moderation/article_merge.html", context, status=status)
    said = _("Merged: %(count)s comments stand under “%(title)s” now.")
    messages.success(request, said % {"count": act.details["count"], "title": act.other.title})
    return SeeOther(reverse("moderation:article", args=[act.other_id]))


def _target(typed: dict[str, str]) -> Target:
    match typed["to"]:
        case "root":
            return Target()
        case "comment":
            number = articles_queries.number_in(typed["under"])
            if number is None:
                raise RefusedError(_("Please give the number or the link of the comment that it answers."))
            return Target(parent=number)
        case "article":
            return Target(article=_article_at(typed["path"]).pk)
    raise RefusedError(_("Please choose where it is to go."))


def _article_at(text: str) -> Article:
    found = articles_queries.article_at(text)
    if found is None:
        raise RefusedError(_("No article has this path; copy it out of the browser's address line."))
    return found


def _seen(request: HttpRequest) -> tuple[int, int | None]:
    """The article and the parent under which the page showed the comment; without them there was no page."""
    article = articles_queries.number_in(request.POST.get("seen-article", ""))
    if article is None:
        raise Http404
    return article, articles_queries.number_in(request.POST.get("seen-parent", ""))
