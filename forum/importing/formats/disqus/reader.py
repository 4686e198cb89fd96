"""Reads Disqus exports: one article for each page that has comments."""

import datetime

from forum.importing.formats.disqus.posts import make_comments, packed, places_of
from forum.importing.formats.disqus.threads import Thread, child, id_of, thread_of
from forum.importing.formats.remarks import remarked
from forum.importing.formats.wxr.bodies import paragraphs
from forum.importing.formats.wxr.dates import parsed
from forum.importing.formats.wxr.tree import number_of
from forum.importing.formats.xml_stream import XmlStream, local, root_of
from forum.importing.records import (
    ArchivedArticle,
    Records,
    RefusedError,
    Remark,
    SkippedItem,
    Source,
)
from forum.text.clean import is_web_address

NAME = "disqus"

_HEAD = 65_536


def recognises(head: bytes, name: str) -> bool:
    """Whether a file that begins with `head` is a Disqus export."""
    return root_of(head)[1] == "disqus"


@remarked
def read(source: Source) -> Records:
    """Yields an article for each page with comments, a skipped item for each thread without, remarks.

    Posts may stand before their threads, so nothing is yielded before the end of the file; posts wait
    packed. RefusedError for what is no Disqus export or not safe; DamagedError for a file that breaks
    off, unless the source may be damaged. Format: Disqus export (disqus.xsd 1.0).
    """
    with source.path.open("rb") as file:
        root = root_of(file.read(_HEAD))[1]
    if root not in {"disqus", ""}:
        raise RefusedError(f"“{source.name}” is no Disqus export: it begins with <{root}> and not <disqus>.")
    stream = XmlStream(source, (1,), ("thread", "post"))
    threads: dict[str, Thread] = {}
    posts: dict[str, list[bytes]] = {}
    for _, element in stream.elements():
        if local(element) == "thread":
            thread = thread_of(element)
            threads.setdefault(thread.id, thread)
        elif local(element) == "post":
            posts.setdefault(id_of(child(element, "thread")), []).append(packed(element))
    for thread_id in posts:
        threads.setdefault(thread_id, Thread(thread_id, missing=True))
    now, places = datetime.datetime.now(datetime.UTC), places_of(posts)
    for united in _by_page(threads):
        packs = [pack for thread in united for pack in posts.pop(thread.id, ())]
        if packs:
            yield _article(united, packs, now, places)
        else:
            for thread in united:
                yield SkippedItem("thread", thread.id, "no_comments", thread.name[:200])
    yield from stream.remarks


def _by_page(threads: dict[str, Thread]) -> list[list[Thread]]:
    """The threads that stand for the same page together, the lowest id first."""
    pages: dict[str, list[Thread]] = {}
    for thread in threads.values():
        pages.setdefault(thread.page, []).append(thread)
    return [sorted(page, key=lambda thread: number_of(thread.id)) for page in pages.values()]


def _article(
    united: list[Thread], packs: list[bytes], now: datetime.datetime, places: dict[str, str]
) -> ArchivedArticle:
    thread = united[0]
    url = thread.link if is_web_address(thread.link) else ""
    article = ArchivedArticle(
        title=thread.name,
        body=paragraphs(thread.message),
        body_format="html",
        url=url,
        source_id=thread.id,
        blog_id=thread.forum,
        state="trash" if all(one.deleted for one in united) else "published",
        addresses=[link for one in united[1:] if (link := one.link) != url],
        author_name=thread.author,
        site_name=thread.forum,
    )
    _set_date(article, thread)
    _add_hints(article, united)
    if thread.missing:
        # Nobody can say what page this was, so the public is not shown it before somebody has looked.
        article.state = "pending"
        message = (
            f"The thread {thread.id} of {len(packs)} posts is not in the file; they wait for an address."
        )
        article.remarks.append(Remark("thread_missing", thread.id, message))
    if len(united) > 1:
        ids = ", ".join(one.id for one in united)
        message = f"The threads {ids} have the same address and became one article; please confirm."
        article.remarks.append(Remark("threads_united", thread.id, message))
    article.comments, remarks = make_comments(packs, url, thread.username, now, places)
    article.remarks += remarks
    return article


def _set_date(article: ArchivedArticle, thread: Thread) -> None:
    at = parsed(thread.created)
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=datetime.UTC)
    article.published_at = at
    if at:
        article.date_precision = "second"
    else:
        article.date_as_written = thread.created[:100]


def _add_hints(article: ArchivedArticle, united: list[Thread]) -> None:
    thread = united[0]
    hints = {
        "thread_identifier": thread.identifier[:500],
        "closed": all(one.closed for one in united),
        "title_made": not thread.title,
        "link_as_written": "" if article.url or "@" in thread.link else thread.link[:2000],
        "threads": [one.id for one in united] if len(united) > 1 else [],
    }
    article.hints.update({name: value for name, value in hints.items() if value})
