"""What a format reader hands on: plain records, free of the database and of any one format."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# The hint of a comment at the top that answers another by its source's word: the id of that other.
AS_WRITTEN = "parent_as_written"


class RefusedError(Exception):
    """An archive that cannot be taken; its text is one sentence for the person who gave it."""


class DamagedError(RefusedError):
    """A file that breaks off or is broken inside; the admin may accept what can be read of it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something an admin should know of an archive.

    `code` is for scripts (`count_mismatch`, `parent_inferred`, `number_gap`, `no_comments`),
    `source_id` names the item in its own terms ("" for the whole article), `message` is a sentence.
    """

    code: str
    source_id: str
    message: str


@dataclass(slots=True)
class ArchivedComment:
    """One comment as its source has it.

    `key` is unique within its article: the source's id when `has_id`, else the item's path in the
    list ("2", "2.1"). `position` counts from 1 in reading order. `parent_certain` is false where the
    parent is a guess; `confidence` (0 to 1) says how good a guess. `kind` is comment, pingback,
    trackback or placeholder (a parent that the source names and does not hold, without words);
    `state` is what the source has: visible, held, spam or removed. `author_key` identifies the author
    within the blog (a login, a profile address, never a name), "" when nothing does.
    """

    key: str
    position: int
    body: str
    has_id: bool = False
    parent_key: str | None = None
    body_format: str = "text"
    kind: str = "comment"
    state: str = "visible"
    author_name: str = ""
    author_url: str = ""
    author_key: str = ""
    by_blog_author: bool = False
    posted_at: datetime.datetime | None = None
    posted_as_written: str = ""
    address: str = ""
    parent_certain: bool = True
    confidence: float = 1.0
    hints: dict = field(default_factory=dict)


@dataclass(slots=True)
class ArchivedArticle:
    """One post with its comments in reading order, parents before their replies.

    `declared` is the number of comments that the source itself announces, None when it is silent.
    `hints` are for staff only and never shown to readers. `remarks` become the import's warnings.
    `source_id` is the source's own id of the post, "" when it has none; `blog_id` that of the blog.
    `kind` is post or page; `state` is published, draft, private, pending, future or trash, as the
    source has it: all but published stay out of the public's sight. `addresses` are further addresses
    that the post had. `skipped` are items that hang on this post and are left out on purpose.
    """

    title: str
    body: str
    body_format: str = "text"
    url: str = ""
    source_id: str = ""
    blog_id: str = ""
    kind: str = "post"
    state: str = "published"
    addresses: list[str] = field(default_factory=list)
    author_name: str = ""
    published_at: datetime.datetime | None = None
    date_precision: str = "unknown"
    date_as_written: str = ""
    declared: int | None = None
    site_name: str = ""
    language: str = ""
    comments: list[ArchivedComment] = field(default_factory=list)
    hints: dict = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    skipped: list["SkippedItem"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SkippedItem:
    """An item of an archive that is left out on purpose: what it is, its id, why, its first words."""

    kind: str
    source_id: str
    code: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What the admin says about a single article beside the archive itself; it wins over the archive."""

    url: str = ""
    date: datetime.date | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read and what is said about it. `name` is the name that the person knows it by."""

    path: Path
    name: str
    given: Given = field(default_factory=Given)
    accept_damaged: bool = False

    def read_bytes(self, limit: int) -> bytes:
        """The file's content; RefusedError when it is larger than `limit` bytes."""
        if self.path.stat().st_size > limit:
            raise RefusedError(
                f"“{self.name}” is larger than {limit // 1_000_000} MB, the most that this format takes."
            )
        return self.path.read_bytes()


Records = Iterator[ArchivedArticle | SkippedItem | Remark]
