"""Finding articles."""

from django.db.models import Q

from forum.articles.models import Article, ArticleAct, ArticleQuerySet

LONGEST_CHAIN = 20


def at_path(path: str) -> Article:
    """The published article whose stored path this is, given without its outer slashes.

    For one that was merged into another it is that other one, so that what was sent to the old address
    arrives; a page compares the paths and leads there. Raises Article.DoesNotExist, for a hidden or
    undated one as for one that never was.
    """
    if "\0" in path:
        raise Article.DoesNotExist
    readable = Q(state=Article.State.PUBLISHED) | Q(merged_into__isnull=False)
    found = Article.objects.filter(readable).select_related("blog").get(path=f"/{path}/")
    for _hop in range(LONGEST_CHAIN):
        if found.merged_into_id is None:
            break
        found = Article.objects.filter(readable).select_related("blog").get(pk=found.merged_into_id)
    if found.state != Article.State.PUBLISHED:
        raise Article.DoesNotExist
    return found


def by_date() -> ArticleQuerySet:
    """Published articles, newest first, without their texts."""
    listed = Article.objects.published().newest_first()
    return listed.only("title", "path", "published_at", "date_precision", "comment_count", "body_html")


def has_exchanged(one: Article, other: Article) -> bool:
    """Whether the desk has ever moved comments from one of two articles to the other."""
    there, back = Q(article=one, other=other), Q(article=other, other=one)
    return ArticleAct.objects.filter(there | back).exists()
