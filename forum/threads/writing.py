"""The only writers of comment rows: pages, importer and API all come through here."""

import datetime
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from forum.accounts.models import Author
from forum.articles.models import Article
from forum.text import clean
from forum.text.render import render
from forum.threads import tree
from forum.threads.models import Comment, Private
from forum.threads.states import Kind, Origin, State

PRIVATE_KEPT = datetime.timedelta(days=30)
EPOCH = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)


class ParentGoneError(Exception):
    """The comment to be answered is not there, is of another article, or may not be answered."""


class ThreadClosedError(Exception):
    """The thread takes no more replies."""


class StaleError(Exception):
    """The comment has changed since the writer looked at it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A live comment before it has a row."""

    body: str
    name: str
    author: Author | None = None
    email: str = ""
    ip: str | None = None
    user_agent: str = ""
    form_key: str | None = None
    staff_badge: bool = False
    risk: int = 0
    urgent: int = 0


def time_key(moment: datetime.datetime) -> int:
    """The order key of a dated comment: microseconds since the year 1, beyond every source position."""
    return (moment - EPOCH) // datetime.timedelta(microseconds=1)


def add(article: Article, parent_id: int | None, draft: Draft, state: State) -> Comment:
    """Write a live comment at its place in the tree; call it under `tree.locked(article.pk)`.

    Raises ParentGoneError unless the parent is a visible comment of this very article, and
    ThreadClosedError when its thread is closed.
    """
    parent = _answerable(article, parent_id) if parent_id is not None else None
    now = timezone.now()
    comment = Comment(
        pk=tree.take_numbers(1)[0],
        article=article,
        parent=parent,
        order_key=time_key(now),
        state=state,
        origin=Origin.LIVE,
        author=draft.author,
        name_shown=draft.name,
        staff_badge=draft.staff_badge,
        risk=draft.risk,
        urgent=draft.urgent,
        body_source=draft.body,
        body_html=render(draft.body),
        clean_version=clean.VERSION,
        posted_at=now,
        received_at=now,
        public_at=now if state == State.VISIBLE else None,
        held_at=now if state == State.HELD else None,
        own_key=secrets.token_urlsafe(16),
        form_key=draft.form_key,
    )
    tree.make_room(parent, comment)
    # mptt's save() would move the tree by its own rules; bulk_create writes the row as it stands.
    Comment.objects.bulk_create([comment])
    Private.objects.create(
        comment=comment,
        email=draft.email,
        ip=draft.ip,
        user_agent=draft.user_agent,
        purge_after=now + PRIVATE_KEPT,
    )
    recount([article.pk])
    return comment


@dataclass(frozen=True, slots=True)
class Move:
    """A comment as it was read under the lock, and the state that it goes to.

    `never_public` takes its publication back as well, so that a later one counts as the first. `away` is for
    how long it was not held: when it is again, its wait goes on where it ended. Without it a new one begins.
    """

    comment: Comment
    state: State
    never_public: bool = False
    away: datetime.timedelta | None = None


def set_state(comment: Comment, state: State, *, version: int, never_public: bool = False) -> Comment:
    """Move a comment to another state; call it under the lock. Its version rises by one.

    Raises StaleError when the row's version is no longer `version`.
    """
    if comment.version != version:
        raise StaleError
    set_states([Move(comment, state, never_public)])
    return comment


def set_states(moves: Sequence[Move]) -> None:
    """Move comments to other states, under the locks of all their discussions; versions rise by one.

    The comments given are changed, too. The number of statements depends on how many different versions
    there are, not on how many comments. Raises StaleError when a row has another version.
    """
    now = timezone.now()
    alike: dict[tuple[State, int, str, bool, datetime.timedelta | None], list[Comment]] = {}
    for move in moves:
        first = move.state == State.VISIBLE and move.comment.origin == Origin.LIVE
        public = "never" if move.never_public else "now" if first and not move.comment.public_at else ""
        waits = move.state == State.HELD != move.comment.state
        kind = (move.state, move.comment.version, public, waits, move.away if waits else None)
        alike.setdefault(kind, []).append(move.comment)
    for (state, version, public, waits, away), comments in alike.items():
        changes: dict[str, object] = {"state": state, "version": F("version") + 1}
        if public:
            changes["public_at"] = now if public == "now" else None
        if waits:
            changes["held_at"] = now if away is None else Coalesce(F("held_at") + away, Value(now))
        rows = Comment.objects.filter(pk__in=[comment.pk for comment in comments], version=version)
        if rows.update(**changes) != len(comments):
            raise StaleError
        for comment in comments:
            comment.state, comment.version = state, version + 1
            comment.public_at = changes.get("public_at", comment.public_at)
            if waits:
                goes_on = comment.held_at is not None and away is not None
                comment.held_at = comment.held_at + away if goes_on else now
    recount({move.comment.article_id for move in moves})


def reassign(source: Author, target: Author, *, email: str = "") -> int:
    """Make the comments of one author another's; returns how many. Text, name shown and state stay.

    With `email` only those that were sent with this address. Versions stay, too: what a moderator has
    before their eyes is still what they decide on.
    """
    words = Comment.objects.filter(author=source)
    if email:
        given = Private.objects.filter(email__iexact=email, comment__author=source)
        words = words.filter(pk__in=list(given.values_list("comment", flat=True)))
    return words.update(author=target)


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be written into one discussion: `new` are unsaved comments with number, parent and order
    key set, `moved` are stored ones with a new parent or order key. `empty` when it holds none yet."""

    article: Article
    new: Sequence[Comment]
    moved: Sequence[Comment] = ()
    empty: bool = False


def load(article: Article, new: Sequence[Comment], *, moved: Iterable[Comment] = ()) -> None:
    """Write archived comments into an article; call it under `tree.locked(article.pk)`."""
    load_all([Load(article, new, list(moved))])


def load_all(loads: Sequence[Load]) -> None:
    """Write archived comments into several articles, whose locks are held or which nobody can see yet.

    Nobody is told and no date of publication is set: these words were published long ago. What comes held
    waits from its arrival.
    """
    unsettled: dict[int, set[int]] = {}
    for one in loads:
        written = [*one.new, *one.moved]
        trees = set() if one.empty else _touched(one)
        _place(tree.truths_of(one.article.pk, trees) if trees else [], written)
        if trees:
            unsettled[one.article.pk] = trees | {comment.tree_id for comment in written}
        for comment in one.new:
            comment.held_at = comment.received_at if comment.state == State.HELD else None
    Comment.objects.bulk_create([comment for one in loads for comment in one.new])
    moved = [comment for one in loads for comment in one.moved]
    fields = ["parent", "order_key", "parent_certain", *tree.Place._fields]
    Comment.objects.bulk_update(moved, fields, batch_size=200)
    for article_id, trees in unsettled.items():
        tree.renumber(article_id, trees)
    recount([one.article.pk for one in loads])


def correct(rows: Sequence[Comment]) -> None:
    """Write other words for stored archived comments; call it under the lock. Versions rise by one.

    States are the caller's: a placeholder becomes its comment, or the source says another and nobody decided.
    What was not held and is now waits from now on.
    """
    held = [row for row in rows if row.state == State.HELD]
    waited = Comment.objects.filter(pk__in=[row.pk for row in held], state=State.HELD)
    waiting, now = set(waited.values_list("pk", flat=True)), timezone.now()
    for row in held:
        row.held_at = row.held_at if row.pk in waiting else now
    for row in rows:
        row.version += 1
    fields = ["kind", "state", "name_shown", "body_source", "source_format", "body_html", "clean_version"]
    fields += ["author", "by_blog_author", "posted_at", "posted_as_written", *(["held_at"] if held else [])]
    Comment.objects.bulk_update(rows, [*fields, "version"], batch_size=200)


def attach_author(comment: Comment, author: Author) -> None:
    """Say who wrote a comment that had only a name shown; call it under the lock. Its words do not change."""
    Comment.objects.filter(pk=comment.pk, author=None).update(author=author)
    comment.author = author
    recount([comment.article_id])


def take_back(article: Article, going: Sequence[int], staying: Sequence[int]) -> None:
    """Take archived comments back; call it under `tree.locked(article.pk)`.

    `going` are the numbers of rows to delete with nothing but each other below them; `staying` lose
    their words and stay as placeholders, which show nothing of their author. Numbers are not given again.
    """
    for level in tree.deepest_first(going):
        Comment.objects.filter(pk__in=level).delete()
    Comment.objects.filter(pk__in=staying).update(
        kind=Kind.PLACEHOLDER,
        state=State.REMOVED,
        version=F("version") + 1,
        name_shown="",
        body_source="",
        body_html="",
        posted_at=None,
        posted_as_written="",
    )
    tree.renumber(article.pk)
    recount([article.pk])


def recount(article_ids: Iterable[int]) -> None:
    """Count the public, held and spam comments of articles anew and raise their discussion's version."""
    public = Comment.objects.public().filter(article=OuterRef("pk")).order_by().values("article")
    shown, newest = Count("pk"), Max("public_at")
    in_article = Comment.objects.filter(article=OuterRef("pk")).order_by().values("article")
    held, spam = in_article.filter(state=State.HELD), in_article.filter(state=State.SPAM)
    Article.objects.filter(pk__in=list(article_ids)).update(
        comment_count=Coalesce(Subquery(public.annotate(n=shown).values("n")), 0),
        root_count=Coalesce(Subquery(public.filter(parent=None).annotate(n=shown).values("n")), 0),
        held_count=Coalesce(Subquery(held.annotate(n=shown).values("n")), 0),
        spam_count=Coalesce(Subquery(spam.annotate(n=shown).values("n")), 0),
        last_public_at=Subquery(public.annotate(at=newest).values("at")),
        discussion_version=F("discussion_version") + 1,
    )


def _answerable(article: Article, parent_id: int) -> Comment:
    parent = Comment.objects.public().filter(pk=parent_id, article=article).first()
    if parent is None:
        raise ParentGoneError
    if Comment.objects.filter(pk=parent.tree_id, closed_at__isnull=False).exists():
        raise ThreadClosedError
    return parent


def _touched(one: Load) -> set[int]:
    """The stored trees that change: those of what moves, and those in which what is written is answered."""
    new = {comment.pk for comment in one.new}
    answered = {c.parent_id for c in [*one.new, *one.moved] if c.parent_id is not None}
    stored = (answered - new) | {comment.pk for comment in one.moved}
    return tree.trees_of(stored) if stored else set()


def _place(known: Sequence[tree.Truth], written: Sequence[Comment]) -> None:
    """Final places in trees of their own, else provisional ones for renumber()."""
    said = [tree.Truth(c.pk, c.parent_id, c.order_key) for c in written]
    numbering = tree.number([*known, *said])
    for comment in written:
        if comment.pk in numbering.cut:
            comment.parent, comment.parent_certain = None, False
        for name, value in numbering.places[comment.pk]._asdict().items():
            setattr(comment, name, value)
