"""The first reading of a feed: facts about the blog, which posts are there, and all comments put aside."""

import datetime
import hashlib
from dataclasses import dataclass, field
from sys import intern
from urllib.parse import urlsplit

from lxml import etree

from forum.importing.formats.blogger.authors import author_of
from forum.importing.formats.blogger.bodies import body_of, title_of
from forum.importing.formats.blogger.comments import written_comment
from forum.importing.formats.blogger.dates import instant
from forum.importing.formats.blogger.entries import Entry, short_name
from forum.importing.formats.blogger.ids import blog_in, item_in
from forum.importing.formats.blogger.spool import Spool
from forum.importing.formats.xml_stream import XmlStream
from forum.importing.records import Source

POSTS = {"post", "page"}
_FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC)
_LOCALE = ".settings.BLOG_LOCALE"


@dataclass(slots=True)
class Blog:
    """What a feed says of its blog. `address` is scheme and host, "" where the feed is silent.

    `authors` are the identities that wrote its posts; `places` the posts of all comments, by id.
    """

    id: str = ""
    title: str = ""
    address: str = ""
    language: str = ""
    authors: set[str] = field(default_factory=set)
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """One entry of a post, ordered by its last change; `place` is where it stands in the feed."""

    updated: datetime.datetime
    digest: bytes
    place: int = field(compare=False)


@dataclass(slots=True)
class Gathered:
    """What the first reading found. `posts` has for each id the version to take (G9)."""

    blog: Blog = field(default_factory=Blog)
    posts: dict[str, Version] = field(default_factory=dict)


def stream_of(source: Source) -> XmlStream:
    """The children of a feed, one by one; entries are counted in the file too, so that none is lost."""
    return XmlStream(source, (1,), counted=("entry",))


def gather(source: Source, spool: Spool) -> Gathered:
    """Reads a feed once and puts its comments into `spool`; errors as in `read`."""
    found = Gathered()
    for place, (_, element) in enumerate(stream_of(source).elements()):
        name = short_name(element.tag)
        if name != "atom:entry":
            _note_feed(found.blog, name, element)
            continue
        entry = Entry(element)
        kind = entry.kind()
        if kind == "comment":
            written = written_comment(entry)
            places = found.blog.places
            places[written.key] = min(places.get(written.key, written.post), intern(written.post))
            spool.add(written)
        elif kind in POSTS:
            _note_post(found, entry, place)
        elif kind == "settings" and entry.text("atom:id").endswith(_LOCALE):
            found.blog.language = entry.text("atom:content").replace("_", "-")[:12]
    found.blog.address = found.blog.address or _origin(source.given.url)
    found.blog.authors.discard("")
    return found


def post_id(entry: Entry, place: int) -> str:
    """The id of a post; one without an id is known by its place, as nothing can refer to it."""
    return item_in(entry.text("atom:id")) or f"\0{place}"


def version_of(entry: Entry, place: int) -> Version:
    """The version of a post that an entry is."""
    digest = hashlib.sha256("\0".join((title_of(entry), body_of(entry)[0])).encode()).digest()
    return Version(instant(entry.text("atom:updated")) or _FIRST, digest, place)


def _note_feed(blog: Blog, name: str, element: etree._Element) -> None:
    part = Entry((element,))
    if name == "atom:id":
        blog.id = blog.id or blog_in(part.text(name))
    elif name == "atom:title":
        blog.title = blog.title or title_of(part)
    elif name == "atom:author":
        blog.authors.add(author_of(part).key)
    elif name == "atom:link" and not blog.address:
        blog.address = next((_origin(page) for page in part.pages()), "")


def _note_post(found: Gathered, entry: Entry, place: int) -> None:
    key, version = post_id(entry, place), version_of(entry, place)
    known = found.posts.get(key)
    if known is None or known < version:
        found.posts[key] = version
    found.blog.authors.add(author_of(entry).key)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""
