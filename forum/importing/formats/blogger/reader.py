"""Reads Blogger's exports: the Atom file of the old backup and the feed.atom of Google Takeout."""

import re
import tempfile
from collections.abc import Iterator

from forum.importing.formats.blogger.bodies import title_of
from forum.importing.formats.blogger.entries import Entry, short_name
from forum.importing.formats.blogger.gather import POSTS, Gathered, gather, post_id, stream_of, version_of
from forum.importing.formats.blogger.posts import article_of, article_of_missing
from forum.importing.formats.blogger.spool import Spool
from forum.importing.formats.remarks import remarked
from forum.importing.formats.xml_stream import root_of
from forum.importing.records import ArchivedArticle, Records, Remark, SkippedItem, Source

NAME = "blogger"
_ATOM = "http://www.w3.org/2005/Atom"
# Inside tags only: the text of an Atom element cannot hold a tag, so a post about Blogger does not match.
_FEED_MARKS = re.compile(
    r"<(?:[\w.-]+:)?feed\b[^>]*http://schemas\.google\.com/blogger/\d"
    r"|<(?:[\w.-]+:)?id>\s*tag:blogger\.com,\d{4}:(?:user-\d+\.)?blog-"
    r"|<(?:[\w.-]+:)?generator\b[^>]*>\s*Blogger\s*<"
)
_ENTRY_MARK = re.compile(r"<(?:[\w.-]+:)?category\b[^>]*http://schemas\.google\.com/blogger/2008/kind#")
_ENTRY = re.compile(r"<(?:[\w.-]+:)?entry\b")
_EXCERPT = 100


def recognises(head: bytes, name: str) -> bool:
    """Whether a file that begins with `head` is a Blogger feed: Atom with Blogger's own marks.

    The content decides and never `name`. Other Atom feeds are not recognised.
    """
    if root_of(head) != (_ATOM, "feed"):
        return False
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    text = head.decode(encoding, "ignore")
    # Planets gather entries of many blogs with their ids, so ids of entries prove nothing.
    above_entries = _ENTRY.split(text, maxsplit=1)[0]
    return bool(_FEED_MARKS.search(above_entries) or _ENTRY_MARK.search(text))


@remarked
def read(source: Source) -> Records:
    """Yields each post and page with its comments, what is left out on purpose, and remarks.

    The feed is read twice: first all comments are put aside in a temporary file, as they may stand
    before their post, then posts go out one by one. Comments of posts that the feed does not have
    come last, under one draft for each such post. When the feed does not say where the blog was,
    `source.given.url` serves as the blog's address. Raises RefusedError and DamagedError as
    `XmlStream` does. Formats: Atom (RFC 4287) with its threading extension (RFC 4685),
    Google's `g/2005#kind` categories, and the namespace `blogger/2018` of Google Takeout.
    """
    stream = stream_of(source)
    nowhere = False
    with tempfile.TemporaryFile() as file:
        spool = Spool(file)
        found = gather(source, spool)
        for place, (_, element) in enumerate(stream.elements()):
            if short_name(element.tag) == "atom:entry":
                for record in _records_of(Entry(element), place, found, spool):
                    nowhere |= isinstance(record, ArchivedArticle) and not record.url
                    yield record
        for post in spool.posts():
            yield article_of_missing(post, found.blog, spool.take(post))
    if not found.blog.address and nowhere:
        message = "The archive does not say where the blog was; posts have no address, unless you give it."
        yield Remark("blog_address_missing", "", message)
    yield from stream.remarks


def _records_of(
    entry: Entry, place: int, found: Gathered, spool: Spool
) -> Iterator[ArchivedArticle | SkippedItem | Remark]:
    kind = entry.kind()
    if kind == "comment":
        return
    if kind not in POSTS:
        yield _left_out(kind, entry)
        return
    key = post_id(entry, place)
    if found.posts[key].place == place:
        yield article_of(entry, found.blog, spool.take(key))
        return
    yield SkippedItem(kind, key, "duplicate", title_of(entry)[:_EXCERPT])
    if found.posts[key].digest != version_of(entry, place).digest:
        message = f"The archive has the {kind} {key} more than once; the one that changed last was kept."
        yield Remark("duplicate_id", key, message)


def _left_out(kind: str, entry: Entry) -> SkippedItem:
    """Settings hold e-mail addresses and templates hold code: of both only the title is told."""
    codes = {"settings": "settings", "template": "template", "": "no_kind"}
    return SkippedItem(
        kind or "entry", entry.text("atom:id"), codes.get(kind, "unknown_kind"), title_of(entry)[:_EXCERPT]
    )
