"""What the article desk looks at: articles, their log, their revisions, and what somebody typed for one."""

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from forum.articles.models import Article, ArticleAct, ArticleQuerySet, ArticleRevision
from forum.articles.paths import clean_path
from forum.moderation.articles_undo import CLOSING, STATES
from forum.text.differences import Piece, pieces, shortened

SHOWN = 10  # corrections on an article's page
_NUMBER = re.compile(r"(?:.*(?:comments/|comment-|replytocom=)|#)?(\d{1,18})(?:/|#\S*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """One correction: who made it, and how title, date and text went from one revision to the next."""

    after: ArticleRevision
    before: ArticleRevision
    title: list[Piece]
    body: list[Piece]

    @property
    def has_other_date(self) -> bool:
        """Whether the date was changed."""
        return self.after.published_at != self.before.published_at


def listed(words: str = "", state: str = "") -> ArticleQuerySet:
    """Articles in every state whose title or path holds some words, newest first, without their texts."""
    rows = Article.objects.newest_first()
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(path__icontains=words))
    if state in Article.State.values:
        rows = rows.filter(state=state)
    return rows.only("title", "path", "state", "published_at", "comment_count", "closed_at", "merged_into")


def log_of(article: Article) -> QuerySet[ArticleAct]:
    """What was done to an article, or to another one with it, newest first."""
    rows = ArticleAct.objects.filter(Q(article=article) | Q(other=article))
    return rows.select_related("article", "other", "actor", "undone_by", "undoes").order_by("-pk")


def can_be_undone(acts: list[ArticleAct]) -> set[int]:
    """Those of a log, newest first, whose undoing is offered; of hiding and closing only the last each."""
    standing = [act for act in acts if act.act != ArticleAct.Act.UNDO and not hasattr(act, "undone_by")]
    found, seen = set(), set()
    for act in standing:
        kind = next((kinds for kinds in (STATES, CLOSING) if act.act in kinds), None)
        if kind is None or (kind, act.article_id) not in seen:
            found.add(act.pk)
        if kind is not None:
            seen.add((kind, act.article_id))
    return found


def changes_of(article: Article) -> list[Change]:
    """The last corrections of an article with their differences, newest first; older ones are only kept."""
    rows = list(article.revisions.select_related("by").order_by("-n")[: SHOWN + 1])
    return [change(before, after) for after, before in zip(rows, rows[1:], strict=False)]


def change(before: ArticleRevision, after: ArticleRevision) -> Change:
    """What differs between two revisions; neither has to be stored."""
    title = pieces(before.title, after.title)
    body = []
    if before.body_source != after.body_source:
        body = list(shortened(pieces(before.body_source, after.body_source)))
    return Change(after, before, title if before.title != after.title else [], body)


def article_at(text: str) -> Article | None:
    """The article that somebody means by a path, or by an address copied out of a browser."""
    wanted = text.strip()
    if not wanted or "\0" in wanted:
        return None
    paths = {clean_path(wanted), f"/{wanted.strip('/')}/"}
    return Article.objects.filter(path__in=paths).order_by("pk").first()


def number_in(text: str) -> int | None:
    """The number of a comment, given as such or within an address of ours."""
    match = _NUMBER.fullmatch(text.strip()[:500])
    return int(match.group(1)) if match else None
