"""How each item of an archive will end: matched against what earlier runs have left."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from forum.articles.models import Article
from forum.importing import identity, match_corrections, match_erased, match_known, match_parents
from forum.importing.plan_items import Outcome, PlannedArticle, PlannedComment
from forum.moderation.models import Case, Decision
from forum.sources.models import SourceItem
from forum.threads.models import Comment
from forum.threads.states import Kind, State

LEFT_OUT = {"spam": "spam", "removed": "removed"}
ROWS = 500  # how many items are matched and written at once, unless one article has more


class Judged(NamedTuple):
    """Comments by number: those with a decision, and those with an open case that no import has opened."""

    decided: set[int]
    waiting: set[int]


def batches(articles: Iterable[PlannedArticle]) -> Iterator[list[PlannedArticle]]:
    """Articles as they are matched and written together: about ROWS items, an article never in parts.

    Articles that share a key, or a comment's key, come one after the other, for the later has to
    see what the earlier has left.
    """
    batch: list[PlannedArticle] = []
    keys: set[tuple[str, ...]] = set()
    size = 0
    for planned in articles:
        comments = {("c", *planned.identity, comment.key.key) for comment in planned.comments}
        own = comments | {("a", *planned.identity, planned.key.key)}
        if batch and (size + len(own) > ROWS or not keys.isdisjoint(own)):
            yield batch
            batch, keys, size = [], set(), 0
        batch.append(planned)
        keys |= own
        size += len(own)
    if batch:
        yield batch


def match(batch: list[PlannedArticle]) -> None:
    """Decide the outcome of articles and of each of their comments. Reads the database only."""
    for (system, host, blog), group in groupby(batch, key=lambda planned: planned.identity):
        known = SourceItem.objects.filter(
            system=system, host__in=identity.spellings(host), blog__in=identity.spellings(blog)
        )
        _match(list(group), known)


def _match(articles: list[PlannedArticle], known) -> None:
    of_articles = known.filter(kind=SourceItem.Kind.ARTICLE).select_related("article")
    found = match_known.by_key(of_articles, [planned.key.key for planned in articles])
    for planned in articles:
        planned.item = found.get(planned.key.key)
        _decide_article(planned)
    comments = known.filter(kind=SourceItem.Kind.COMMENT)
    items = match_known.comments(articles, comments)
    stored = match_known.rows(item.comment_id for item in items.values())
    for planned in articles:
        for comment in planned.comments:
            comment.item = items.get(comment.key.key)
    match_erased.forget(articles)
    elsewhere = match_parents.stored_elsewhere(articles, comments)
    for planned in articles:
        match_corrections.put_in_place(planned, elsewhere, stored)
    match_parents.find(articles, elsewhere)
    judged = _judged(articles, stored)
    for planned in articles:
        for comment in planned.comments:
            _decide_comment(planned, comment, stored, judged)
        _mark_standing(planned)


def _judged(articles: list[PlannedArticle], stored: dict[int, Comment]) -> Judged:
    """What people have to do with the rows whose source says another state by now."""
    numbers = []
    for planned in articles:
        for comment in planned.comments:
            row = stored.get(comment.item.comment_id) if comment.item else None
            if row is None or comment.item.content_hash == comment.content_hash:
                continue
            if comment.record.state != row.state or comment.record.state in LEFT_OUT:
                numbers.append(row.pk)
    judged = Judged(set(), set())
    waiting = Case.objects.filter(closed=None).exclude(cause=Case.Cause.IMPORT)
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        judged.decided.update(Decision.objects.filter(comment__in=some).values_list("comment_id", flat=True))
        judged.waiting.update(waiting.filter(comment__in=some).values_list("comment_id", flat=True))
    return judged


def _decide_article(planned: PlannedArticle) -> None:
    planned.code = ""
    planned.record = match_corrections.record_of(planned)
    planned.outcome = _outcome(planned.item, planned.content_hash, planned.item and planned.item.article_id)
    article = planned.item.article if planned.item else None
    if article is not None:
        planned.path = article.path
    fate = match_corrections.fate_of(planned.item)
    if planned.record.state == "trash":
        planned.outcome, planned.code = Outcome.SKIPPED, "trash"
    elif fate == match_corrections.DROP and article is None:
        planned.outcome, planned.code = Outcome.SKIPPED, "dropped"
    elif planned.outcome == Outcome.CREATED:
        _hold_back(planned)
    elif planned.outcome == Outcome.UPDATED and _article_changed_here(planned.item, article):
        planned.outcome, planned.code = Outcome.NEEDS_REVIEW, "changed_here"


def _hold_back(planned: PlannedArticle) -> None:
    if planned.record.state != "published":
        code = planned.record.state if planned.record is planned.said else "held_here"
        planned.outcome, planned.code = Outcome.NEEDS_REVIEW, code
    elif planned.path.startswith("/undated/"):
        planned.outcome, planned.code = Outcome.NEEDS_REVIEW, "undated"


def _decide_comment(
    planned: PlannedArticle, comment: PlannedComment, stored: dict[int, Comment], judged: Judged
) -> None:
    comment.code, comment.turns, comment.finds_place = "", "", False
    row = stored.get(comment.item.comment_id) if comment.item else None
    comment.row_stands = taken = row is not None and row.kind != Kind.PLACEHOLDER
    comment.outcome = Outcome.SKIPPED
    if planned.is_left_out:
        comment.code = "post_left_out"
        return
    if comment.is_erased:
        comment.code = "erased"
        return
    if comment.record.state in LEFT_OUT and not taken:
        comment.code = LEFT_OUT[comment.record.state]
        comment.finds_place = row is not None and match_parents.finds_parent(comment, row)
        return
    if match_corrections.fate_of(comment.item) == match_corrections.DROP and not taken:
        comment.code = "dropped"
        return
    comment.outcome = _outcome(comment.item, comment.content_hash, comment.item and comment.item.comment_id)
    if comment.is_only_named and row is not None:
        comment.outcome = Outcome.UNCHANGED
        return
    gone = comment.record.state in LEFT_OUT and comment.outcome == Outcome.UPDATED
    if gone and (row is None or row.pk not in judged.decided):
        comment.outcome, comment.code = Outcome.NEEDS_REVIEW, "removed_upstream"
    elif comment.outcome == Outcome.CREATED and (code := _belongs_elsewhere(planned, comment, stored)):
        comment.outcome, comment.code = Outcome.NEEDS_REVIEW, code
        comment.record = replace(comment.record, state="held")
    elif comment.outcome == Outcome.CREATED and comment.record.state == "held":
        comment.outcome, comment.code = Outcome.NEEDS_REVIEW, _code_of_held(comment)
    elif row is not None and comment.outcome in {Outcome.UPDATED, Outcome.UNCHANGED}:
        _decide_stored(comment, row, judged)
        found = not comment.changed_here and match_parents.finds_parent(comment, row)
        if (
            found
            and comment.outcome == Outcome.UNCHANGED
            and not _belongs_elsewhere(planned, comment, stored)
        ):
            comment.outcome, comment.code = Outcome.UPDATED, "parent_found"


def _decide_stored(comment: PlannedComment, row: Comment, judged: Judged) -> None:
    is_placed = match_corrections.is_placed(comment.item, row)
    comment.changed_here = is_placed or _comment_changed_here(comment.item, row)
    if comment.outcome == Outcome.UPDATED:
        if comment.changed_here:
            comment.outcome, comment.code = (
                Outcome.NEEDS_REVIEW,
                "moved_here" if is_placed else "changed_here",
            )
        else:
            _turn(comment, row, judged)
    elif not comment.changed_here and match_corrections.changes(comment, row):
        comment.outcome, comment.code = Outcome.UPDATED, "corrected"


def _belongs_elsewhere(planned: PlannedArticle, comment: PlannedComment, stored: dict[int, Comment]) -> str:
    """Why a comment without a place waits for the desk: its post was merged into another one here, or what
    it answers was moved to another one; "" when it has its place."""
    article = planned.item.article if planned.item else None
    if article is not None and article.merged_into_id is not None:
        return "merged_here"
    above = comment.parent
    item = above.item if above is not None else None
    row = stored.get(item.comment_id) if item is not None else None
    return "parent_moved" if row is not None and row.article_id != item.article_id else ""


def _turn(comment: PlannedComment, row: Comment, judged: Judged) -> None:
    """A stored row follows its source into another state, unless a person has decided on it."""
    wanted = comment.record.state
    if wanted == row.state or comment.record.kind == Kind.PLACEHOLDER:
        return
    if row.pk in judged.decided:
        comment.code = "decided_here"
    elif wanted == State.HELD or (row.state == State.HELD and row.pk in judged.waiting):
        comment.outcome, comment.code, comment.turns = (
            Outcome.NEEDS_REVIEW,
            _code_of_held(comment),
            State.HELD,
        )
    elif row.state == State.HELD:
        comment.turns = State.VISIBLE


def _code_of_held(comment: PlannedComment) -> str:
    return "held_here" if comment.record is not comment.said and comment.said.state != "held" else "held"


def _mark_standing(planned: PlannedArticle) -> None:
    """Left out comments stand as placeholders as long as something below them is taken."""
    needed: set[int] = set()
    for comment in reversed(planned.comments):
        comment.stands = not comment.left_out or id(comment) in needed
        if comment.stands and comment.parent is not None:
            needed.add(id(comment.parent))


def _outcome(item: SourceItem | None, content_hash: str, row: int | None) -> str:
    if item is None or row is None:
        return Outcome.CREATED
    return Outcome.UNCHANGED if item.content_hash == content_hash else Outcome.UPDATED


def _article_changed_here(item: SourceItem, article: Article) -> bool:
    if article.corrected_at is not None:
        return True
    return item.placed_hash != identity.placed_hash(article.title, article.body_source)


def _comment_changed_here(item: SourceItem, row: Comment) -> bool:
    if row.erased_at is not None:
        return True
    return bool(item.placed_hash) and item.placed_hash != identity.placed_hash(
        row.name_shown, row.body_source
    )
