"""Writing comments: new ones with their numbers, stored ones with a new place or corrected words."""

from collections.abc import Sequence

from django.utils import timezone

from forum.accounts.models import Author, AuthorKey
from forum.articles.models import Article
from forum.importing import identity
from forum.importing.match import Outcome, PlannedArticle, PlannedComment
from forum.moderation import cases
from forum.moderation.models import Case
from forum.sources.models import SourceItem
from forum.text import clean
from forum.text.render import render
from forum.text.tidy import one_line
from forum.threads import tree, writing
from forum.threads.models import Comment
from forum.threads.states import Kind, Origin, State

STEP = 1000  # room between two source positions


def write(article: Article, planned: PlannedArticle) -> list[PlannedComment]:
    """Write what is new or different of a thread; call it under `tree.locked(article.pk)`.

    Returns the comments that rows stand for. States of stored rows are never touched.
    """
    standing = [comment for comment in planned.comments if comment.stands]
    fresh = [c for c in standing if c.item is None or c.item.comment_id is None]
    if not fresh and all(c.outcome in {Outcome.UNCHANGED, Outcome.SKIPPED} for c in standing):
        return []
    _give_numbers(fresh, planned)
    keys = order_keys(standing)
    authors = _authors(fresh, planned)
    stored = {c.pk: c for c in Comment.objects.filter(article=article)}
    returning = [c for c in fresh if c.item.number in stored]
    new = [_comment(article, c, keys, authors) for c in fresh if c.item.number not in stored]
    _correct(standing, stored, returning)
    writing.load(article, new, moved=_moved(standing, stored, keys))
    _keep_items(article, standing)
    _open_cases([c for c in fresh if c.record.state == State.HELD and not c.left_out])
    recovered = Comment.objects.filter(article=article, origin=Origin.ARCHIVE).exclude(kind=Kind.PLACEHOLDER)
    Article.objects.filter(pk=article.pk).update(recovered=recovered.count())
    return standing


def order_keys(comments: Sequence[PlannedComment]) -> dict[str, int]:
    """Order keys by comment key: the source's position for undated words, the time for dated ones.

    An undated comment after a dated one takes its place right behind it.
    """
    keys, dated = {}, 0
    for comment in comments:
        if comment.record.posted_at is not None:
            dated = writing.time_key(comment.record.posted_at)
            keys[comment.key.key] = dated
        elif dated:
            dated += 1
            keys[comment.key.key] = dated
        else:
            keys[comment.key.key] = comment.record.position * STEP
    return keys


def _give_numbers(fresh: list[PlannedComment], planned: PlannedArticle) -> None:
    for comment in fresh:
        comment.item = comment.item or SourceItem(
            system=planned.system,
            host=planned.host,
            blog=planned.record.blog_id[:100],
            kind=SourceItem.Kind.COMMENT,
            key=comment.key.key,
            key_scheme=comment.key.scheme,
        )
    unnumbered = [comment.item for comment in fresh if comment.item.number is None]
    for item, number in zip(unnumbered, tree.take_numbers(len(unnumbered)), strict=True):
        item.number = number


def _authors(fresh: list[PlannedComment], planned: PlannedArticle) -> dict[str, Author]:
    """Archived people by their key; somebody without a key has no author row, only a name shown."""
    names = {c.record.author_key: c.record.author_name for c in fresh if c.record.author_key}
    where = {"system": planned.system, "host": planned.host, "blog": planned.record.blog_id[:100]}
    known = AuthorKey.objects.filter(**where, key__in=list(names)).select_related("author")
    authors = {key.key: key.author for key in known}
    for key in names.keys() - authors.keys():
        authors[key] = Author.objects.create(kind=Author.Kind.ARCHIVED, name=one_line(names[key], 100))
        AuthorKey.objects.create(author=authors[key], key=key, **where)
    return authors


def _comment(
    article: Article, planned: PlannedComment, keys: dict[str, int], authors: dict[str, Author]
) -> Comment:
    record = planned.record
    row = Comment(
        pk=planned.item.number,
        article=article,
        parent_id=planned.parent.item.number if planned.parent else None,
        order_key=keys[planned.key.key],
        parent_certain=record.parent_certain,
        origin=Origin.ARCHIVE,
        received_at=timezone.now(),
    )
    if planned.left_out:
        row.kind, row.state = Kind.PLACEHOLDER, State.REMOVED
        return row
    row.kind, row.state = record.kind, record.state
    row.author = authors.get(record.author_key)
    row.by_blog_author = record.by_blog_author
    row.posted_at = record.posted_at
    row.posted_as_written = one_line(record.posted_as_written, 100)
    _put_words(row, planned)
    return row


def _put_words(row: Comment, planned: PlannedComment) -> None:
    record = planned.record
    row.name_shown = one_line(record.author_name, 100)
    row.body_source, row.source_format = record.body, record.body_format
    row.body_html, row.clean_version = render(record.body, record.body_format), clean.VERSION


def _correct(
    standing: list[PlannedComment], stored: dict[int, Comment], returning: list[PlannedComment]
) -> None:
    """New words for rows that changed upstream and for placeholders whose comment comes back."""
    changed = [c for c in standing if c.outcome == Outcome.UPDATED and c.item.number in stored]
    rows = []
    for planned in [*changed, *returning]:
        row = stored[planned.item.number]
        if planned.left_out or row.erased_at is not None:
            continue
        if row.kind == Kind.PLACEHOLDER:
            row.kind, row.state = planned.record.kind, State(planned.record.state)
        _put_words(row, planned)
        rows.append(row)
    writing.correct(rows)


def _moved(
    comments: Sequence[PlannedComment], stored: dict[int, Comment], keys: dict[str, int]
) -> list[Comment]:
    moved = []
    for planned in comments:
        row = stored.get(planned.item.number)
        if row is None or planned.code == "changed_here":
            continue
        parent = planned.parent.item.number if planned.parent else None
        place = (parent, keys[planned.key.key], planned.record.parent_certain)
        if place != (row.parent_id, row.order_key, row.parent_certain):
            row.parent_id, row.order_key, row.parent_certain = place
            moved.append(row)
    return moved


def _keep_items(article: Article, standing: list[PlannedComment]) -> None:
    new, known = [], []
    for planned in standing:
        if planned.outcome == Outcome.UNCHANGED:
            continue
        item, record = planned.item, planned.record
        item.article, item.comment_id = article, item.number
        if planned.code != "changed_here":
            name = one_line(record.author_name, 100)
            item.content_hash = planned.content_hash
            item.placed_hash = "" if planned.left_out else identity.placed_hash(name, record.body)
        (known if item.pk else new).append(item)
    SourceItem.objects.bulk_create(new, batch_size=500)
    fields = ["article", "comment", "number", "content_hash", "placed_hash"]
    SourceItem.objects.bulk_update(known, fields, batch_size=200)


def _open_cases(held: list[PlannedComment]) -> None:
    for comment in Comment.objects.filter(pk__in=[planned.item.number for planned in held]):
        cases.open_case(comment, Case.Cause.IMPORT)
