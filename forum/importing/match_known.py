"""What earlier runs have left: source items by their keys, rows by their numbers."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from forum.importing.identity import Key
from forum.importing.plan_items import PlannedArticle
from forum.sources.models import SourceItem
from forum.threads.models import Comment

PORTION = 500  # what one statement asks for


def by_key(kept: QuerySet[SourceItem], keys: Sequence[str]) -> dict[str, SourceItem]:
    """The source items of a query that have one of these keys."""
    found: dict[str, SourceItem] = {}
    for start in range(0, len(keys), PORTION):
        for item in kept.filter(key__in=keys[start : start + PORTION]):
            # Two spellings of a blog may have been stored as two: the elder stays.
            if item.key not in found or item.pk < found[item.key].pk:
                found[item.key] = item
    return found


def comments(articles: list[PlannedArticle], kept: QuerySet[SourceItem]) -> dict[str, SourceItem]:
    """Known comments by key. A number that another post's comment has already, be it only as a correction,
    gets this post's key before it: two files may number their comments alike."""
    items = by_key(kept, [c.key.key for planned in articles for c in planned.comments])
    again = []
    for planned in articles:
        for comment in planned.comments:
            item = items.get(comment.key.key)
            if item is not None and is_of_another(item, planned):
                comment.key = Key(key_within(planned, comment.key.key), comment.key.scheme)
                again.append(comment.key.key)
    return items | by_key(kept, again)


def is_of_another(item: SourceItem, planned: PlannedArticle) -> bool:
    """Whether a comment's key belongs to a comment of another article."""
    if item.article_id is not None:
        return item.article_id != (planned.item.article_id if planned.item else None)
    return item.override.get("article", planned.key.key) != planned.key.key


def key_within(planned: PlannedArticle, key: str) -> str:
    """A comment's key with its article's before it, for where another article has the same."""
    return f"{planned.key.key}/{key}"[:500]


def is_in(row: Comment, planned: PlannedArticle) -> bool:
    """Whether a stored comment belongs to this article."""
    return planned.item is not None and row.article_id == planned.item.article_id


def is_below(above: Comment, row: Comment | None) -> bool:
    """Whether what is to be answered stands below the very comment that would answer it."""
    return row is not None and above.tree_id == row.tree_id and row.lft <= above.lft <= row.rght


def rows(numbers: Iterable[int | None]) -> dict[int, Comment]:
    """Stored comments by number."""
    wanted = [number for number in numbers if number is not None]
    found: dict[int, Comment] = {}
    for start in range(0, len(wanted), PORTION):
        found |= Comment.objects.in_bulk(wanted[start : start + PORTION])
    return found
