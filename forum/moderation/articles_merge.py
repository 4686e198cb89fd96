"""Merging two articles into one discussion: all threads go to the other, and so does the path."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from forum.accounts.models import User
from forum.articles.models import Article, ArticleAct
from forum.moderation import articles
from forum.moderation.articles import Act, RefusedError
from forum.notifications import notices, subscriptions_moved
from forum.threads import moving, tree
from forum.threads.models import Comment


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge will do: how many comments and threads go from `source` to `target`, how many of the
    comments everybody may read there, and how many stand there already."""

    source: Article
    target: Article
    comments: int
    threads: int
    public: int
    there: int


def look(source_id: int, target_id: int) -> Plan:
    """What merging one article into another would do; reads only.

    Raises Article.DoesNotExist, and RefusedError with one sentence for what may not be.
    """
    source, target = Article.objects.get(pk=source_id), Article.objects.get(pk=target_id)
    if source.pk == target.pk:
        raise RefusedError(_("An article cannot be merged into itself."))
    articles.check_may_be_changed(source)
    articles.check_may_be_changed(target)
    if target.state != Article.State.PUBLISHED:
        raise RefusedError(_("The article to merge into is not public; show that one first."))
    rows = Comment.objects.filter(article=source)
    return Plan(
        source,
        target,
        comments=rows.count(),
        threads=rows.filter(parent=None).count(),
        public=rows.public().count(),
        there=Comment.objects.filter(article=target).count(),
    )


def merge(source_id: int, target_id: int, actor: User, reason: str = "") -> ArticleAct:
    """Put all threads of `source` under `target`, where they stand among the others by their time.

    `source` is hidden and its path leads to the other one. Who follows it follows the other one. No import
    moves the comments back. Raises as `look` does.
    """
    with tree.all_locked([source_id, target_id]):
        plan = look(source_id, target_id)
        source, target = plan.source, plan.target
        roots = list(Comment.objects.filter(article=source, parent=None).values_list("pk", flat=True))
        numbers = moving.put_roots(source, target)
        before, source.state, source.merged_into = source.state, Article.State.HIDDEN, target
        source.save(update_fields=["state", "merged_into"])
        followed = subscriptions_moved.article_merged(source.pk, target.pk)
        notices.moved(numbers)
        return articles.log(
            source,
            Act.MERGE,
            actor,
            reason,
            other=target,
            before=before,
            roots=roots,
            count=len(numbers),
            followed=followed,
        )
