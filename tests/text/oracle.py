"""Judges cleaned HTML by its grammar, with no sanitiser's help: what it passes no browser can run."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from forum.text.clean import TAGS

ATTRIBUTES = {"a": {"href", "title", "rel"}, "abbr": {"title"}}
VOID = {"br", "hr"}
REL = "nofollow ugc noopener noreferrer"
# Every `<` has to begin one of these: then there is only one way to read it.
_TAG = re.compile(r'</[a-z0-9]+>|<[a-z0-9]+(?: [a-z]+="[^"]*")*>')


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"element {tag}")
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()):
                self.faults.append(f"attribute {name} of {tag}")
            if name == "href":
                self._judge_address(value or "")
            if name == "rel" and value != REL:
                self.faults.append(f"rel {value}")
        if tag == "a" and "rel" not in dict(attrs):
            self.faults.append("a link without rel")

    def _judge_address(self, address: str) -> None:
        # As browsers read it: controls and spaces around go, tabs and line ends within go too.
        seen = re.sub(r"[\t\n\r]", "", address.strip("".join(map(chr, range(33)))))
        try:
            is_web = re.match(r"https?://[^/\\]", seen, re.IGNORECASE) and urlsplit(seen).hostname
        except ValueError:
            is_web = False
        if not is_web:
            self.faults.append(f"address {address!r}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults.append(f"self-closing {tag}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data[:40]!r}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl[:40]!r}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data[:40]!r}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"section {data[:40]!r}")


def faults(html: str) -> list[str]:
    """Everything in a piece of HTML that may not be there; empty when it is safe."""
    elements = _Elements()
    try:
        elements.feed(html)
        elements.close()
    except AssertionError as error:  # the parser's answer to a broken declaration
        elements.faults.append(f"markup that cannot be read: {error}")
    rest = _TAG.sub("", html)
    found = list(elements.faults)
    if "<" in rest:
        found.append(f"a “<” that begins no plain tag: {rest[rest.index('<') :][:40]!r}")
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", html):
        found.append("a control character")
    return found


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def visible(html: str) -> str:
    """What a reader sees of a piece of HTML."""
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.words)


def links(html: str) -> list[str]:
    """The addresses of all links, in order."""
    found: list[str] = []

    class _Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(value or "" for name, value in attrs if name == "href")

    parser = _Links()
    parser.feed(html)
    parser.close()
    return found
