"""Who is told of a comment, and taking back what tells of one; called in the transaction of the act.

Nothing leaves within the undo window, so that a decision that is taken back in time tells nobody. The
number of statements does not depend on how many people are told. Imports tell nobody: they write
through `threads.writing.load`, which does not call this room.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from forum.accounts.viewer import Viewer
from forum.mail import writing as mail
from forum.mail.models import Letter
from forum.mail.writing import Draft
from forum.notifications import digests, listening, notices_status, notices_text
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import Kind, Origin

EVERYBODY = Viewer()
AT_A_TIME = 500
MOST_LINKS = 50


def about(number: int) -> str:
    """What letters about a comment are filed under."""
    return f"comment-{number}"


def published(number: int, *, approved: bool = False, only: Collection[str] | None = None) -> int:
    """Tell those who asked of a comment that everybody may read now; returns how many letters were written.

    `approved` is set when a moderator has let it through: then its author hears of that, too, if they
    asked to be told of answers. Nobody is written to twice about one comment, unless the first letter
    was taken back before it left. A comment that not everybody may read tells nobody, nor does an archived
    one, nor one that was public before somebody asked to hear. `only` are the keys
    of the letters that may be written, for writing some of them anew.
    """
    return all_published([number], approved=approved, only=only)


def all_published(
    numbers: Collection[int], *, approved: bool = False, only: Collection[str] | None = None
) -> int:
    """As `published`, for many comments."""
    written = 0
    for some in _portions(numbers):
        live = _readable().filter(pk__in=some, origin=Origin.LIVE)
        comments = live.select_related("article", "author", "parent__author")
        lean = comments.defer("article__body_source", "article__body_html", "article__disclosure")
        drafts = _drafts(list(lean.order_by("pk")), approved=approved)
        if only is not None:
            drafts = [draft for draft in drafts if draft.key in only]
        mail.write_all(drafts, not_before=timezone.now() + settings.UNDO_WINDOW)
        written += len(drafts)
    return written


def reworded(number: int) -> None:
    """Write the letters that wait about a comment, or quote it, anew: it says something else now."""
    unsent = Letter.objects.unsent().filter(about=about(number), dead_at=None)
    keys = set(unsent.values_list("key", flat=True))
    taken_back(number)
    if keys:
        published(number, approved=True, only=keys)


def taken_back(number: int) -> None:
    """Take back what tells of a comment that not everybody may read any more, or that quotes it.

    Letters about the answers to it are written anew without its words, with their window; those among
    them that were given up are not. Digests that list it are given up, and what they told comes with the
    next ones.
    """
    all_taken_back([number])


def all_taken_back(numbers: Collection[int]) -> None:
    """As `taken_back`, for many comments; some of them may have no row any more."""
    for some in _portions(numbers):
        mail.cancel_all([about(number) for number in some])
        _quote_no_more(some)
    digests.give_up(numbers)


def erased(numbers: Collection[int]) -> None:
    """Take back what tells of comments whose words are gone, and empty what quotes them and has left.

    Call it when they are gone. Letters about the answers to them are written anew without those words. Those
    that tell their authors of decisions go as well: the reasons in them may quote what is gone.
    """
    all_taken_back(numbers)
    for some in _portions(numbers):
        mail.cancel_all([notices_status.about(number) for number in some])
    _empty(numbers)


def unnamed(numbers: Collection[int]) -> None:
    """Write what waits about comments that have lost their names anew, and empty what has left."""
    live = Comment.objects.filter(pk__in=numbers, origin=Origin.LIVE).values_list("pk", flat=True)
    for number in live:
        reworded(number)
    all_taken_back(set(numbers) - set(live))
    _empty(numbers)


def _empty(numbers: Collection[int]) -> None:
    for some in _portions(numbers):
        own = [about(number) for number in some] + [notices_status.about(number) for number in some]
        answers = Comment.objects.filter(parent__in=some).values_list("pk", flat=True)
        # Digests hold many links, and there are few of them: only of single comments are they looked for.
        links = [reverse("comment", args=[n]) for n in some] if len(numbers) <= MOST_LINKS else []
        mail.forget([*own, *(about(pk) for pk in answers)], named=own, links=links)


def article_taken_back(article_id: int) -> None:
    """Take back what tells of any comment of an article that not everybody may read any more."""
    numbers = Comment.objects.filter(article=article_id).values_list("pk", flat=True)
    named = {about(number) for number in numbers}
    unsent = Letter.objects.unsent().filter(about__startswith="comment-")
    for some in _portions(named.intersection(unsent.values_list("about", flat=True))):
        mail.cancel_all(some)
    digests.give_up_article(article_id)


def moved(numbers: Collection[int]) -> None:
    """What tells of comments that stand elsewhere by now says so, and reaches whom it concerns there.

    Only comments whose letters have not left: a comment that has been told of is told to nobody again.
    """
    for some in _portions(numbers):
        for number in _write_anew(some):
            published(number)


def _quote_no_more(numbers: Collection[int]) -> None:
    answers = Comment.objects.public().filter(parent__in=numbers).values_list("pk", flat=True)
    _write_anew(answers)


def _write_anew(numbers: Iterable[int]) -> list[int]:
    """Write the letters about comments again as these stand now; the numbers of those that had some."""
    quoting = {about(pk): pk for pk in numbers}
    letters: dict[int, set[str]] = {}
    for some in _portions(quoting):
        unsent = Letter.objects.unsent().filter(about__in=some)
        for one, key, dead_at in unsent.values_list("about", "key", "dead_at"):
            letters.setdefault(quoting[one], set()).update([key] if dead_at is None else [])
    for answer, keys in letters.items():
        mail.cancel(about(answer))
        if keys:
            published(answer, approved=True, only=keys)
    return [number for number, keys in letters.items() if keys]


def _portions(items: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(items)
    for start in range(0, len(listed), AT_A_TIME):
        yield listed[start : start + AT_A_TIME]


def _readable() -> CommentQuerySet:
    return Comment.objects.readable_by(EVERYBODY).public()


def _drafts(comments: list[Comment], *, approved: bool) -> list[Draft]:
    """The letters about some comments that everybody may read, in two statements."""
    drafts, hearing = [], listening.to(comments)
    for comment in comments:
        parent = comment.parent
        if parent is not None and (parent.is_gone or parent.kind != Kind.COMMENT):
            parent = None
        found = [notices_text.of_new_words(comment, parent, why) for why in hearing.of(comment, parent)]
        if approved:
            found += [notices_text.of_publication(comment, one) for one in hearing.of_its_author(comment)]
        drafts += [replace(draft, about=about(comment.pk)) for draft in found]
    return drafts
