"""Where a reply arrives: parse, call the act, answer; a refusal gives back what was typed."""

from urllib.parse import quote, unquote

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from forum.accounts.queries import public_name
from forum.accounts.viewer import MODERATE, NAME_COOKIE, OWN_COOKIE_AGE, Viewer, remember_own
from forum.articles import queries
from forum.articles.models import Article
from forum.moderation import articles_closed
from forum.moderation.rules import Signs
from forum.posting import hints, limits, limits_rates, replies
from forum.posting.forms import ReplyForm, new_form_key, seconds_open
from forum.site.models import SitePolicy
from forum.text.tidy import one_line, plain
from forum.threads.models import Comment
from forum.threads.reading import page_number
from forum.threads.states import State
from forum.threads.writing import Draft, ParentGoneError, ThreadClosedError
from forum.web.address import client_address, client_agent
from forum.web.origin import is_foreign, is_not_from_here, needs_token
from forum.web.redirects import SeeOther


# The form stands on pages that all visitors share and so holds no token; the view checks the origin,
# and the token as well where a session comes along.
@csrf_exempt
def reply(request: HttpRequest, path: str) -> HttpResponse:
    """Take a reply: 303 to it on the article, or 422 with the text kept (403 for a foreign form and for
    somebody who is banned, 429 beyond the limit of an hour)."""
    try:
        article = queries.at_path(path)
    except Article.DoesNotExist:
        raise Http404 from None
    if request.method != "POST":
        page = render(request, "posting/only_post.html", {"article": article}, status=405)
        page.headers["Allow"] = "POST"
        return page
    form = _form(request, _typed(request))
    if is_not_from_here(request):
        return _refused(request, article, form, _not_from_here(request), status=403)
    if not form.is_valid():
        return _refused_input(request, article, form)
    # Where nothing is taken there is nothing to hint at.
    is_closed = articles_closed.is_closed(article, SitePolicy.objects.current())
    if not is_closed and (hint := hints.of(form.cleaned_data["body"], request.POST.get(hints.FIELD, ""))):
        return _refused(request, article, form, "", hint=hint)
    return _sent(request, article, form)


def initial(request: HttpRequest) -> dict[str, object]:
    """What a fresh form knows of the person: the remembered name or the account's."""
    remembered = one_line(unquote(request.COOKIES.get(NAME_COOKIE, ""))[:400], 80)
    if remembered:
        return {"name": remembered, "remember": True}
    if request.user.is_authenticated:
        return {"name": public_name(request.user)}
    return {}


def _sent(request: HttpRequest, article: Article, form: ReplyForm) -> HttpResponse:
    """What the act makes of a reply that is as it should be."""
    try:
        comment = _submitted(request, article, form)
    except replies.MovedError:
        raise Http404 from None
    except ParentGoneError:
        return _refused(request, article, _changed(request, parent=""), _parent_gone())
    except ThreadClosedError:
        message = _("This thread is closed and takes no more replies. You can begin a new one.")
        return _refused(request, article, _changed(request, parent=""), message)
    except limits.BannedError as error:
        return _refused(request, article, form, str(error), status=403)
    except limits_rates.TooManyError as error:
        return _refused(request, article, form, str(error), status=429)
    except replies.ClosedError:
        return _refused(request, article, form, _("This discussion is closed and takes no more replies."))
    except replies.OtherWordsError:
        message = _(
            "This form has been sent before with other words. Send again to add these as a reply too."
        )
        return _refused(request, article, _changed(request, form_key=new_form_key()), message)
    return _accepted(request, form, comment)


def _submitted(request: HttpRequest, article: Article, form: ReplyForm) -> Comment:
    """The stored reply. Where the desk has moved what it answers, or merged the article, it goes along."""
    parent = form.cleaned_data["parent"]
    draft, sender = _draft(request, form), _sender(request, form)
    signs = {"honeypot": bool(form.cleaned_data["website"]), "signs": _signs(form)}
    try:
        return replies.submit_reply(article, parent, draft, sender, **signs)
    except ParentGoneError:
        home = _home(article, parent, sender.viewer)
        if home is None:
            raise
        return replies.submit_reply(home, parent, draft, sender, **signs)


def _home(article: Article, parent: int | None, viewer: Viewer) -> Article | None:
    """Where the discussion goes on by now, None when it is where the reply was sent to, or nowhere."""
    if parent is not None:
        readable = Comment.objects.readable_by(viewer).public().select_related("article")
        answered = readable.filter(pk=parent).exclude(article=article).first()
        moved = answered is not None and queries.has_exchanged(article, answered.article)
        return answered.article if moved else None
    try:
        found = queries.at_path(article.path.strip("/"))
    except Article.DoesNotExist:
        return None
    return found if found.pk != article.pk else None


def _form(request: HttpRequest, data: QueryDict) -> ReplyForm:
    is_staff = Viewer.of(request).may(MODERATE)
    return ReplyForm(data, is_staff=is_staff, is_member=request.user.is_authenticated)


def _sender(request: HttpRequest, form: ReplyForm) -> replies.Sender:
    user = request.user if request.user.is_authenticated else None
    return replies.Sender(Viewer.of(request), user, follows=form.cleaned_data["follow"], request=request)


def _signs(form: ReplyForm) -> Signs:
    seconds = seconds_open(form.cleaned_data["opened"])
    return Signs(seconds=seconds, has_form=seconds is not None, email=form.cleaned_data["email"])


def _draft(request: HttpRequest, form: ReplyForm) -> Draft:
    return Draft(
        body=form.cleaned_data["body"],
        name=form.cleaned_data["name"],
        email=form.cleaned_data["email"],
        ip=client_address(request) or None,
        user_agent=client_agent(request),
        form_key=form.cleaned_data["form_key"] or None,
    )


def _accepted(request: HttpRequest, form: ReplyForm, comment: Comment) -> HttpResponse:
    article = comment.article
    viewer = Viewer.of(request)
    viewer = Viewer(viewer.user_id, (comment.own_key or "", *viewer.own_keys))
    page = page_number(article, viewer, comment, size=SitePolicy.objects.current().roots_per_page)
    query = f"?page={page}" if page > 1 else ""
    response = SeeOther(f"{article.get_absolute_url()}{query}#comment-{comment.pk}")
    # A second sending from the same client may get the key of a comment that nobody else sees yet.
    if comment.own_key and comment.state in {State.HELD, State.SPAM, State.VISIBLE}:
        remember_own(request, response, comment.own_key)
    _remember_name(request, response, form)
    return response


def _remember_name(request: HttpRequest, response: HttpResponse, form: ReplyForm) -> None:
    if form.cleaned_data["remember"]:
        response.set_cookie(
            NAME_COOKIE,
            quote(form.cleaned_data["name"]),
            max_age=OWN_COOKIE_AGE,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    elif NAME_COOKIE in request.COOKIES:
        response.delete_cookie(NAME_COOKIE)


def _refused(
    request: HttpRequest,
    article: Article,
    form: ReplyForm,
    message: str,
    *,
    status: int = 422,
    hint: hints.Hint | None = None,
) -> HttpResponse:
    context = {
        "hint": hint,
        "article": article,
        "form": form,
        "message": message,
        "answered": _answered(request, article),
        "needs_token": needs_token(request),
    }
    return render(request, "posting/reply.html", context, status=status)


def _answered(request: HttpRequest, article: Article) -> Comment | None:
    number = request.POST.get("parent", "")
    if not number.isdecimal() or len(number) > 18:
        return None
    viewer = Viewer.of(request).as_reader()
    return Comment.objects.readable_by(viewer).filter(article=article, pk=int(number)).first()


def _refused_input(request: HttpRequest, article: Article, form: ReplyForm) -> HttpResponse:
    if "parent" not in form.errors:
        return _refused(request, article, form, "")
    return _refused(request, article, _changed(request, parent=""), _parent_gone())


def _typed(request: HttpRequest) -> QueryDict:
    """What was sent, without what no page can give back."""
    data = QueryDict(mutable=True)
    for name in ReplyForm.base_fields:
        data[name] = plain(request.POST.get(name, ""))
    return data


def _changed(request: HttpRequest, **fields: str) -> ReplyForm:
    """The form as it was sent but for these fields, so that sending it again goes through."""
    data = _typed(request)
    for name, value in fields.items():
        data[name] = value
    form = _form(request, data)
    form.is_valid()
    return form


def _parent_gone() -> str:
    return _(
        "The comment that you answer is not there, or not any more. You can copy your text, "
        "or send it again: you will start a new thread with it."
    )


def _not_from_here(request: HttpRequest) -> str:
    if is_foreign(request):
        return _("This reply came from another site, so it was not taken. Send it again from here.")
    return _("Your sign-in has changed since you opened the page. Please send the reply again.")
