"""Writing articles: made, brought up to date, or left as somebody here has changed them."""

from collections.abc import Sequence
from typing import Any

from forum.articles.models import Article
from forum.articles.paths import free_paths
from forum.importing import identity
from forum.importing.match import Outcome, PlannedArticle, PlannedComment
from forum.sources.models import SourceItem
from forum.sources.writing import keep_items
from forum.text import clean
from forum.text.render import render
from forum.text.tidy import one_line


def place(batch: Sequence[PlannedArticle], *, loading: bool = False) -> None:
    """The rows of articles and their source items; call it inside the run's transaction.

    Sets `row` and `item` of each. A new one is not seen by anybody while it is `loading`.
    """
    for planned in batch:
        planned.row = planned.item.article if planned.item else None
    new = [planned for planned in batch if planned.row is None]
    changed = [p for p in batch if p.row is not None and p.outcome == Outcome.UPDATED]
    _make(new, loading=loading)
    for planned in changed:
        said = _said(planned)
        for name, value in said.items():
            setattr(planned.row, name, value)
        planned.row.version += 1
        planned.row.save(update_fields=[*said, "version"])
    _keep_items([*new, *changed])


def publish(planned: PlannedArticle) -> None:
    """Let an article that was loading be seen, or wait as a draft where its source demands it."""
    loading = Article.objects.filter(pk=planned.row.pk, state=Article.State.LOADING)
    loading.update(state=_state(planned))


def html_of(planned: PlannedArticle | PlannedComment) -> str:
    """The cleaned HTML of a body, made once: the writer asks for it before its transaction begins."""
    if planned.html is None:
        planned.html = render(planned.record.body, planned.record.body_format)
    return planned.html


def _keep_items(written: Sequence[PlannedArticle]) -> None:
    new = []
    for planned in written:
        if planned.item is None:
            planned.item = _item(planned)
            new.append(planned.item)
        planned.item.article = planned.row
        planned.item.content_hash = planned.content_hash
        planned.item.placed_hash = identity.placed_hash(planned.row.title, planned.row.body_source)
        if planned.item.pk:
            # An admin may be correcting it at this moment.
            planned.item.save(update_fields=["article", "content_hash", "placed_hash"])
    keep_items(new)


def _item(planned: PlannedArticle) -> SourceItem:
    system, host, blog = planned.identity
    return SourceItem(
        system=system,
        host=host,
        blog=blog,
        kind=SourceItem.Kind.ARTICLE,
        key=planned.key.key,
        key_scheme=planned.key.scheme,
    )


def _make(new: Sequence[PlannedArticle], *, loading: bool) -> None:
    if not new:
        return
    for planned, path in zip(new, free_paths(p.path for p in new), strict=True):
        planned.path = path
        planned.row = Article(
            blog=planned.blog,
            path=path,
            state=Article.State.LOADING if loading else _state(planned),
            language=planned.record.language[:12],
            **_said(planned),
        )
    Article.objects.bulk_create([planned.row for planned in new])


def _state(planned: PlannedArticle) -> str:
    public = planned.record.state == "published" and not planned.path.startswith("/undated/")
    return Article.State.PUBLISHED if public else Article.State.DRAFT


def _said(planned: PlannedArticle) -> dict[str, Any]:
    record = planned.record
    return {
        "title": record.title,
        "author_name": one_line(record.author_name, 100),
        "body_source": record.body,
        "source_format": record.body_format,
        "body_html": html_of(planned),
        "clean_version": clean.VERSION,
        "published_at": record.published_at,
        "date_as_written": one_line(record.date_as_written, 100),
        "date_precision": record.date_precision,
        "declared": record.declared,
    }
