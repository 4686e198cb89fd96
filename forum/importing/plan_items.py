"""What is planned for each article and comment of an archive: how it will end and what hangs together."""

from dataclasses import dataclass, field
from typing import NamedTuple

from forum.articles.models import Article, Blog
from forum.importing import identity
from forum.importing.identity import Key
from forum.importing.records import ArchivedArticle, ArchivedComment, Remark
from forum.sources.models import LedgerLine, SourceItem
from forum.threads.states import Kind

Outcome = LedgerLine.Outcome


class StoredPlace(NamedTuple):
    """Where a reply goes whose file lacks its parent: the stored comment's number or None, and how sure."""

    parent: int | None
    certain: bool


@dataclass(slots=True)
class PlannedComment:
    """One comment of the archive and how it will end.

    `said` and `said_parent` are what the source has and never change; `record`, `parent` and `level` are
    the same with the admin's corrections. `place` counts within the article as the source has it.
    `stands` says whether a row will stand for it: a left out comment has one only as a placeholder,
    when something below it is taken. `row_stands` says whether a row with words stands here already,
    `changed_here` whether it was changed or moved here, so that an import leaves it alone; `turns` is the
    state that such a row takes because its source says so and nobody has decided here. `stored_place` is
    set where the file lacks what the comment answers and what is stored tells. `is_erased` says that its
    words were taken down here for good, `finds_place` that the placeholder of what is left out can go under
    what it answers now.
    """

    record: ArchivedComment
    key: Key
    content_hash: str
    parent: "PlannedComment | None"
    level: int
    item: SourceItem | None = None
    outcome: str = Outcome.CREATED
    code: str = ""
    stands: bool = True
    order_key: int = 0
    html: str | None = None
    place: int = 0
    row_stands: bool = False
    changed_here: bool = False
    turns: str = ""
    stored_place: StoredPlace | None = None
    is_erased: bool = False
    finds_place: bool = False
    said: ArchivedComment = field(init=False)
    said_parent: "PlannedComment | None" = field(init=False)

    def __post_init__(self) -> None:
        self.said, self.said_parent = self.record, self.parent

    @property
    def left_out(self) -> bool:
        """Whether the comment's words are not taken: spam and what was removed at the source."""
        return self.outcome == Outcome.SKIPPED

    @property
    def is_only_named(self) -> bool:
        """Whether the file names it as a parent and has neither its words nor its place, nor has an admin."""
        if self.said.kind != Kind.PLACEHOLDER or self.said.state in {"spam", "removed"}:
            return False
        return self.item is None or not self.item.override

    @property
    def parent_number(self) -> int | None:
        """The number of the comment that it is to stand under, None for the top or one without a number."""
        if self.stored_place is not None:
            return self.stored_place.parent
        return self.parent.item.number if self.parent is not None and self.parent.item is not None else None

    @property
    def parent_certain(self) -> bool:
        """Whether that parent is no guess."""
        return self.stored_place.certain if self.stored_place is not None else self.record.parent_certain


@dataclass(slots=True)
class PlannedArticle:
    """One article of the archive, how it will end, and its comments in reading order.

    `said` is what the source has, `record` the same with the admin's correction.
    `corrected` says that comments were put in other places than the source's; `lost` are remarks on
    corrections that no longer fit.
    """

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
    html: str | None = None
    blog: Blog | None = None
    row: Article | None = None
    corrected: bool = False
    lost: list[Remark] = field(default_factory=list)
    said: ArchivedArticle | None = None

    def __post_init__(self) -> None:
        self.said = self.said or self.record

    @property
    def identity(self) -> tuple[str, str, str]:
        """What its keys belong to: system, host and blog."""
        return self.system, self.host, identity.blog_of(self.record)

    @property
    def is_made_up(self) -> bool:
        """Whether the archive holds no such post, only comments of it."""
        return is_made_up(self.record)

    @property
    def is_left_out(self) -> bool:
        """Whether nothing of the post is taken: it lay in the source's trash."""
        return self.outcome == Outcome.SKIPPED


def is_made_up(record: ArchivedArticle) -> bool:
    """Whether an archive holds only comments of a post and not the post itself."""
    return bool(record.hints.get("post_missing"))
