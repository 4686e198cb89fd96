"""The threads of a Disqus export: one for each page, and those that stand for the same page united."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from lxml import etree

from forum.importing.formats.wxr.comments import without_email
from forum.importing.formats.xml_stream import local, namespace
from forum.text.clean import is_web_address
from forum.text.tidy import one_line

_CAMPAIGN = re.compile(r"utm_\w+|fbclid|gclid", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Thread:
    """A `thread` element, and what stands in for one that the posts name and the file does not hold."""

    id: str
    link: str = ""
    identifier: str = ""
    title: str = ""
    forum: str = ""
    message: str = ""
    created: str = ""
    author: str = ""
    username: str = ""
    closed: bool = False
    deleted: bool = False
    missing: bool = False

    @property
    def page(self) -> str:
        """What is the same for all threads of one page: the address without scheme, campaign and slash."""
        if not is_web_address(self.link):
            return f"thread {self.id}"
        parts = urlsplit(self.link)
        query = [pair for pair in parse_qsl(parts.query, True) if not _CAMPAIGN.fullmatch(pair[0])]
        tail = f"?{urlencode(query)}" if query else ""
        return f"{parts.netloc.lower()}{parts.path.rstrip('/')}{tail}"

    @property
    def name(self) -> str:
        """The title, else words of the address or identifier, else the id, so that it can be listed."""
        if self.title:
            return self.title
        path = urlsplit(self.link).path if is_web_address(self.link) else self.identifier
        parts = [part for part in unquote(path).split("/") if part and not part.startswith("index.")]
        words = one_line(re.sub(r"[-_]+", " ", re.sub(r"\.\w{2,5}$", "", parts[-1])), 200) if parts else ""
        return words[:1].upper() + words[1:] if words else f"Thread {self.id}".strip()


def thread_of(element: etree._Element) -> Thread:
    """Reads a `thread` element (Disqus export 1.0); empty `<id/>` and `<title/>` are usual."""
    author = child(element, "author")
    return Thread(
        id=id_of(element),
        link=said(element, "link"),
        identifier=said(element, "id"),
        title=one_line(said(element, "title"), 500),
        forum=said(element, "forum"),
        message=said(element, "message"),
        created=said(element, "createdAt"),
        author=without_email(one_line(said(author, "name"), 500)),
        username=said(author, "username"),
        closed=is_true(element, "isClosed"),
        deleted=is_true(element, "isDeleted"),
    )


def id_of(element: etree._Element | None) -> str:
    """The `dsq:id` of a thread or post, "" without one; the element `id` is something else."""
    if element is None:
        return ""
    for name, value in element.attrib.items():
        if str(name).rpartition("}")[2] == "id" and "disqus" in str(name):
            return str(value).strip()
    return ""


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that name, in whatever of the namespaces of Disqus."""
    return next((one for one in element if local(one) == name and "disqus" in namespace(one)), None)


def said(element: etree._Element | None, name: str) -> str:
    """The text of a child, "" when there is none."""
    found = child(element, name) if element is not None else None
    return "".join(found.itertext()).strip() if found is not None else ""


def is_true(element: etree._Element, name: str) -> bool:
    """Whether a child says `true`."""
    return said(element, name).lower() in {"true", "1"}
