"""What an import will do, worked out before anything is written: records matched against sources."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from forum.articles.models import Article
from forum.articles.paths import date_in, original, slug_of, wanted_path
from forum.importing import formats, identity
from forum.importing.identity import Key
from forum.importing.records import ArchivedArticle, ArchivedComment, RefusedError, Remark, Source
from forum.sources.models import LedgerLine, SourceItem
from forum.text.tidy import one_line

Outcome = LedgerLine.Outcome
# Noon: a date without a time stays the same day in every time zone from -12 to +11 hours.
NOON = datetime.time(12, tzinfo=datetime.UTC)


@dataclass(slots=True)
class PlannedComment:
    """One comment of the archive and how it will end."""

    record: ArchivedComment
    key: Key
    content_hash: str
    parent: "PlannedComment | None"
    level: int
    item: SourceItem | None = None
    outcome: str = Outcome.CREATED


@dataclass(slots=True)
class PlannedArticle:
    """One article of the archive, how it will end, and its comments in reading order."""

    record: ArchivedArticle
    system: str
    host: str
    key: Key
    content_hash: str
    path: str
    comments: list[PlannedComment]
    item: SourceItem | None = None
    outcome: str = Outcome.CREATED
    code: str = ""

    @property
    def is_dated(self) -> bool:
        """Whether the archive or the admin gives the day of the post."""
        return self.record.published_at is not None


@dataclass(slots=True)
class Archive:
    """What was read from all files of one run."""

    format: str
    articles: list[tuple[str, ArchivedArticle]] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """What one run will do."""

    format: str
    articles: list[PlannedArticle]

    @property
    def warnings(self) -> list[Remark]:
        """What the readers remarked, with the article's address where they name no item."""
        return [
            replace(remark, source_id=remark.source_id or planned.record.url)
            for planned in self.articles
            for remark in planned.record.remarks
        ]


def read_archive(found: Iterable[Source], wanted_format: str = "") -> Archive:
    """Read all files; no database. Raises RefusedError, so that one bad file stops the whole run."""
    archive = Archive(format="")
    for source in found:
        module = formats.format_of(source, wanted_format)
        archive.format = module.NAME if archive.format in {"", module.NAME} else "mixed"
        archive.articles += [(module.NAME, _completed(record, source)) for record in module.read(source)]
    return archive


def make_plan(archive: Archive) -> Plan:
    """Match what was read against what is known. Reads the database and writes nothing."""
    plan = Plan(archive.format, [_planned(system, record) for system, record in archive.articles])
    for planned in plan.articles:
        _match(planned)
    return plan


def _completed(record: ArchivedArticle, source: Source) -> ArchivedArticle:
    """The record with what the admin says of it, which wins, and with what its address tells."""
    given = source.given
    url = original(given.url or record.url)
    title = one_line(given.title or record.title or _title_in(url), 500)
    if not title:
        raise RefusedError(
            f"“{source.name}” gives no title for its post; give one, or the address that it had."
        )
    day = given.date or date_in(url)
    record = replace(record, url=url, title=title)
    if day is None:
        return record
    return replace(record, published_at=datetime.datetime.combine(day, NOON), date_precision="day")


def _title_in(url: str) -> str:
    words = wanted_path(url, None, "").strip("/").rsplit("/", 1)[-1] if url else ""
    readable = slug_of(words).replace("-", " ").replace("_", " ")
    return "" if readable == "untitled" else readable[:1].upper() + readable[1:]


def _planned(system: str, record: ArchivedArticle) -> PlannedArticle:
    key = identity.article_key(record)
    planned: dict[str, PlannedComment] = {}
    keys = identity.comment_keys(key, record.comments)
    for comment, comment_key in zip(record.comments, keys, strict=True):
        parent = planned.get(comment.parent_key) if comment.parent_key else None
        planned[comment.key] = PlannedComment(
            record=comment,
            key=comment_key,
            content_hash=identity.comment_hash(comment, parent.key if parent else None),
            parent=parent,
            level=parent.level + 1 if parent else 0,
        )
    day = record.published_at.date() if record.published_at else None
    return PlannedArticle(
        record=record,
        system=system,
        host=identity.host_of(record.url),
        key=key,
        content_hash=identity.article_hash(record),
        path=wanted_path(record.url, day, record.title),
        comments=list(planned.values()),
    )


def _match(planned: PlannedArticle) -> None:
    known = SourceItem.objects.filter(system=planned.system, host=planned.host, blog="")
    planned.item = (
        known.filter(kind=SourceItem.Kind.ARTICLE, key=planned.key.key).select_related("article").first()
    )
    _decide_article(planned)
    keys = [comment.key.key for comment in planned.comments]
    items = {item.key: item for item in known.filter(kind=SourceItem.Kind.COMMENT, key__in=keys)}
    for comment in planned.comments:
        comment.item = items.get(comment.key.key)
        comment.outcome = _outcome(comment.item, comment.content_hash)


def _decide_article(planned: PlannedArticle) -> None:
    planned.outcome = _outcome(planned.item, planned.content_hash)
    article = planned.item.article if planned.item else None
    if planned.outcome == Outcome.CREATED and planned.path.startswith("/undated/"):
        planned.outcome, planned.code = Outcome.NEEDS_REVIEW, "undated"
    elif planned.outcome == Outcome.UPDATED and _changed_here(planned.item, article):
        planned.outcome, planned.code = Outcome.NEEDS_REVIEW, "changed_here"
    elif article is not None:
        planned.path = article.path


def _outcome(item: SourceItem | None, content_hash: str) -> str:
    if item is None or (item.article_id is None and item.comment_id is None):
        return Outcome.CREATED
    return Outcome.UNCHANGED if item.content_hash == content_hash else Outcome.UPDATED


def _changed_here(item: SourceItem, article: Article) -> bool:
    return item.placed_hash != identity.placed_hash(article.title, article.body_source)
