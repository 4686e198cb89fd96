"""Writing articles: made, brought up to date, or left as somebody here has changed them."""

from typing import Any

from forum.articles.models import Article, Blog
from forum.articles.paths import free_path
from forum.importing import identity
from forum.importing.match import Outcome, PlannedArticle
from forum.sources.models import SourceItem
from forum.text import clean
from forum.text.render import render
from forum.text.tidy import one_line


def placed(planned: PlannedArticle) -> Article:
    """The article's row and its source item; call it inside the run's transaction."""
    article = planned.item.article if planned.item else None
    if article is None:
        article = _made(planned)
        planned.item = planned.item or _item(planned)
    elif planned.outcome == Outcome.UPDATED:
        said = _said(planned)
        for name, value in said.items():
            setattr(article, name, value)
        article.version += 1
        article.save(update_fields=[*said, "version"])
    else:
        return article
    planned.item.article = article
    planned.item.content_hash = planned.content_hash
    planned.item.placed_hash = identity.placed_hash(article.title, article.body_source)
    planned.item.save()
    return article


def _item(planned: PlannedArticle) -> SourceItem:
    return SourceItem(
        system=planned.system,
        host=planned.host,
        blog=planned.record.blog_id[:100],
        kind=SourceItem.Kind.ARTICLE,
        key=planned.key.key,
        key_scheme=planned.key.scheme,
    )


def _made(planned: PlannedArticle) -> Article:
    planned.path = free_path(planned.path)
    public = planned.outcome == Outcome.CREATED and not planned.path.startswith("/undated/")
    return Article.objects.create(
        blog=Blog.objects.get(system=planned.system, host=planned.host),
        path=planned.path,
        state=Article.State.PUBLISHED if public else Article.State.DRAFT,
        language=planned.record.language[:12],
        **_said(planned),
    )


def _said(planned: PlannedArticle) -> dict[str, Any]:
    record = planned.record
    return {
        "title": record.title,
        "author_name": one_line(record.author_name, 100),
        "body_source": record.body,
        "source_format": record.body_format,
        "body_html": render(record.body, record.body_format),
        "clean_version": clean.VERSION,
        "published_at": record.published_at,
        "date_as_written": one_line(record.date_as_written, 100),
        "date_precision": record.date_precision,
        "declared": record.declared,
    }
