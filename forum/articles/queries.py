"""Finding articles."""

from forum.articles.models import Article, ArticleQuerySet


def at_path(path: str) -> Article:
    """The published article whose stored path this is, given without its outer slashes.

    Raises Article.DoesNotExist, for a hidden or undated one as for one that never was.
    """
    if "\0" in path:
        raise Article.DoesNotExist
    return Article.objects.published().select_related("blog").get(path=f"/{path}/")


def by_date() -> ArticleQuerySet:
    """Published articles, newest first, without their texts."""
    listed = Article.objects.published().newest_first()
    return listed.only("title", "path", "published_at", "date_precision", "comment_count", "body_html")
