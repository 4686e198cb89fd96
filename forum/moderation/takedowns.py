"""Requests to take words or a name down, by people without an account: asking, finding, listing."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils import timezone

from forum.articles.models import Article
from forum.jobs.alive import take_turn
from forum.moderation import cases
from forum.moderation.models import Case
from forum.moderation.models_requests import TakeDown
from forum.sources.models import SourceItem
from forum.threads import tree
from forum.threads.models import Comment
from forum.threads.states import Kind

_COMMENT = re.compile(r"comments?[-/_]?c?(\d{1,18})\b|^c(\d{1,18})$")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was sent; `comment` is set where it was sent at a comment, else `where` says where."""

    wish: str
    text: str = ""
    name: str = ""
    email: str = ""
    comment: int | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What an address or a number leads to: a comment, or an article, or neither."""

    comment: Comment | None = None
    article: Article | None = None


def ask(asked: Asked) -> TakeDown:
    """Put a request before the desk; the same one twice is one. Raises Comment.DoesNotExist."""
    with transaction.atomic():
        take_turn(f"take-down:{asked.comment or asked.where}")
        given = {"wish": asked.wish, "text": asked.text, "name": asked.name, "email": asked.email}
        found = find(asked.where)
        if asked.comment is not None:
            found = Found(Comment.objects.select_related("article").get(pk=asked.comment))
        same = TakeDown.objects.filter(comment=found.comment, where=asked.where, outcome="", **given)
        if (known := same.first()) is not None:
            return known
        article = found.comment.article if found.comment is not None else found.article
        made = TakeDown.objects.create(article=article, where=asked.where, **given)
        if found.comment is not None:
            _attach(made, found.comment.pk)
        return made


def attach(number: int, where: str) -> TakeDown | None:
    """Say which comment a request is about, by its number or address; None when nothing is found there.

    Raises TakeDown.DoesNotExist for one that is not there or has been answered.
    """
    before = TakeDown.objects.get(pk=number, outcome="").comment_id
    found = find(where)
    if found.comment is None:
        return None
    # The articles first, then the request, as for its answer: otherwise the two wait for each other.
    with tree.locked_around({found.comment.pk, before or found.comment.pk}):
        request = TakeDown.objects.select_for_update(of=("self",)).get(pk=number, outcome="")
        before = request.comment_id
        _attach(request, found.comment.pk)
        if before is not None and before != found.comment.pk:
            settle_case(before)
        return request


def find(where: str) -> Found:
    """What an address of ours or of the archived blog, or the number of a comment, leads to."""
    text = where.strip()
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        comment = _standing(int(text), None)
        return Found(comment, comment.article) if comment is not None else Found()
    try:
        parts = urlsplit(text if "//" in text or text.startswith("/") else f"//{text}")
    except ValueError:
        return Found()
    if "\0" in text or not parts.path.startswith("/"):
        return Found()
    query = parse_qs(parts.query).get("replytocom", [""])[0]
    numbers = [int(n) for said in (parts.fragment, parts.path, f"comment-{query}") for n in _numbers_in(said)]
    path = f"/{unquote(parts.path).strip('/')}/"
    article = Article.objects.filter(path=path).first()
    for number in numbers:
        if (comment := _standing(number, article)) is not None:
            return Found(comment, comment.article)
    return Found(None, article)


def open_on(comments: Collection[int]) -> dict[int, list[TakeDown]]:
    """The requests that wait on these comments, by comment number, oldest first. One statement."""
    found: dict[int, list[TakeDown]] = {}
    if not comments:
        return found
    for one in TakeDown.objects.filter(comment__in=list(comments), outcome="").order_by("at", "pk"):
        found.setdefault(one.comment_id, []).append(one)
    return found


def waiting() -> QuerySet[TakeDown]:
    """All requests that wait, those that nobody has found the comment of first, each oldest first."""
    rows = TakeDown.objects.filter(outcome="").select_related("comment__article", "article")
    return rows.annotate(lost=ExpressionWrapper(Q(comment=None), output_field=BooleanField())).order_by(
        "-lost", "at", "pk"
    )


def count_nowhere() -> int:
    """How many requests wait that stand at no comment yet, so that no card shows them."""
    return TakeDown.objects.filter(outcome="", comment=None).count()


def purge() -> int:
    """Forget who asked and why, 30 days after the answer; returns how many requests that was."""
    due = TakeDown.objects.filter(purge_after__lte=timezone.now())
    return due.update(name="", email="", text="", where="", answer="", purge_after=None)


def settle_case(number: int) -> None:
    """Close the case of a comment when no request about it waits any more."""
    if not TakeDown.objects.filter(comment=number, outcome="").exists():
        open_ = Case.objects.filter(comment=number, cause=Case.Cause.TAKEDOWN, closed=None)
        open_.update(closed=timezone.now())


def _attach(request: TakeDown, number: int) -> None:
    with tree.locked_around([number]):
        comment = Comment.objects.get(pk=number)
        request.comment, request.article_id = comment, comment.article_id
        request.save(update_fields=["comment", "article"])
        cases.open_case(comment, Case.Cause.TAKEDOWN)


def _numbers_in(said: str) -> list[str]:
    return [number for pair in _COMMENT.findall(said) for number in pair if number]


def _standing(number: int, article: Article | None) -> Comment | None:
    """The comment of ours with this number, or the one that had it in the archive of this article."""
    rows = Comment.objects.select_related("article").exclude(kind=Kind.PLACEHOLDER)
    found = rows.filter(pk=number).first()
    if found is not None or article is None:
        return found
    kind = SourceItem.Kind.COMMENT
    items = SourceItem.objects.filter(kind=kind, article=article, key=f"id:{number}")
    return rows.filter(pk__in=items.values("comment")).first()
