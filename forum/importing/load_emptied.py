"""Rows that an undo has emptied and that get their words again, wherever the desk has put them since."""

from collections.abc import Iterable

from forum.importing.match import PlannedArticle
from forum.threads.models import Comment

FETCHED = 500  # rows by number at once


def rows(batch: Iterable[PlannedArticle]) -> list[Comment]:
    """The emptied rows of what is planned; no statement where there is none."""
    items = [c.item for planned in batch for c in planned.comments if c.stands and c.item is not None]
    numbers = [item.number for item in items if item.pk and item.comment_id is None and item.number]
    found: list[Comment] = []
    for start in range(0, len(numbers), FETCHED):
        found += Comment.objects.filter(pk__in=numbers[start : start + FETCHED])
    return found


def articles(batch: Iterable[PlannedArticle]) -> set[int]:
    """The numbers of the articles under which they stand, whose locks are needed."""
    return {row.article_id for row in rows(batch)}
