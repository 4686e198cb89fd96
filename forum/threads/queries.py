"""What may be read: the one gate, and reading order."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from mptt.managers import TreeManager
from mptt.querysets import TreeQuerySet

from forum.accounts.models import Author
from forum.accounts.viewer import MODERATE, Viewer
from forum.articles.models import Article
from forum.threads.states import OWN_SEES, Kind, State


class CommentQuerySet(TreeQuerySet):
    """Comments, asked for in words; `visible_to` is the gate."""

    def visible_to(self, viewer: Viewer) -> "CommentQuerySet":
        """The gate for reading: every page, feed, search, count, letter and export goes through it.

        Lets through what the viewer may read, and rows without readable text that have something
        readable below them, to be shown as placeholders which say only that something stood here.
        """
        if viewer.may(MODERATE):
            return self
        below = self.model.objects.filter(
            _readable(viewer),
            tree_id=OuterRef("tree_id"),
            lft__gt=OuterRef("lft"),
            rght__lt=OuterRef("rght"),
        )
        return self.filter(_readable(viewer) | Q(Exists(below)), article__state=Article.State.PUBLISHED)

    def readable_by(self, viewer: Viewer) -> "CommentQuerySet":
        """As `visible_to`, without the placeholders."""
        if viewer.may(MODERATE):
            return self
        return self.filter(_readable(viewer), article__state=Article.State.PUBLISHED)

    def own_of(self, viewer: Viewer) -> "CommentQuerySet":
        """The gate for what somebody may do with their own words, whatever has become of them.

        By cookie or account, archived words by the account whose claim was confirmed; staff have the desk.
        """
        own = Q(own_key__in=viewer.own_keys)
        if viewer.user_id is not None:
            own |= Q(author__user_id=viewer.user_id) | Q(author__claimed_by_id=viewer.user_id)
        people = self.filter(own, article__state=Article.State.PUBLISHED)
        return people.exclude(kind=Kind.PLACEHOLDER)

    def public(self) -> "CommentQuerySet":
        """The comments of people that everybody may read where their article may be read: what counts."""
        return self.filter(state=State.VISIBLE, erased_at__isnull=True, kind=Kind.COMMENT)

    def answerable(self) -> "CommentQuerySet":
        """Of comments that may be read those that take replies: people's words in threads that are open."""
        closed = self.model.objects.filter(pk=OuterRef("tree_id"), closed_at__isnull=False)
        return self.public().filter(~Exists(closed))

    def by_person(self, author: Author) -> "CommentQuerySet":
        """What one person wrote: an account's words with those of its confirmed archived selves, which
        takes a statement of its own.

        What somebody signed here with another name is left out: whoever did that did not want to be known.
        """
        if author.kind == Author.Kind.ARCHIVED:
            return self.filter(author=author)
        if author.user_id is None:
            return self.filter(author=author, name_shown=author.name).exclude(name_shown="")
        # Looked up first: beside a subquery, SQLite goes through the comments of all articles.
        past = Author.objects.filter(claimed_by=author.user_id, erased_at__isnull=True)
        numbers = [author.pk, *past.values_list("pk", flat=True)]
        return self.filter(~Q(author=author) | Q(name_shown=author.name), author__in=numbers)

    def in_reading_order(self) -> "CommentQuerySet":
        """Threads in their order, each thread from its root down."""
        return self.order_by("root_key", "tree_id", "lft")


class CommentManager(TreeManager.from_queryset(CommentQuerySet)):
    """The manager of comments; mptt's own default order is not ours."""

    def get_queryset(self) -> CommentQuerySet:
        """All comments, without an order."""
        return CommentQuerySet(self.model, using=self._db)


def is_own(comment: models.Model, viewer: Viewer) -> bool:
    """Whether the viewer wrote this comment, by cookie or by account."""
    if comment.own_key and comment.own_key in viewer.own_keys:
        return True
    author = comment.author
    return viewer.user_id is not None and author is not None and author.user_id == viewer.user_id


def person_of(comment: models.Model) -> int | None:
    """The number of the author on whose page a comment stands, None where no page shows it: `by_person`
    for one comment, without a statement when its author is at hand."""
    author = comment.author
    if author is None or author.erased_at is not None or comment.is_gone or comment.kind != Kind.COMMENT:
        return None
    is_signed = author.kind == Author.Kind.ARCHIVED or comment.name_shown == author.name != ""
    return author.pk if is_signed else None


def _readable(viewer: Viewer) -> Q:
    shown = Q(state=State.VISIBLE, erased_at__isnull=True) & ~Q(kind=Kind.PLACEHOLDER)
    own = Q()
    if viewer.own_keys:
        own |= Q(own_key__in=viewer.own_keys)
    if viewer.user_id is not None:
        own |= Q(author__user_id=viewer.user_id)
    return shown | (own & Q(state__in=OWN_SEES, erased_at__isnull=True)) if own else shown
