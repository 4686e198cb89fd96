"""What an import will do, worked out before anything is written."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType

from forum.articles.paths import date_in, original, slug_of, wanted_path
from forum.importing import containers, formats, identity, keep, match, plan_memory
from forum.importing.plan_items import PlannedArticle, PlannedComment, is_made_up
from forum.importing.plan_spool import Spool
from forum.importing.records import (
    ArchivedArticle,
    DamagedError,
    Given,
    Records,
    RefusedError,
    Remark,
    SkippedItem,
    Source,
)
from forum.text.tidy import one_line

# Noon: a date without a time stays the same day in every time zone from -12 to +11 hours.
NOON = datetime.time(12, tzinfo=datetime.UTC)
# How a reader of single pages says that a file holds no post; all else that it refuses stops the run.
_NO_POST = re.compile(
    r"“.*” (?:is empty\.|holds no web page\.|holds no blog post and no comments in a form that we know\."
    r"|shows a list of posts or none, and no comments; .*)",
    re.DOTALL,
)


class NoPostError(RefusedError):
    """A file that holds neither a post nor comments, which does no harm beside one that does."""


@dataclass(slots=True)
class Archive:
    """What was read from all files of one run; `items` counts what its ledger will have lines for.

    The articles wait in a spool, so that all of them are known to be sound before the first is written
    and memory holds one at a time.
    """

    format: str
    articles: Spool | Sequence[tuple[str, ArchivedArticle]] = field(default_factory=Spool)
    skipped: list[SkippedItem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    items: int = 0
    comments: int = 0
    declared: int = 0


class Planned:
    """The planned articles of an archive, made anew each time that one goes through them."""

    def __init__(self, archive: Archive, matched: Callable[[list[PlannedArticle]], None] | None = None):
        self._archive = archive
        self._matched = matched

    def __len__(self) -> int:
        return len(self._archive.articles)

    def __iter__(self) -> Iterator[PlannedArticle]:
        planned = (planned_of(name, record) for name, record in self._archive.articles)
        if self._matched is None:
            yield from planned
            return
        for batch in match.batches(planned):
            self._matched(batch)
            yield from batch


@dataclass(slots=True)
class Plan:
    """What one run will do."""

    format: str
    articles: Planned
    skipped: list[SkippedItem]
    remarks: list[Remark]


@plan_memory.seldom_collected()
def read_archive(found: Iterable[Source], wanted_format: str = "") -> Archive:
    """Read all files, packed ones too; no database.

    Of several files those of no known kind and those without a post are left out. Raises RefusedError,
    so that one bad file stops the whole run; also when nothing can be read, when the wanted format is
    another than a file's, and when comments are announced and not one is there.
    """
    archive, unread, given_files = Archive(format=""), [], list(found)
    names = {given.name for given in given_files}
    with keep.workroom() as folder:
        for n, given in enumerate(given_files):
            inner = folder / str(n)
            inner.mkdir()
            # By names alone, so that a run which goes on from its kept files leaves out the same ones.
            if len(given_files) > 1 and (why := containers.stands_beside(given, given.name, names)):
                unread.append(RefusedError(f"“{given.name}” is no post: {why[1]}"))
                archive.skipped.append(SkippedItem("file", given.name, *why))
                continue
            pages = 0
            for source in containers.opened(given, inner, archive.skipped):
                try:
                    pages += _read(archive, source, wanted_format) and source.given == given.given
                except (formats.UnknownFormatError, NoPostError) as error:
                    unread.append(error)
                    code = "no_post" if isinstance(error, NoPostError) else "unknown_format"
                    archive.skipped.append(SkippedItem("file", source.name, code, str(error)))
            if pages > 1 and given.given != Given():
                raise RefusedError(
                    f"An address, date or title is for one page only, and “{given.name}” holds {pages}."
                )
    if unread and not archive.format:
        raise unread[0]
    copies = list(archive.articles.copies())
    archive.items += len(archive.skipped)
    archive.skipped += copies
    if archive.declared and not archive.comments:
        raise RefusedError(
            f"The archive announces {archive.declared} comments and holds none of them; nothing was imported."
        )
    if not archive.items:
        message = "The archive holds no post and no comments, so there is nothing to import."
        archive.remarks.append(Remark("nothing_found", "", message))
    return archive


def plan_of(archive: Archive) -> Plan:
    """What was read, with keys and levels, not yet matched against anything."""
    return Plan(archive.format, Planned(archive), archive.skipped, archive.remarks)


def make_plan(archive: Archive) -> Plan:
    """Match what was read against what is known. Reads the database and writes nothing."""
    return Plan(archive.format, Planned(archive, match.match), archive.skipped, archive.remarks)


def _read(archive: Archive, source: Source, wanted_format: str) -> bool:
    """Read one file; returns whether it holds a page that takes what the admin says of an article."""
    module, found = formats.format_of(source, wanted_format), 0
    for record in _records(module, source):
        if isinstance(record, SkippedItem):
            archive.skipped.append(record)
        elif isinstance(record, Remark):
            archive.remarks.append(record)
        else:
            found += 1
            completed = _completed(record, source, module)
            archive.articles.append(module.NAME, completed, identity.of_post(module.NAME, completed))
            archive.skipped += record.skipped
            archive.items += len(record.comments) + (not is_made_up(record))
            archive.comments += len(record.comments)
            archive.declared += record.declared or 0
    if not found and not formats.recognised_by(module, source):
        raise RefusedError(f"“{source.name}” holds nothing that can be read as {module.NAME}.")
    archive.format = module.NAME if archive.format in {"", module.NAME} else "mixed"
    archive.remarks += _ignored(module, source)
    return bool(found) and _is_one_page(module)


def _is_one_page(module: ModuleType) -> bool:
    return getattr(module, "ONE_PAGE", False)


def _ignored(module: ModuleType, source: Source) -> Iterator[Remark]:
    """A remark where something is said of one article and the file holds a whole blog."""
    said = source.given
    of_blog = module.NAME in formats.NEED_ADDRESS
    if not _is_one_page(module) and (said.title or said.date or (said.url and not of_blog)):
        message = (
            f"What was given of one post (address, date or title) was not used: “{source.name}” is a "
            f"file of the format {module.NAME}, in which each post has its own."
        )
        yield Remark("given_ignored", "", message)


def _records(module: ModuleType, source: Source) -> Records:
    """What a reader finds; NoPostError when one that takes any page says that there is no post."""
    try:
        yield from module.read(source)
    except DamagedError:
        raise
    except RefusedError as error:
        if module in formats.FALLBACKS and _NO_POST.fullmatch(str(error)):
            raise NoPostError(str(error)) from error
        raise


def _completed(record: ArchivedArticle, source: Source, module: ModuleType) -> ArchivedArticle:
    """The record with what the admin says of it, which wins, and with what its address tells."""
    given = source.given if _is_one_page(module) else Given()
    url = original(given.url or record.url)
    title = one_line(given.title or record.title or _title_in(url), 500)
    if not title and record.source_id:
        title = f"({record.source_id})"
    if not title:
        # Comments without a title are words of people, which must not go unseen.
        is_nothing = module in formats.FALLBACKS and not record.comments and not record.declared
        raise (NoPostError if is_nothing else RefusedError)(
            f"“{source.name}” gives no title for its post; give one, or the address that it had."
        )
    record = replace(record, url=url, title=title)
    day = given.date or (None if record.published_at else date_in(url))
    if day is None:
        return record
    return replace(record, published_at=datetime.datetime.combine(day, NOON), date_precision="day")


def _title_in(url: str) -> str:
    words = wanted_path(url, None, "").strip("/").rsplit("/", 1)[-1] if url else ""
    readable = slug_of(words).replace("-", " ").replace("_", " ")
    return "" if readable == "untitled" else readable[:1].upper() + readable[1:]


def planned_of(format_name: str, record: ArchivedArticle) -> PlannedArticle:
    """An article as it was read as this format, with keys and levels, not yet matched."""
    key = identity.article_key(record)
    planned: dict[str, PlannedComment] = {}
    keys = identity.comment_keys(key, record.comments)
    for comment, comment_key in zip(record.comments, keys, strict=True):
        parent = planned.get(comment.parent_key) if comment.parent_key else None
        planned[comment.key] = PlannedComment(
            record=comment,
            key=comment_key,
            content_hash=identity.comment_hash(
                comment, parent.key if parent else identity.named_parent(comment)
            ),
            parent=parent,
            level=parent.level + 1 if parent else 0,
            place=len(planned),
        )
    day = record.published_at.date() if record.published_at else None
    return PlannedArticle(
        record=record,
        system=identity.system_of(format_name),
        host=identity.host_of(record.url),
        key=key,
        content_hash=identity.article_hash(record),
        path=wanted_path(record.url, None if record.kind == "page" else day, record.title),
        comments=list(planned.values()),
    )
