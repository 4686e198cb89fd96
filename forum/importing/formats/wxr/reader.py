"""Reads WordPress exports: WXR of any version, also the WXR that blogs made for Disqus."""

import datetime
import re
from collections import Counter

from lxml import etree

from forum.importing.formats.remarks import remarked
from forum.importing.formats.wxr.comments import plain_name
from forum.importing.formats.wxr.fields import Fields, name_of
from forum.importing.formats.wxr.items import Site, make_item, post_type_of
from forum.importing.formats.wxr.tree import Answers
from forum.importing.formats.xml_stream import XmlStream, is_cdata, local, root_of
from forum.importing.records import Records, RefusedError, Remark, SkippedItem, Source

NAME = "wxr"

_HEAD = 65_536
_MARKS = re.compile(rb"wordpress\.org/export/|<wp:[a-z_]|<dsq:thread_identifier")
_POST_ID = re.compile(rb"[:<]post_id>\s*(?:<!\[CDATA\[)?\s*(\d{1,20})")


def recognises(head: bytes, name: str) -> bool:
    """Whether a file that begins with `head` is a WXR file: RSS with elements of WordPress's own."""
    if root_of(head)[1] != "rss":
        return False
    # UTF-16 leaves every other byte empty.
    return bool(_MARKS.search(head.replace(b"\0", b"")))


@remarked
def read(source: Source) -> Records:
    """Yields an article for each post and page, a skipped item for all else, and remarks on the file.

    RefusedError for what is no RSS or not safe to read; DamagedError for a file that breaks off, unless
    the source may be damaged. Format: WXR 1.0, 1.1, 1.2, by namespace whatever prefix or version.
    """
    with source.path.open("rb") as file:
        root = root_of(file.read(_HEAD))[1]
    if root not in {"rss", ""}:
        raise RefusedError(f"“{source.name}” is no WordPress export: it begins with <{root}> and not <rss>.")
    now = datetime.datetime.now(datetime.UTC)
    twice = _ids_found_twice(source)
    # A post that stands in the file more than once waits here, so that it becomes one article.
    held: dict[tuple[str, str, str], Fields] = {}
    copies: Counter[tuple[str, str, str]] = Counter()
    stream = XmlStream(source, (2, 3), ("item", "comment"))
    site = Site()
    answers = Answers()
    fields = Fields()
    for depth, element in stream.elements():
        if depth == 3:
            fields.add(element)
            continue
        done, fields = fields, Fields()
        if local(element) != "item":
            _note_channel(site, element, done)
        elif done.get("wp:post_id") in twice:
            which = done.get("wp:post_id"), post_type_of(done), done.get("link") or done.get("title")
            copies[which] += 1
            held.setdefault(which, Fields()).merge(done)
        else:
            yield from _records(done, site, now, answers)
    for which, done in held.items():
        yield from _records(done, site, now, answers)
        if copies[which] > 1:
            message = f"The post {which[0]} stands {copies[which]} times in the file; it is one article."
            yield Remark("post_twice", which[0], message)
            for _copy in range(copies[which] - 1):
                yield SkippedItem(which[1], which[0], "post_twice", which[2])
    yield from answers.remarks()
    yield from stream.remarks


def _records(fields: Fields, site: Site, now: datetime.datetime, answers: Answers) -> Records:
    record, remarks = make_item(fields, site, now)
    answers.note(fields.get("wp:post_id"), record)
    yield record
    yield from remarks


def _note_channel(site: Site, element: etree._Element, children: Fields) -> None:
    """Takes over what an element of the channel says of the blog; its own address wins over the link."""
    name = name_of(element)
    text = (element.text or "").strip()
    if name == "title":
        site.name = plain_name(text, is_cdata(element))[:200]
    elif name == "language":
        site.language = text[:12]
    elif name == "wp:base_blog_url" or (name == "link" and not site.url):
        site.url = text
    elif name == "wp:author":
        site.note_author(children)


def _ids_found_twice(source: Source) -> set[str]:
    """The ids of posts that the raw file names more than once."""
    seen: set[bytes] = set()
    twice: set[bytes] = set()
    tail = b""
    with source.path.open("rb") as file:
        while chunk := file.read(1_000_000):
            data = tail + chunk
            # A token that reaches into the next piece is found there.
            end = len(data) if len(chunk) < 1_000_000 else len(data) - 100
            for found in _POST_ID.finditer(data, 0):
                if found.start() < end:
                    (twice if found[1] in seen else seen).add(found[1])
            tail = data[end:]
    return {post_id.decode() for post_id in twice}
