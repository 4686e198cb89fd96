"""Taking words or a name away for good; unlike every other change, nothing of it can be taken back."""

from collections.abc import Collection

from django.db.models import F
from django.utils import timezone

from forum.accounts.models import Author
from forum.accounts.writing import forget_name, forget_person
from forum.articles.models import Article
from forum.threads import writing
from forum.threads.models import Comment, Private, Revision
from forum.threads.states import Origin, State


def erase(comment: Comment) -> None:
    """Take text, name, author and all that is private from a comment; call it under the lock.

    Of words that were written here two links stay by which their author, and nobody else, can be told what
    became of them: the account, and the key that the browser of a guest holds. The row stays in its place,
    so that replies do. What waited or lay in the spam is removed with it, since there is nothing left to
    decide. Somebody without other words here is forgotten, too. Its version rises by one. Raises
    writing.StaleError when the row has another version than `comment`.
    """
    author, is_live = comment.author, comment.origin == Origin.LIVE
    stays = is_live and author is not None and author.kind == Author.Kind.ACCOUNT
    state = State.REMOVED if comment.state in {State.HELD, State.SPAM} else State(comment.state)
    blank = dict.fromkeys(("name_shown", "body_source", "body_html", "posted_as_written"), "")
    changes = {
        **blank,
        "state": state,
        "author": author if stays else None,
        "own_key": comment.own_key if is_live else None,
        "form_key": None,
        "risk": 0,
        "urgent": 0,
        "erased_at": timezone.now(),
    }
    rows = Comment.objects.filter(pk=comment.pk, version=comment.version, erased_at=None)
    if not rows.update(**changes, version=F("version") + 1):
        raise writing.StaleError
    Private.objects.filter(comment=comment.pk).delete()
    Revision.objects.filter(comment=comment.pk).delete()
    for name, value in changes.items():
        setattr(comment, name, value)
    comment.version += 1
    if author is not None and not has_words(author):
        forget_person(author)
    writing.recount([comment.article_id])


def unname(numbers: Collection[int]) -> None:
    """Take the name from comments, whose words stay; call it under their locks.

    Versions rise by one. Archived words lose their author, too, and people without other words here are
    forgotten, but for a trace by which a later import knows not to bring their name back. Words that were
    written here stay their author's, who may change and withdraw them; a guest who signed nothing else has no
    name any more.
    """
    rows = Comment.objects.filter(pk__in=numbers, erased_at=None)
    people = {author.pk: author for author in Author.objects.filter(comment__in=rows).distinct()}
    articles = set(rows.values_list("article_id", flat=True))
    rows.filter(origin=Origin.LIVE).update(name_shown="", version=F("version") + 1)
    rows.exclude(origin=Origin.LIVE).update(name_shown="", author=None, version=F("version") + 1)
    for author in people.values():
        named = Comment.objects.filter(author=author).exclude(name_shown="")
        if author.kind == Author.Kind.GUEST and not named.exists():
            forget_name(author)
        if author.kind == Author.Kind.ARCHIVED and not has_words(author):
            forget_person(author)
    writing.recount(articles)


def has_words(author: Author) -> bool:
    """Whether anything here is signed by somebody: a comment, or an article of the archive."""
    return Comment.objects.filter(author=author).exists() or Article.objects.filter(author=author).exists()
