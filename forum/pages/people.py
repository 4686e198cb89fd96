"""A person's page, and muting: what one person has written in public, and not wanting to see it."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forum.accounts import mute
from forum.accounts.models import Author
from forum.accounts.viewer import Viewer
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.web.paging import page_of
from forum.web.redirects import SeeOther, safe_next

PER_PAGE = 20
MOST_PER_PAGE = 50


@require_safe
def person(request: HttpRequest, number: int) -> HttpResponse:
    """What a person has written in public, newest first; the page of a confirmed account for its archived
    selves. 404 for somebody without a public comment, as for a number that nobody has."""
    author, words = _found(number)
    if author.pk != number:
        return redirect("person", author.pk)
    page = page_of(request, words, PER_PAGE)
    context = {"person": author, "page": page, "is_own": _is_own(request, author)}
    if request.user.is_authenticated and not context["is_own"]:
        context["is_muted"] = mute.muted_by(request.user.pk).has(author)
    return render(request, "pages/person.html", context)


@require_POST
def mute_person(request: HttpRequest, number: int) -> HttpResponse:
    """Mute somebody who has a page."""
    author, _words = _found(number)
    here = reverse("person", args=[author.pk])
    if not request.user.is_authenticated:
        return redirect_to_login(here)
    name = {"name": author.name or _("unnamed reader")}
    try:
        mute.mute(request.user, author)
    except mute.OneselfError:
        messages.error(request, _("These are your own words; you cannot mute yourself."))
    except mute.TooManyError:
        messages.error(request, _("You have muted as many people as is possible; take one back first."))
    else:
        messages.success(
            request, _("You muted %(name)s: what they write is folded away for you, and only for you.") % name
        )
    return SeeOther(safe_next(request, here))


@require_POST
def unmute_person(request: HttpRequest, number: int) -> HttpResponse:
    """Take a muting back; the answer is the same for everybody who was not muted."""
    muted = reverse("muted")
    if not request.user.is_authenticated:
        return redirect_to_login(muted)
    author = mute.unmute(request.user, number)
    if author is not None:
        name = {"name": author.name or _("unnamed reader")}
        messages.success(request, _("You see again what %(name)s writes.") % name)
    return SeeOther(safe_next(request, muted))


@require_safe
def muted(request: HttpRequest) -> HttpResponse:
    """The people whom the account has muted, each to be taken back."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    rows = mute.list_of(request.user).annotate(has_page=_has_page("author"))
    return render(request, "pages/muted.html", {"page": page_of(request, rows, MOST_PER_PAGE)})


def _found(number: int) -> tuple[Author, CommentQuerySet]:
    """The author whose page shows this person, and the public words of person `number`.

    Http404 when there are none that everybody may read.
    """
    author = Author.objects.filter(pk=number, erased_at=None).first()
    if author is None or not (words := _public_words(author)).exists():
        raise Http404
    if author.claimed_by_id is None:
        return author, words
    account = Author.objects.filter(user=author.claimed_by_id, erased_at=None).first()
    return account or author, words


def _public_words(author: Author) -> CommentQuerySet:
    """For everybody the same: not even the author sees held words here."""
    public = Comment.objects.readable_by(Viewer()).public().by_person(author)
    newest = F("posted_at").desc(nulls_last=True)
    long = ("body_source", "article__body_source", "article__body_html", "article__disclosure")
    return public.select_related("article").defer(*long).order_by(newest, "-pk")


def _has_page(author: str) -> Exists:
    signed = Q(author__kind=Author.Kind.ARCHIVED) | Q(name_shown=F("author__name")) & ~Q(name_shown="")
    public = Comment.objects.readable_by(Viewer()).public().filter(signed, author__erased_at=None)
    return Exists(public.filter(author=OuterRef(author)))


def _is_own(request: HttpRequest, author: Author) -> bool:
    return request.user.is_authenticated and request.user.pk in {author.user_id, author.claimed_by_id}
