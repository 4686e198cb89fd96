"""Taking back what the desk did to an article, while nothing stands against it."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from forum.accounts.models import User
from forum.articles.models import Article, ArticleAct
from forum.moderation import articles, articles_correct
from forum.moderation.articles import Act, RefusedError
from forum.notifications import notices, subscriptions_moved
from forum.threads import moving, tree
from forum.threads.models import Comment

STATES, CLOSING = (Act.HIDE, Act.SHOW), (Act.CLOSE, Act.REOPEN)


def undo(number: int, actor: User) -> ArticleAct:
    """Take an act back, with an entry of its own in the log.

    What has come since below a moved comment goes back with it. Raises ArticleAct.DoesNotExist, and
    RefusedError with one sentence when it was taken back before or something has happened since.
    """
    act = ArticleAct.objects.get(pk=number)
    if act.act == Act.UNDO:
        raise RefusedError(_("An undo cannot be undone; do again what you want."))
    branch = [act.comment] if act.comment is not None else []
    try:
        with tree.locked_around(branch, [n for n in (act.article_id, act.other_id) if n is not None]):
            if ArticleAct.objects.filter(undoes=act).exists():
                raise RefusedError(_("This has been undone already."))
            _BACK[act.act](act, Article.objects.get(pk=act.article_id), actor)
            return articles.log(
                act.article, Act.UNDO, actor, other=act.other, comment=act.comment, undoes=act
            )
    except Comment.DoesNotExist:
        raise RefusedError(_("The comment that was moved is not there any more.")) from None


def _state(act: ArticleAct, article: Article, actor: User) -> None:
    articles.check_may_be_changed(article)
    _check_last(act, STATES)
    left = Article.State.HIDDEN if act.act == Act.HIDE else Article.State.PUBLISHED
    if article.state != left:
        raise RefusedError(_("The article has been hidden or shown since by other means."))
    articles.set_state(article, act.details["before"])


def _closing(act: ArticleAct, article: Article, actor: User) -> None:
    _check_last(act, CLOSING)
    articles.set_closed(article, _moment(act.details["before"]))


def _correction(act: ArticleAct, article: Article, actor: User) -> None:
    articles.check_may_be_changed(article)
    after = article.revisions.get(n=act.details["after"])
    if after.version != article.version:
        raise RefusedError(_("The article has been changed since; correct it by hand."))
    before = article.revisions.get(n=act.details["before"])
    if before.published_at is None and article.state == Article.State.PUBLISHED:
        raise RefusedError(_("A public article needs a date; hide it first to leave the date open."))
    said = articles_correct.said_in(before)
    articles_correct.write(article, said, actor, corrected_at=_moment(act.details["was_corrected"]))


def _merge(act: ArticleAct, article: Article, actor: User) -> None:
    target, roots = Article.objects.get(pk=act.other_id), act.details["roots"]
    if target.merged_into_id is not None:
        raise RefusedError(_("The other article was merged as well since; undo that first."))
    there = Comment.objects.filter(article=target, parent=None).values_list("pk", flat=True)
    if not set(roots) <= set(there):
        raise RefusedError(_("A thread of this article has been moved since; undo that first."))
    numbers = moving.put_roots(target, article, roots)
    article.state, article.merged_into = act.details["before"], None
    article.save(update_fields=["state", "merged_into"])
    subscriptions_moved.article_parted(act.details["followed"], target.pk, article.pk)
    _tell(article, numbers)


def _move(act: ArticleAct, article: Article, actor: User) -> None:
    articles.check_is_not_loading(article)
    comment, said = Comment.objects.get(pk=act.comment), act.details
    if (comment.article_id, comment.parent_id) != (act.other_id or article.pk, said["to_parent"]):
        raise RefusedError(_("This comment has been moved again since; undo that first."))
    parent = None
    if said["from_parent"] is not None:
        parent = Comment.objects.filter(pk=said["from_parent"], article=article).first()
        if parent is None or parent.pk in moving.branches(comment.article_id, [comment.pk]):
            raise RefusedError(_("What it answered before does not stand there any more."))
    numbers = moving.put(
        comment, article, parent, placed_at=_moment(said["from_placed"]), certain=said["from_certain"]
    )
    if said["joined"]:
        subscriptions_moved.thread_parted(said["joined"], said["joined_at"], comment.pk)
    if said["split"]:
        subscriptions_moved.thread_mended(said["split"], comment.pk)
    _tell(article, numbers)


_BACK: dict[str, Callable[[ArticleAct, Article, User], None]] = {
    **dict.fromkeys(STATES, _state),
    **dict.fromkeys(CLOSING, _closing),
    **dict.fromkeys((Act.MOVE, Act.SPLIT), _move),
    Act.CORRECT: _correction,
    Act.MERGE: _merge,
}


def _tell(article: Article, numbers: list[int]) -> None:
    if article.state == Article.State.PUBLISHED:
        notices.moved(numbers)
    else:
        notices.article_taken_back(article.pk)


def _check_last(act: ArticleAct, kinds: tuple[str, ...]) -> None:
    """Raises RefusedError unless nothing of these kinds has been done since that still stands."""
    later = ArticleAct.objects.filter(article=act.article_id, pk__gt=act.pk, act__in=kinds, undone_by=None)
    if later.exists():
        raise RefusedError(_("The same was done or reversed since by a later act; undo that first."))


def _moment(stamp: str | None) -> datetime | None:
    return datetime.fromisoformat(stamp) if stamp else None
