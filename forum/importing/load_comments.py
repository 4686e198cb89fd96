"""Writing comments: new ones with their numbers, stored ones with a new place or corrected words."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from forum.accounts.models import Author, AuthorKey
from forum.articles.models import Article
from forum.importing import identity, load_emptied
from forum.importing.load_articles import html_of
from forum.importing.match import Outcome, PlannedArticle, PlannedComment
from forum.moderation import cases
from forum.moderation.models import Case, Decision
from forum.sources.models import SourceItem
from forum.sources.writing import keep_items
from forum.text import clean
from forum.text.tidy import one_line
from forum.threads import tree, writing
from forum.threads.models import Comment
from forum.threads.states import Kind, Origin, State

Authors = dict[tuple[str, ...], Author]  # by system, host, blog and key
FETCHED = 500  # rows by number at once
STEP = 1000  # room between two source positions


@dataclass(slots=True)
class _Thread:
    """What is to be done in one article: comments that rows stand for, those of them without a row, and
    the rows that the article holds."""

    planned: PlannedArticle
    standing: list[PlannedComment]
    fresh: list[PlannedComment]
    stored: dict[int, Comment] = field(default_factory=dict)


def write(batch: Sequence[PlannedArticle], made: Collection[int]) -> list[PlannedComment]:
    """Write what is new or different of threads; call it under the locks of their articles.

    `made` are the numbers of articles that are new, so that nobody has seen them. Returns the comments
    that rows stand for. States of stored rows change as `match` says, and never against a decision.
    """
    threads = [thread for planned in batch if (thread := _thread(planned))]
    if not threads:
        return []
    _give_numbers(threads)
    authors = _authors(threads)
    _fetch(threads, made)
    loads, now = [], timezone.now()
    for thread in threads:
        returning = [c for c in thread.fresh if c.item.number in thread.stored]
        unstored = [c for c in thread.fresh if c.item.number not in thread.stored]
        new = [_comment(thread, c, authors, now) for c in unstored]
        _correct(thread, returning, authors)
        article = thread.planned.row
        moved = _moved(article, thread.standing, thread.stored)
        loads.append(writing.Load(article, new, moved, empty=article.pk in made))
    writing.load_all(loads)
    if away := {row.article_id for t in threads for row in t.stored.values()} - {
        one.article.pk for one in loads
    }:
        writing.recount(away)
    _keep_items(threads)
    cases.open_cases([c.item.number for t in threads for c in _to_be_seen(t)], Case.Cause.IMPORT)
    _count_recovered([thread.planned.row for thread in threads])
    return [comment for thread in threads for comment in thread.standing]


def _thread(planned: PlannedArticle) -> _Thread | None:
    """None when there is nothing to write."""
    standing = [comment for comment in planned.comments if comment.stands]
    fresh = [c for c in standing if c.item is None or c.item.comment_id is None]
    settled = {Outcome.UNCHANGED, Outcome.SKIPPED}
    if not fresh and all(c.outcome in settled and not c.finds_place for c in standing):
        return None
    return _Thread(planned, standing, fresh)


def _to_be_seen(thread: _Thread) -> list[PlannedComment]:
    """What a moderator has to look at: held words, and those that their source has removed."""
    held = [c for c in thread.fresh if c.record.state == State.HELD and not c.left_out]
    return held + [c for c in thread.standing if c.turns == State.HELD or c.code == "removed_upstream"]


def _fetch(threads: list[_Thread], made: Collection[int]) -> None:
    old = {t.planned.row.pk: t for t in threads if t.planned.row.pk not in made}
    numbers = [c.item.number for thread in old.values() for c in thread.standing]
    for start in range(0, len(numbers), FETCHED):
        rows = Comment.objects.filter(article__in=list(old), pk__in=numbers[start : start + FETCHED])
        for row in rows:
            old[row.article_id].stored[row.pk] = row
    owners = {c.item.number: t for t in threads for c in t.fresh if c.item.pk}
    for row in load_emptied.rows(thread.planned for thread in threads):
        owners[row.pk].stored[row.pk] = row


def _count_recovered(articles: Sequence[Article]) -> None:
    """By their items, since the desk may have moved comments to other articles."""
    kind = SourceItem.Kind.COMMENT
    found = SourceItem.objects.filter(article=OuterRef("pk"), kind=kind, comment__origin=Origin.ARCHIVE)
    found = found.exclude(comment__kind=Kind.PLACEHOLDER).values("article").order_by()
    rows = found.annotate(n=Count("comment", distinct=True))
    of_these = Article.objects.filter(pk__in=[article.pk for article in articles])
    of_these.update(recovered=Coalesce(Subquery(rows.values("n")), 0))


def set_order_keys(comments: Sequence[PlannedComment]) -> None:
    """Give an article's comments their order keys: the source's position for undated words, the time for
    dated ones.

    An undated comment after a dated one takes its place right behind it.
    """
    dated = 0
    for comment in comments:
        if comment.record.posted_at is not None:
            dated = comment.order_key = writing.time_key(comment.record.posted_at)
        elif dated:
            dated += 1
            comment.order_key = dated
        else:
            comment.order_key = comment.record.position * STEP


def _give_numbers(threads: list[_Thread]) -> None:
    fresh = [(thread.planned, comment) for thread in threads for comment in thread.fresh]
    for planned, comment in fresh:
        system, host, blog = planned.identity
        comment.item = comment.item or SourceItem(
            system=system,
            host=host,
            blog=blog,
            kind=SourceItem.Kind.COMMENT,
            key=comment.key.key,
            key_scheme=comment.key.scheme,
        )
    unnumbered = [comment.item for _planned, comment in fresh if comment.item.number is None]
    numbers = tree.take_numbers(len(unnumbered)) if unnumbered else []
    for item, number in zip(unnumbered, numbers, strict=True):
        item.number = number


def _authors(threads: list[_Thread]) -> Authors:
    """Archived people by their key; somebody without a key has no author row, only a name shown."""
    names: dict[tuple[str, ...], str] = {}
    for thread in threads:
        here = thread.planned.identity
        # A placeholder may get its words only now.
        wanted = [*thread.fresh, *(c for c in thread.standing if c.outcome == Outcome.UPDATED or c.turns)]
        own = {c.record.author_key: c.record.author_name for c in wanted if c.record.author_key}
        for key, name in own.items():
            names.setdefault((*here, key), name)
    if not names:
        return {}
    known = AuthorKey.objects.filter(key__in={key for *_here, key in names}).select_related("author")
    bare = identity.without_www
    # The eldest last, so that of two spellings of a blog it is the one that stays.
    authors = {(k.system, bare(k.host), bare(k.blog), k.key): k.author for k in known.order_by("-pk")}
    new = [where for where in names if where not in authors]
    kind = Author.Kind.ARCHIVED
    people = Author.objects.bulk_create([Author(kind=kind, name=one_line(names[w], 100)) for w in new])
    authors |= dict(zip(new, people, strict=True))
    AuthorKey.objects.bulk_create(
        AuthorKey(author=authors[w], system=w[0], host=w[1], blog=w[2], key=w[3]) for w in new
    )
    return authors


def _comment(
    thread: _Thread,
    planned: PlannedComment,
    authors: Authors,
    now: datetime.datetime,
) -> Comment:
    record = planned.record
    row = Comment(
        pk=planned.item.number,
        article_id=thread.planned.row.pk,
        parent_id=planned.parent_number,
        order_key=planned.order_key,
        parent_certain=planned.parent_certain,
        origin=Origin.ARCHIVE,
        received_at=now,
    )
    if planned.left_out:
        row.kind, row.state = Kind.PLACEHOLDER, State.REMOVED
        return row
    row.kind, row.state = record.kind, record.state
    _say_who_and_when(row, thread, planned, authors)
    _put_words(row, planned)
    return row


def _say_who_and_when(row: Comment, thread: _Thread, planned: PlannedComment, authors: Authors) -> None:
    record = planned.record
    if record.author_key and row.author_id is None:
        row.author = authors[(*thread.planned.identity, record.author_key)]
    row.by_blog_author = record.by_blog_author
    row.posted_at = record.posted_at
    row.posted_as_written = one_line(record.posted_as_written, 100)


def _put_words(row: Comment, planned: PlannedComment) -> None:
    record = planned.record
    row.name_shown = one_line(record.author_name, 100)
    row.body_source, row.source_format = record.body, record.body_format
    row.body_html, row.clean_version = html_of(planned), clean.VERSION


def _correct(thread: _Thread, returning: list[PlannedComment], authors: Authors) -> None:
    """What rows that changed upstream say by now, and placeholders whose comment comes back.

    What a moderator has decided stays decided.
    """
    stored = thread.stored
    changed = [c for c in thread.standing if c.outcome == Outcome.UPDATED or c.turns]
    changed = [c for c in changed if c.item.number in stored]
    decided = _decided([*returning, *(c for c in changed if c.turns)])
    rows, published = [], []
    for planned in [*changed, *returning]:
        row = stored[planned.item.number]
        only_moves = planned.code in {"corrected", "parent_found"} and row.kind != Kind.PLACEHOLDER
        silent = (
            planned.record.kind == Kind.PLACEHOLDER
        )  # a file that only names it says nothing of its words
        if planned.left_out or only_moves or silent or row.erased_at is not None:
            continue
        if row.kind == Kind.PLACEHOLDER:
            row.kind = planned.record.kind
            row.state = State(decided.get(row.pk, planned.record.state))
            _say_who_and_when(row, thread, planned, authors)
        elif planned.record.kind != Kind.PLACEHOLDER:
            row.kind = planned.record.kind
            _say_who_and_when(row, thread, planned, authors)
            if planned.turns and row.pk not in decided:
                row.state = State(planned.turns)
                published += [row.pk] if row.state == State.VISIBLE else []
        _put_words(row, planned)
        rows.append(row)
    writing.correct(rows)
    back = {c.item.number for c in returning}
    cases.wait_with_words([r.pk for r in rows if r.pk in back and r.state in {State.VISIBLE, State.HELD}])
    _close_cases(published)


def _decided(comments: Sequence[PlannedComment]) -> dict[int, str]:
    """What moderators have decided last, by comment."""
    numbers = [planned.item.number for planned in comments]
    decisions = Decision.objects.filter(comment__in=numbers).order_by("pk")
    return dict(decisions.values_list("comment_id", "to_state"))


def _close_cases(published: Sequence[int]) -> None:
    """The source itself has approved what an import had put before the moderators."""
    if published:
        opened = Case.objects.filter(comment__in=published, cause=Case.Cause.IMPORT, closed=None)
        opened.update(closed=timezone.now())


def _moved(article: Article, comments: Sequence[PlannedComment], stored: dict[int, Comment]) -> list[Comment]:
    """Rows that their source has elsewhere; never those that the desk has put where they stand."""
    moved = []
    for planned in comments:
        row = stored.get(planned.item.number)
        if row is None or planned.is_only_named or planned.code in {"changed_here", "moved_here"}:
            continue
        if row.placed_at is not None or row.article_id != article.pk:
            continue
        place = (planned.parent_number, planned.order_key, planned.parent_certain)
        if place != (row.parent_id, row.order_key, row.parent_certain):
            row.parent_id, row.order_key, row.parent_certain = place
            moved.append(row)
    return moved


def _keep_items(threads: list[_Thread]) -> None:
    new, known = [], []
    standing = [(thread.planned.row, planned) for thread in threads for planned in thread.standing]
    for article, planned in standing:
        if planned.outcome == Outcome.UNCHANGED:
            continue
        item, record = planned.item, planned.record
        item.article_id, item.comment_id = article.pk, item.number
        # What waits for a moderator keeps its old hash, so that later runs say so again.
        if planned.code not in {"changed_here", "moved_here", "removed_upstream"}:
            name = one_line(record.author_name, 100)
            item.content_hash = planned.content_hash
            item.placed_hash = "" if planned.left_out else identity.placed_hash(name, record.body)
        (known if item.pk else new).append(item)
    keep_items(new)
    fields = ["article", "comment", "number", "content_hash", "placed_hash"]
    SourceItem.objects.bulk_update(known, fields, batch_size=200)
