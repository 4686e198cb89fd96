"""One child of a Blogger feed, its parts found by short names such as `thr:total`."""

from collections.abc import Iterable
from functools import lru_cache

from lxml import etree

KIND_SCHEME = "http://schemas.google.com/g/2005#kind"
_NAMESPACES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://schemas.google.com/g/2005": "gd",
    "http://purl.org/atom/app#": "app",
    "http://www.w3.org/2007/app": "app",
}
_BLOGGER = "http://schemas.google.com/blogger/"  # 2018 so far


@lru_cache(maxsize=1024)
def short_name(tag: str) -> str:
    """`{namespace}name` as `prefix:name`, with the usual prefix whatever the file calls it."""
    namespace, _, name = tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    if namespace.startswith(_BLOGGER):
        return f"blogger:{name}"
    return f"{_NAMESPACES.get(namespace, '')}:{name}"


class Entry:
    """The direct children of an element by name; those of its author do not count as its own (G3).

    Any sequence of elements will do, such as a single child of the feed.
    """

    def __init__(self, parts: Iterable[etree._Element]) -> None:
        self._parts: dict[str, list[etree._Element]] = {}
        for child in parts:
            if isinstance(child.tag, str):
                self._parts.setdefault(short_name(child.tag), []).append(child)

    def all(self, name: str) -> list[etree._Element]:
        """Every child of that name."""
        return self._parts.get(name, [])

    def first(self, name: str) -> etree._Element | None:
        """The first child of that name, None without one."""
        parts = self._parts.get(name)
        return parts[0] if parts else None

    def text(self, name: str) -> str:
        """The text of the first child of that name, stripped; "" without one."""
        part = self.first(name)
        return "" if part is None else "".join(part.itertext()).strip()

    def links(self, rel: str) -> list[str]:
        """The addresses of its links of one relation; a link without relation is an alternate one."""
        found = (part for part in self.all("atom:link") if (part.get("rel") or "alternate") == rel)
        return [address for part in found if (address := (part.get("href") or "").strip())]

    def pages(self) -> list[str]:
        """The addresses of the web pages that show the same."""
        return [
            address
            for part in self.all("atom:link")
            if (part.get("rel") or "alternate") == "alternate"
            and part.get("type") in {None, "", "text/html"}
            and is_web(address := (part.get("href") or "").strip())
        ]

    def kind(self) -> str:
        """What the entry is: post, page, comment, settings, template, another word, or "" (G1, G3)."""
        for category in self.all("atom:category"):
            if category.get("scheme") == KIND_SCHEME:
                return (category.get("term") or "").rpartition("#")[2].lower()
        return self.text("blogger:type").lower()

    def labels(self) -> list[str]:
        """The labels of a post."""
        found = (part for part in self.all("atom:category") if part.get("scheme") != KIND_SCHEME)
        return [label for part in found if (label := (part.get("term") or "").strip())]

    def is_draft(self) -> bool:
        """Whether the old export marks the entry as a draft (G7)."""
        return any("".join(part.itertext()).strip().lower() == "yes" for part in self.all("app:control"))

    def properties(self) -> dict[str, str]:
        """Google's extended properties by name."""
        return {part.get("name", ""): part.get("value", "") for part in self.all("gd:extendedProperty")}

    def is_trashed(self) -> bool:
        """Whether Takeout says that the item is in the trash; the element is there and empty if not."""
        return self.text("blogger:trashed").lower() not in {"", "false", "0", "no"}


def is_web(address: str) -> bool:
    """Whether an address is one of the web."""
    return address.lower().startswith(("http://", "https://"))
