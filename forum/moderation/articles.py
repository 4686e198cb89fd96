"""Hiding, showing, closing and opening articles, and the log of what the desk does to them.

Each act is one function in one transaction under the article's lock, and leaves one row in the log, with
which `articles_undo` takes it back.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts.models import User
from forum.articles.models import Article, ArticleAct
from forum.notifications import notices
from forum.threads import tree

Act = ArticleAct.Act
State = Article.State


class RefusedError(Exception):
    """The act is not possible; its text is one sentence for whoever wanted it."""


def hide(article_id: int, actor: User, reason: str = "") -> ArticleAct:
    """Take a public article out of sight, with all its comments; what tells of these is taken back.

    Raises Article.DoesNotExist, and RefusedError when it is not public.
    """
    with tree.locked(article_id) as article:
        check_may_be_changed(article)
        check_may(Act.HIDE, article)
        set_state(article, State.HIDDEN)
        return log(article, Act.HIDE, actor, reason, before=State.PUBLISHED)


def show(article_id: int, actor: User, reason: str = "") -> ArticleAct:
    """Let everybody read an article that was hidden or a draft; letters that were taken back stay so.

    Raises Article.DoesNotExist, and RefusedError for one that is public or has no date.
    """
    with tree.locked(article_id) as article:
        check_may_be_changed(article)
        check_may(Act.SHOW, article)
        before = article.state
        set_state(article, State.PUBLISHED)
        return log(article, Act.SHOW, actor, reason, before=before)


def close(article_id: int, actor: User, reason: str = "") -> ArticleAct:
    """Take no more replies under an article. Raises Article.DoesNotExist, and RefusedError."""
    with tree.locked(article_id) as article:
        check_may_be_changed(article)
        check_may(Act.CLOSE, article)
        before = article.closed_at
        set_closed(article, timezone.now())
        return log(article, Act.CLOSE, actor, reason, before=stamp(before))


def reopen(article_id: int, actor: User, reason: str = "") -> ArticleAct:
    """Take replies again under an article. Raises Article.DoesNotExist, and RefusedError."""
    with tree.locked(article_id) as article:
        check_may_be_changed(article)
        check_may(Act.REOPEN, article)
        before = article.closed_at
        set_closed(article, None)
        return log(article, Act.REOPEN, actor, reason, before=stamp(before))


def possible(article: Article) -> list[str]:
    """The acts of this module that can be done to an article now, for its page."""
    if article.merged_into_id is not None or article.state == State.LOADING:
        return []
    return [act for act in (Act.HIDE, Act.SHOW, Act.CLOSE, Act.REOPEN) if not _why_not(act, article)]


def check_may(act: str, article: Article) -> None:
    """Raises RefusedError unless the article stands in a way in which this act means something."""
    if why_not := _why_not(act, article):
        raise RefusedError(why_not)


def check_may_be_changed(article: Article) -> None:
    """Raises RefusedError for an article that an import is writing, or that was merged into another."""
    check_is_not_loading(article)
    if article.merged_into_id is not None:
        raise RefusedError(_("This article was merged into another one; undo that first."))


def check_is_not_loading(article: Article) -> None:
    """Raises RefusedError for an article that an import is writing at this moment."""
    if article.state == State.LOADING:
        raise RefusedError(_("An import is writing this article; please wait until it is through."))


def set_state(article: Article, state: str) -> None:
    """Write another state of an article; call it under its lock."""
    article.state = state
    article.save(update_fields=["state"])
    if state != State.PUBLISHED:
        notices.article_taken_back(article.pk)


def set_closed(article: Article, moment: Any) -> None:
    """Write since when an article takes no replies, None where it takes them; call it under its lock."""
    article.closed_at = moment
    article.save(update_fields=["closed_at"])


def log(
    article: Article,
    act: str,
    actor: User | None,
    reason: str = "",
    *,
    other: Article | None = None,
    comment: int | None = None,
    undoes: ArticleAct | None = None,
    **details: Any,
) -> ArticleAct:
    """Append to the log what was just done."""
    return ArticleAct.objects.create(
        article=article,
        other=other,
        comment=comment,
        act=act,
        actor=actor,
        at=timezone.now(),
        reason=reason,
        details=details,
        undoes=undoes,
    )


def stamp(moment: Any) -> str | None:
    """A moment as the log keeps it."""
    return moment.isoformat() if moment is not None else None


def _why_not(act: str, article: Article) -> str:
    public, closed = article.state == State.PUBLISHED, is_closed_by_hand(article)
    match act:
        case Act.HIDE if not public:
            return _("This article is not public, so there is nothing to hide.")
        case Act.SHOW if public:
            return _("This article is public already.")
        case Act.SHOW if article.published_at is None:
            return _("This article has no date yet; correct that first.")
        case Act.CLOSE if closed:
            return _("This article is closed already.")
        case Act.REOPEN if not closed:
            return _("This article was not closed by hand, so there is nothing to open.")
    return ""


def is_closed_by_hand(article: Article) -> bool:
    """Whether somebody has closed this article, whatever the site's own rules say."""
    return article.closed_at is not None and article.closed_at <= timezone.now()
