"""Small WXR files, made from what a test says of a comment or an item."""

from pathlib import Path

from forum.importing.formats.wxr import reader
from forum.importing.records import ArchivedArticle, ArchivedComment, Remark, SkippedItem, Source

EXPORT = "http://wordpress.org/export/1.2/"
AUTHOR = (
    "<wp:author><wp:author_id>7</wp:author_id><wp:author_login>Anna</wp:author_login>"
    "<wp:author_email>anna@blog.example</wp:author_email>"
    "<wp:author_display_name><![CDATA[Dr Anna]]></wp:author_display_name></wp:author>"
)


def comment(number="1", parent="0", content="Words.", **said: str) -> str:
    """A `wp:comment`; keyword arguments are elements by name without `comment_`."""
    given = {
        "id": number,
        "author": "Ben",
        "author_email": "ben@reader.example",
        "author_IP": "192.0.2.9",
        "date": "2014-03-05 11:31:07",
        "date_gmt": "2014-03-05 10:31:07",
        "content": f"<![CDATA[{content}]]>",
        "approved": "1",
        "type": "",
        "parent": parent,
        "user_id": "0",
        **said,
    }
    inside = "".join(f"<wp:comment_{name}>{text}</wp:comment_{name}>\n" for name, text in given.items())
    return f"<wp:comment>{inside}</wp:comment>\n"


def item(*comments: str, body="Text.", **said: str) -> str:
    """An `item`; keyword arguments are its `wp:` elements, and title, link and guid."""
    given = {
        "title": "A post",
        "link": "https://blog.example/2014/03/05/a-post/",
        "guid": "https://blog.example/?p=12",
        **{f"wp:{name}": text for name, text in (("post_id", "12"), ("post_type", "post"))},
        "wp:status": "publish",
        "wp:post_date": "2014-03-05 09:00:01",
        "wp:post_date_gmt": "2014-03-05 08:00:01",
        "dc:creator": "anna",
    }
    for name, text in said.items():
        given[name if name in {"title", "link", "guid", "pubDate"} else f"wp:{name}"] = text
    inside = "".join(f"<{name}>{text}</{name}>\n" for name, text in given.items() if text is not None)
    content = f"<content:encoded><![CDATA[{body}]]></content:encoded>"
    return f"<item>{inside}{content}{''.join(comments)}</item>\n"


def wxr(*items: str, export=EXPORT, head="", prefix="wp") -> str:
    """A whole file."""
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:wp="{export}" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>The Blog</title><link>https://blog.example</link><language>en</language>
<wp:base_blog_url>https://blog.example</wp:base_blog_url>{AUTHOR}{head}
{"".join(items)}</channel></rss>"""
    return text.replace("xmlns:wp", f"xmlns:{prefix}").replace("wp:", f"{prefix}:")


def read_all(
    folder: Path, text: str | bytes, *, accept_damaged=False
) -> list[ArchivedArticle | SkippedItem | Remark]:
    """All records of a file with that content."""
    path = folder / "export.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert reader.recognises(path.read_bytes()[:65_536], path.name)
    return list(reader.read(Source(path, path.name, accept_damaged=accept_damaged)))


def articles(folder: Path, text: str | bytes, **options) -> list[ArchivedArticle]:
    """Its articles."""
    return [one for one in read_all(folder, text, **options) if isinstance(one, ArchivedArticle)]


def article(folder: Path, *comments: str, **said: str) -> ArchivedArticle:
    """The article of a file with one item."""
    (only,) = articles(folder, wxr(item(*comments, **said)))
    return only


def one_comment(folder: Path, **said: str) -> ArchivedComment:
    """The comment of a file with one comment."""
    (only,) = article(folder, comment(**said)).comments
    return only


def codes(remarks: list) -> list[str]:
    """The codes of the remarks in a list of records."""
    return [one.code for one in remarks if isinstance(one, Remark)]


def tree(comments: list[ArchivedComment]) -> list[tuple[str, str | None]]:
    """Keys with the keys of their parents, in reading order."""
    return [(one.key, one.parent_key) for one in comments]
