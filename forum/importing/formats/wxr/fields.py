"""What is read of one `item` or `author` element of a WXR file, by name whatever the prefix."""

from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from forum.importing.formats.xml_stream import is_cdata, local, namespace

_EXPORT = "http://wordpress.org/export/"
_SHORT = {
    "": "",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}
_WANTED = frozenset(
    {
        *("title", "link", "guid", "pubDate", "dc:creator", "content:encoded", "dsq:thread_identifier"),
        *("wp:post_id", "wp:post_date", "wp:post_date_gmt", "wp:post_name", "wp:post_type", "wp:status"),
        *("wp:post_password", "wp:author_id", "wp:author_login", "wp:author_email"),
        "wp:author_display_name",
    }
)
_OF_COMMENTS = {
    "comment_id": "id",
    "comment_author": "author",
    "comment_author_email": "email",
    "comment_author_url": "url",
    "comment_date": "date",
    "comment_date_gmt": "gmt",
    "comment_content": "content",
    "comment_approved": "approved",
    "comment_type": "type",
    "comment_parent": "parent",
    "comment_user_id": "user_id",
}


@dataclass(frozen=True, slots=True)
class Text:
    """The text of an element; `encoded` when it stood in CDATA, so that its entities are yet to decode."""

    text: str = ""
    encoded: bool = False


@dataclass(slots=True)
class RawComment:
    """A `wp:comment` as it is written. The e-mail address serves comparison and goes into no record."""

    id: str = ""
    author: str = ""
    author_encoded: bool = False
    email: str = ""
    url: str = ""
    date: str = ""
    gmt: str = ""
    content: str = ""
    approved: str = ""
    type: str = ""
    parent: str = ""
    user_id: str = ""


@dataclass(slots=True)
class Fields:
    """The children of one element that are wanted, the first of each name, and its comments."""

    texts: dict[str, Text] = field(default_factory=dict)
    comments: list[RawComment] = field(default_factory=list)

    def add(self, element: etree._Element) -> None:
        """Takes over one child element."""
        name = name_of(element)
        if name == "wp:comment":
            self.comments.append(_raw_comment(element))
        elif name in _WANTED and name not in self.texts:
            self.texts[name] = Text("".join(element.itertext()), is_cdata(element))

    def merge(self, other: "Fields") -> None:
        """Takes over the comments of a copy of the same item, and what is empty here and not there."""
        self.comments += other.comments
        self.texts.update({name: text for name, text in other.texts.items() if not self.get(name)})

    def get(self, name: str) -> str:
        """A text without white space around it, "" when the element is missing."""
        return self.texts.get(name, Text()).text.strip()


def name_of(element: etree._Element) -> str:
    """The name with the usual prefix of its namespace; WXR's own is `wp:` in every version of it."""
    return _name_of(namespace(element), local(element))


@lru_cache(maxsize=500)
def _name_of(space: str, name: str) -> str:
    # A prefix of one's own that was never declared can only stand for WordPress's names.
    if space.startswith((_EXPORT, "urn:undeclared:")):
        return f"{'excerpt:' if 'excerpt' in space else 'wp:'}{name}"
    if "disqus.com" in space:
        return f"dsq:{name}"
    return f"{_SHORT.get(space, '?:')}{name}"


def _raw_comment(element: etree._Element) -> RawComment:
    raw = RawComment()
    for child in element:
        name = _OF_COMMENTS.get(local(child))
        if name and name_of(child).startswith("wp:"):
            text = "".join(child.itertext())
            setattr(raw, name, text if name in {"author", "content"} else text.strip())
            if name == "author":
                raw.author_encoded = is_cdata(child)
    return raw
