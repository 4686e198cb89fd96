"""A page of a discussion as the reader gets it: one flat list of rows, ready for one flat loop."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q

from forum.accounts.addresses import ways_back
from forum.accounts.models import Author
from forum.accounts.mute import Muted, muted_by
from forum.accounts.viewer import Viewer
from forum.articles.models import Article
from forum.threads.models import Comment, Revision
from forum.threads.queries import CommentQuerySet, is_own, person_of
from forum.threads.states import OWN_SEES, Kind, State

MOST_OWN = 20


@dataclass(slots=True)
class Row:
    """One comment in its place.

    `opens` says that a deeper list begins here, `closes` how many deeper lists end before it (a range,
    for the template). `gone` rows show nothing of the comment but that it stood here. `person` is the
    number of the author whose page shows the comment, `muted` that the viewer does not want to see them,
    `closed` that the thread takes no replies, `edited_by_staff` that a moderator gave it other words.
    `way_back` says of a guest's own words that wait why their browser alone leads to them: `ways_back`.
    """

    comment: Comment
    parent: Comment | None
    opens: bool
    closes: range
    gone: bool
    own: bool
    way_back: str = ""
    person: int | None = None
    muted: bool = False
    edited_by_staff: bool = False
    closed: bool = False


@dataclass(slots=True)
class ThreadPage:
    """A page of whole threads; `ends` closes the lists that are still open after the last row."""

    rows: list[Row]
    ends: range
    page: Page


def thread_page(article: Article, viewer: Viewer, *, size: int, page: str | int = 1) -> ThreadPage:
    """The threads of one page, `size` roots a page, with everything below them, in reading order.

    The number of statements does not depend on the number of comments.
    """
    found = Paginator(_roots(article, viewer).values_list("tree_id", flat=True), max(size, 1)).get_page(page)
    comments = (
        Comment.objects.visible_to(viewer)
        .filter(article=article, tree_id__in=list(found))
        .select_related("author")
        .defer("body_source")
        .in_reading_order()
    )
    rows = list(rows_of(comments, viewer, muted_by(viewer.user_id)))
    if viewer.user_id is None:
        _note_ways_back(rows)
    _note_editors(rows)
    depth = rows[-1].comment.level if rows else -1
    return ThreadPage(rows=rows, ends=range(depth), page=found)


def rows_of(comments: Iterable[Comment], viewer: Viewer, muted: Muted) -> Iterable[Row]:
    """Rows from comments in reading order whose ancestors are all among them."""
    comments = list(comments)
    seen: dict[int, Comment] = {}
    closed = {comment.pk for comment in comments if comment.parent_id is None and comment.closed_at}
    steps = nesting(comment.level for comment in comments)
    for comment, (opens, closes) in zip(comments, steps, strict=True):
        seen[comment.pk] = comment
        own, person = is_own(comment, viewer), person_of(comment)
        yield Row(
            comment=comment,
            parent=seen.get(comment.parent_id),
            opens=opens,
            closes=closes,
            gone=comment.is_gone and not (own and comment.erased_at is None),
            own=own,
            person=person,
            # Somebody who signed with another name is not given away by being muted with the account.
            muted=person is not None and not own and muted.has(comment.author),
            closed=comment.tree_id in closed,
        )


def not_public_of(viewer: Viewer) -> list[Comment]:
    """The newest words of an account that wait or are not shown, `MOST_OWN` at most, with their articles.

    For that account alone. Two statements.
    """
    if viewer.user_id is None:
        return []
    mine = Q(user=viewer.user_id) | Q(claimed_by=viewer.user_id)
    # Looked up first: beside a subquery, SQLite goes through the comments of all articles.
    authors = list(Author.objects.filter(mine).values_list("pk", flat=True))
    shown = Comment.objects.filter(author__in=authors, state__in=OWN_SEES, erased_at=None)
    rows = shown.filter(article__state=Article.State.PUBLISHED).exclude(kind=Kind.PLACEHOLDER)
    return list(
        rows.select_related("article")
        .only("state", "received_at", "article__title")
        .order_by("-pk")[:MOST_OWN]
    )


def nesting(levels: Iterable[int]) -> Iterator[tuple[bool, range]]:
    """For each level in reading order: whether a deeper list begins, and how many lists end before it."""
    depth = -1
    for level in levels:
        yield level > depth, range(max(depth - level, 0))
        depth = level


def page_number(article: Article, viewer: Viewer, comment: Comment, *, size: int) -> int:
    """The page on which `thread_page` shows a comment."""
    root = (comment.root_key, comment.tree_id)
    before = Q(root_key__lt=root[0]) | Q(root_key=root[0], tree_id__lt=root[1])
    return _roots(article, viewer).filter(before).count() // max(size, 1) + 1


def _roots(article: Article, viewer: Viewer) -> CommentQuerySet:
    roots = Comment.objects.visible_to(viewer).filter(article=article, parent=None)
    return roots.in_reading_order()


def _note_ways_back(rows: list[Row]) -> None:
    waiting = [row for row in rows if row.own and row.comment.state == State.HELD]
    if not waiting:
        return
    ways = ways_back({row.comment.author_id for row in waiting})
    for row in waiting:
        row.way_back = ways[row.comment.author_id]


def _note_editors(rows: list[Row]) -> None:
    """Which of the texts that differ from what was sent are somebody else's than the author's; one statement
    where there are such texts."""
    edited = {row.comment.pk: row for row in rows if row.comment.edited_at and not row.gone}
    if not edited:
        return
    stood = Revision.objects.filter(comment__in=edited, state=Revision.State.PUBLISHED, by__isnull=False)
    for number, by in stood.values_list("comment_id", "by"):
        author = edited[number].comment.author
        edited[number].edited_by_staff |= author is None or author.user_id != by
