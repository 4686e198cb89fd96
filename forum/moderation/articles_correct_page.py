"""The page on which title, date and text of an article are corrected."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE
from forum.articles.models import Article, ArticleRevision
from forum.moderation import articles_correct, articles_queries
from forum.moderation.articles import RefusedError
from forum.moderation.articles_forms import CorrectionForm, shown_for
from forum.text.tidy import plain
from forum.web.redirects import SeeOther


@needs(MODERATE, back="moderation:articles")
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """The form (GET), and writing what was typed (POST).

    422 for what cannot be, 409 when somebody was quicker: then the page shows what they did, and the form
    keeps what was typed, to be sent once more.
    """
    article = get_object_or_404(Article, pk=number)
    if request.method != "POST":
        return _form_page(request, article, CorrectionForm(article=article))
    form = CorrectionForm(request.POST, article=article)
    if not form.is_valid():
        return _form_page(request, article, form, status=422)
    seen = form.cleaned_data["version"]
    try:
        articles_correct.correct(
            article.pk,
            form.correction(),
            request.user,
            version=seen,
            reason=form.cleaned_data["reason"],
        )
    except articles_correct.StaleError:
        return _stale_page(request, article.pk, seen)
    except RefusedError as error:
        return _form_page(request, article, form, why_not=str(error), status=422)
    messages.success(request, _("Corrected. What stood there before is kept below."))
    return SeeOther(reverse("moderation:article", args=[article.pk]))


def _stale_page(request: HttpRequest, number: int, seen: int) -> HttpResponse:
    """The form as it was sent, upon what stands there by now, with what the other person did."""
    article = Article.objects.get(pk=number)
    base = articles_correct.seen_at(article, seen)
    form = CorrectionForm(_rebased(request, article, base), article=article)
    last = article.revisions.select_related("by").order_by("-n").first()
    context = {"stale": True, "other": articles_queries.change(base, _now(article)) if base else None}
    context["other_by"] = last.by if last is not None and last.version == article.version else None
    if form.is_valid():
        wanted = form.correction()
        mine = ArticleRevision(title=wanted.title, published_at=wanted.published_at, body_source=wanted.body)
        context["mine"] = articles_queries.change(_now(article), mine)
    return _form_page(request, article, form, status=409, **context)


def _rebased(request: HttpRequest, article: Article, base: ArticleRevision | None) -> QueryDict:
    """What was sent, with what stands now in the fields that the person had left as they were."""
    typed = request.POST.copy()
    typed["version"] = str(article.version)
    if base is not None:
        shown, now = shown_for(base), shown_for(article)
        for names in (("title",), ("day", "time"), ("body",)):
            if all(plain(typed.get(name, "")) == plain(shown[name]) for name in names):
                for name in names:
                    typed[name] = now[name]
    return typed


def _now(article: Article) -> ArticleRevision:
    return ArticleRevision(**{name: getattr(article, name) for name in articles_correct.SAID})


def _form_page(
    request: HttpRequest, article: Article, form: CorrectionForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {"article": article, "form": form, "here": "articles"} | more
    return render(request, "moderation/article_correct.html", context, status=status)
