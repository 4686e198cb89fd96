"""Moving a branch of a discussion: under another comment, to the top, or to another article."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts.models import User
from forum.articles.models import Article, ArticleAct
from forum.moderation import articles
from forum.moderation.articles import Act, RefusedError
from forum.notifications import notices, subscriptions_moved
from forum.threads import moving, tree
from forum.threads.models import Comment
from forum.threads.states import Kind


@dataclass(frozen=True, slots=True)
class Target:
    """Where a branch is wanted: under the comment `parent`, else as a thread of its own under the article
    `article`, else as one where it stands."""

    parent: int | None = None
    article: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a move will do: `numbers` are the branch's, `public` how many of these everybody may read."""

    comment: Comment
    article: Article
    parent: Comment | None
    numbers: list[int]
    public: int

    @property
    def replies(self) -> int:
        """How many comments go along below the one that is moved."""
        return len(self.numbers) - 1

    @property
    def crosses(self) -> bool:
        """Whether it goes to another article."""
        return self.article.pk != self.comment.article_id


def look(number: int, target: Target) -> Plan:
    """What moving a comment there would do; reads only.

    Raises Comment.DoesNotExist, Article.DoesNotExist for a target article that is not there, and
    RefusedError with one sentence for what may not be.
    """
    comment = Comment.objects.select_related("article", "parent").get(pk=number)
    parent = _parent(target.parent) if target.parent is not None else None
    article = parent.article if parent is not None else _article(comment, target.article)
    _check_articles(comment.article, article)
    _check_place(comment, article, parent)
    numbers = moving.branches(comment.article_id, [comment.pk])
    if parent is not None and parent.pk in set(numbers):
        raise RefusedError(
            _("Comment %(parent)s stands below comment %(number)s, so that one cannot go under it.")
            % {"parent": parent.pk, "number": comment.pk}
        )
    return Plan(comment, article, parent, numbers, public=_count_public(numbers))


def move(
    number: int, target: Target, actor: User, *, seen: tuple[int, int | None] | None = None, reason: str = ""
) -> ArticleAct:
    """Put a comment with everything below it elsewhere. `seen` are the article and the parent that the
    actor saw it under.

    Both articles are counted anew. Who follows a thread goes on hearing of it; letters that have not left
    say where the comments stand now. No import moves them back. Raises as `look` does.
    """
    named = [number] if target.parent is None else [number, _parent(target.parent).pk]
    with tree.locked_around(named, [] if target.article is None else [target.article]):
        plan = look(number, target)
        comment = plan.comment
        if seen is not None and seen != (comment.article_id, comment.parent_id):
            raise RefusedError(_("Somebody has moved this comment since you looked at it."))
        before = {
            "from_parent": comment.parent_id,
            "from_certain": comment.parent_certain,
            "from_placed": articles.stamp(comment.placed_at),
        }
        root, was_root = comment.tree_id, comment.parent_id is None
        numbers = moving.put(comment, plan.article, plan.parent, placed_at=timezone.now())
        joined, split = [], []
        if plan.parent is not None and was_root:
            joined = subscriptions_moved.thread_joined(comment.pk, plan.parent.tree_id)
        elif plan.parent is None and not was_root:
            split = subscriptions_moved.thread_split(root, comment.pk)
        notices.moved(numbers)
        return articles.log(
            comment.article,
            Act.SPLIT if plan.parent is None or plan.crosses else Act.MOVE,
            actor,
            reason,
            other=plan.article if plan.crosses else None,
            comment=comment.pk,
            to_parent=plan.parent.pk if plan.parent else None,
            count=len(numbers),
            joined=joined,
            joined_at=plan.parent.tree_id if plan.parent else None,
            split=split,
            **before,
        )


def _parent(number: int) -> Comment:
    parent = Comment.objects.select_related("article").filter(pk=number).first()
    if parent is None:
        raise RefusedError(_("There is no comment %(number)s.") % {"number": number})
    if parent.kind in {Kind.PINGBACK, Kind.TRACKBACK}:
        raise RefusedError(_("Nobody can answer a link from another site; choose a comment."))
    if parent.is_gone:
        message = _("Comment %(number)s is not public, so nothing can go under it.")
        raise RefusedError(message % {"number": number})
    return parent


def _article(comment: Comment, number: int | None) -> Article:
    return comment.article if number is None else Article.objects.get(pk=number)


def _check_articles(source: Article, target: Article) -> None:
    # Out of a merged article they may go: an import may have put some there since.
    articles.check_is_not_loading(source)
    articles.check_may_be_changed(target)
    if source.pk != target.pk and target.state != Article.State.PUBLISHED:
        raise RefusedError(_("The article to move it to is not public; show that one first."))


def _check_place(comment: Comment, article: Article, parent: Comment | None) -> None:
    if parent is not None and parent.pk == comment.pk:
        raise RefusedError(_("A comment cannot answer itself."))
    here = (comment.article_id, comment.parent_id)
    if here == (article.pk, parent.pk if parent else None):
        raise RefusedError(_("It stands there already."))


def _count_public(numbers: list[int]) -> int:
    count = 0
    for start in range(0, len(numbers), moving.AT_ONCE):
        count += Comment.objects.public().filter(pk__in=numbers[start : start + moving.AT_ONCE]).count()
    return count
