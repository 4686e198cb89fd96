"""Little Blogger feeds, written for the tests, and a way to read them."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape, quoteattr

from forum.importing.formats.blogger.reader import read
from forum.importing.records import ArchivedArticle, ArchivedComment, Given, Remark, SkippedItem, Source

BLOG = "tag:blogger.com,1999:blog-77"
HOST = "https://example.blogspot.com"
KIND = "http://schemas.google.com/g/2005#kind"
KINDS = "http://schemas.google.com/blogger/2008/kind#"
NAMESPACES = (
    "xmlns='http://www.w3.org/2005/Atom' xmlns:gd='http://schemas.google.com/g/2005' "
    "xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:app='http://purl.org/atom/app#'"
)
OLD_HEAD = (
    f"<id>{BLOG}.archive</id><title type='text'>Our blog</title>"
    f"<link rel='alternate' type='text/html' href='{HOST}/'/>"
    "<author><name>Vera</name><uri>https://www.blogger.com/profile/9</uri>"
    "<email>vera@example.org</email></author><generator version='7.00'>Blogger</generator>"
)
NEW_HEAD = f"<id>{BLOG}</id><title>Our blog</title>"


def author(name: str, uri: str = "", kind: str = "") -> str:
    """The author element of an entry, with an address of e-mail as Blogger gives one."""
    kind = f"<blogger:type>{kind}</blogger:type>" if kind else ""
    return (
        f"<author><name>{escape(name)}</name><uri>{escape(uri)}</uri>"
        f"<email>noreply@blogger.com</email>{kind}</author>"
    )


def old_entry(kind: str, number: int | str, more: str = "", **parts: str) -> str:
    """An entry of the old export; `parts` are title, body, published, updated, uri, name."""
    category = f"<category scheme='{KIND}' term='{KINDS}{kind}'/>" if kind else ""
    return (
        f"<entry><id>{BLOG}.post-{number}</id>"
        f"<published>{parts.get('published', '2012-05-01T10:00:00.000+02:00')}</published>"
        f"<updated>{parts.get('updated', '2012-06-01T10:00:00.000+02:00')}</updated>{category}"
        f"<title type='text'>{escape(parts.get('title', ''))}</title>"
        f"<content type='html'>{escape(parts.get('body', 'Words'))}</content>"
        f"{author(parts.get('name', 'Reader'), parts.get('uri', ''))}{more}</entry>"
    )


def old_post(number: int | str = 1, more: str = "", **parts: str) -> str:
    """A post of the old export with its address."""
    address = f"<link rel='alternate' type='text/html' href='{HOST}/2012/05/post-{number}.html'/>"
    parts = {"title": f"Post {number}", "name": "Vera", "uri": "https://www.blogger.com/profile/9"} | parts
    return old_entry("post", number, address + more, **parts)


def old_comment(
    number: int | str, post: int | str = 1, parent: int | str = "", more: str = "", **parts: str
) -> str:
    """A comment of the old export."""
    page = f"{HOST}/2012/05/post-{post}.html"
    places = (
        f"<link rel='alternate' type='text/html' href='{page}?showComment=13#c{number}'/>"
        f"<thr:in-reply-to href='{page}' ref='{BLOG}.post-{post}' type='text/html'/>"
    )
    if parent:
        href = f"https://www.blogger.com/feeds/77/{post}/comments/default/{parent}"
        places += f"<link rel='related' type='application/atom+xml' href={quoteattr(href)}/>"
    return old_entry("comment", number, places + more, **parts)


def new_entry(kind: str, number: int | str, status: str = "LIVE", **parts: str) -> str:
    """An entry of Takeout; `parts` are parent, reply, title, body, filename, published, trashed, author."""
    comment = ""
    if "parent" in parts:
        comment = f"<blogger:parent>{BLOG}.post-{parts['parent']}</blogger:parent><blogger:inReplyTo>"
        comment += f"{BLOG}.post-{parts['reply']}" if parts.get("reply") else ""
        comment += "</blogger:inReplyTo>"
    return (
        f"<entry><id>{BLOG}.{'page' if kind == 'PAGE' else 'post'}-{number}</id>{comment}"
        f"<blogger:type>{kind}</blogger:type><blogger:status>{status}</blogger:status>"
        f"{parts.get('author', author('Reader'))}<title>{escape(parts.get('title', ''))}</title>"
        f"<content type='html'>{escape(parts.get('body', 'Words'))}</content>"
        "<blogger:created>2011-01-01T00:00:00Z</blogger:created>"
        f"<published>{parts.get('published', '2012-05-01T10:00:00Z')}</published>"
        "<updated>2013-01-01T00:00:00Z</updated>"
        f"<blogger:filename>{parts.get('filename', '')}</blogger:filename>"
        f"<blogger:trashed>{parts.get('trashed', '')}</blogger:trashed></entry>"
    )


def old_feed(*entries: str) -> str:
    """A feed of the old export."""
    return f"<?xml version='1.0' encoding='UTF-8'?><feed {NAMESPACES}>{OLD_HEAD}{''.join(entries)}</feed>"


def new_feed(*entries: str) -> str:
    """A feed.atom of Takeout."""
    blogger = "xmlns:blogger='http://schemas.google.com/blogger/2018'"
    head = f"<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom' {blogger}>"
    return f"{head}{NEW_HEAD}{''.join(entries)}</feed>"


def records(feed: str, given: Given | None = None) -> list[ArchivedArticle | SkippedItem | Remark]:
    """All that the reader hands on for a feed."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "feed.xml"
        path.write_text(feed, encoding="utf-8")
        return list(read(Source(path, "feed.xml", given or Given())))


def articles(feed: str, given: Given | None = None) -> list[ArchivedArticle]:
    """The articles of a feed."""
    return [record for record in records(feed, given) if isinstance(record, ArchivedArticle)]


def skipped(feed: str) -> list[SkippedItem]:
    """What a feed's reader left out, on its own or under an article."""
    found = records(feed)
    own = [record for record in found if isinstance(record, SkippedItem)]
    return own + [
        item for article in found if isinstance(article, ArchivedArticle) for item in article.skipped
    ]


def comments(feed: str) -> list[ArchivedComment]:
    """The comments of the only article in a feed."""
    (article,) = articles(feed)
    return article.comments


def comment(feed: str) -> ArchivedComment:
    """The only comment in a feed."""
    (found,) = comments(feed)
    return found


def tree(found: Sequence[ArchivedComment]) -> list[tuple[str, str | None]]:
    """Key and parent of comments in reading order."""
    return [(each.key, each.parent_key) for each in found]


def codes(found: Sequence[Remark | SkippedItem]) -> list[str]:
    """The codes of remarks or skipped items."""
    return [each.code for each in found]
