"""Writes what an element holds as the few tags that this site knows; images become notes for staff."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlsplit

from lxml import etree

from forum.importing.formats.html.furniture import DROPPED_TAGS
from forum.importing.formats.html.page import Page, walk
from forum.text.clean import TAGS

_RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "strike": "s", "tt": "code", "samp": "code", "kbd": "code"}
_RENAMED |= {"var": "i", "dfn": "em", "big": "strong", "dt": "p", "dd": "p", "tr": "p", "figcaption": "p"}
_RENAMED |= {"caption": "p", "address": "p", "summary": "p", "dir": "ul", "menu": "ul", "listing": "pre"}
_BLOCKS = frozenset(
    {
        *(
            "p",
            "div",
            "section",
            "article",
            "header",
            "footer",
            "main",
            "aside",
            "figure",
            "blockquote",
            "pre",
        ),
        *(
            "ul",
            "ol",
            "li",
            "dl",
            "dt",
            "dd",
            "table",
            "tbody",
            "thead",
            "tfoot",
            "tr",
            "h1",
            "h2",
            "h3",
            "h4",
        ),
        *("h5", "h6", "hr", "center", "details", "fieldset", "address", "figcaption", "caption"),
    }
)
_WRAPPERS = frozenset(
    {"div", "section", "article", "header", "footer", "main", "aside", "figure", "center", "details"}
)
_VOID = frozenset({"br", "hr"})
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLOCK_NAMES = "p|ul|ol|li|blockquote|pre|h2|h3|h4|hr"
_RUNS = re.compile(r" {2,}")
_AROUND = re.compile(rf" ?(</?(?:{_BLOCK_NAMES})>|<br>) ?")
_BREAKS = re.compile(r"(?:<br>)+")
_EMPTY = re.compile(r"<(p|li|a|em|strong|b|i|u|s|h2|h3|h4|blockquote|ul|ol|pre|code|sub|sup)>[ \u00a0]*</\1>")
_PARTED = re.compile(rf"(</(?:{_BLOCK_NAMES})>|<hr>)(?=<)")
_PRE = re.compile(r"(<pre>.*?</pre>)", re.DOTALL)
_MOST_ROUNDS = 8
_MOST_IMAGES = 200
_NOT_KEPT = (
    "gravatar.com",
    "pixel.wp.com",
    "stats.wordpress.com",
    "feeds.feedburner.com",
    "b.scorecardresearch",
)


@dataclass(slots=True)
class Media:
    """The addresses of images and of embedded pages that the bodies do without."""

    images: list[str] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)

    def note(self, element: etree._Element, page: Page) -> None:
        """Takes the address of an image or embedded page down, avatars and counting pixels excepted."""
        where = self.embeds if element.tag in {"iframe", "embed"} else self.images
        source = next(
            (
                value
                for name in ("data-orig-file", "data-lazy-src", "data-src", "src")
                if (value := element.get(name))
            ),
            None,
        )
        address = page.link(source)
        pixel = element.get("width") == "1" or element.get("height") == "1"
        if not address or pixel or address in where or len(where) >= _MOST_IMAGES:
            return
        if not (urlsplit(address).hostname or "").endswith(_NOT_KEPT):
            where.append(address)


def inner_html(
    elements: list[etree._Element], page: Page, media: Media, skipped: Callable[[etree._Element], bool]
) -> str:
    """What `elements` hold, in the tags of forum.text.clean.TAGS only, without what is `skipped`.

    Of one element only what is in it is written; several are written with their own tags. Links
    become whole addresses, images leave the text (the little pictures of smileys become their signs
    again). The result is still to be sanitised: its text may be anything.
    """
    writer = _Writer(page, media)
    several = len(elements) > 1
    for element in elements:
        if several and (skipped(element) or element.tag in DROPPED_TAGS):
            continue
        for event, part in walk(element, lambda each: not (skipped(each) or each.tag in DROPPED_TAGS)):
            if event == "start":
                writer.start(part, part is element and not several)
            elif event == "end":
                writer.end(part, part is element)
            else:
                writer.skip(part)
    return tidied("".join(writer.pieces))


def tidied(html: str) -> str:
    """Markup without empty elements and without spaces around blocks; `pre` stays as it is."""
    parts = _PRE.split(html)
    for place in range(0, len(parts), 2):
        parts[place] = _AROUND.sub(r"\1", _RUNS.sub(" ", parts[place]))
    html = "".join(parts)
    for _ in range(_MOST_ROUNDS):
        html, changes = _EMPTY.subn("", html)
        if not changes:
            break
    html = _BREAKS.sub(_break_between, html)
    return _PARTED.sub(r"\1\n", html).strip()


def _break_between(breaks: re.Match[str]) -> str:
    """The line breaks, none at either end of the text or of a paragraph."""
    html = breaks.string
    ends = breaks.end() == len(html) or html.startswith(("<p>", "</p>"), breaks.end())
    return "" if ends or breaks.start() == 0 else breaks[0]


class _Writer:
    """Collects markup while an element is gone through."""

    def __init__(self, page: Page, media: Media) -> None:
        self.pieces: list[str] = []
        self._page = page
        self._media = media
        self._closing: list[str] = []
        self._pre = 0

    def start(self, element: etree._Element, is_root: bool) -> None:
        """Writes an element's tag, unless it is the root, and its first text."""
        tag = "" if is_root else self._name(element)
        self._pre += element.tag == "pre"
        closing = ""
        if element.tag == "img":
            self._image(element)
        elif tag in _VOID:
            self.pieces.append(f"<{tag}>")
        elif tag:
            attributes = self._attributes(element, tag)
            if attributes is not None:
                self.pieces.append(f"<{tag}{attributes}>")
                closing = f"</{tag}>"
        self._closing.append(closing)
        self._text(element.text)

    def end(self, element: etree._Element, is_root: bool) -> None:
        """Writes the end of an element and the text behind it, which is not the root's own."""
        self._pre -= element.tag == "pre"
        self.pieces.append(self._closing.pop())
        if is_root:
            return
        if element.tag in {"td", "th"}:
            self.pieces.append(" ")
        self._text(element.tail)

    def skip(self, element: etree._Element) -> None:
        """Writes the text behind an element that is left out."""
        if element.tag in {"iframe", "embed"}:
            self._media.note(element, self._page)
        self._text(element.tail)

    def _name(self, element: etree._Element) -> str:
        """The tag to write for an element, "" for one whose content stands without it."""
        tag = _RENAMED.get(element.tag, element.tag)
        if tag in TAGS:
            return tag
        if tag in _WRAPPERS and not any(child.tag in _BLOCKS for child in element):
            return "p"
        return ""

    def _attributes(self, element: etree._Element, tag: str) -> str | None:
        """The attributes to write, None for a link that leads nowhere and goes without its tag."""
        if tag != "a":
            return ""
        address = self._page.link(element.get("href"))
        return f' href="{escape(address)}"' if address else None

    def _image(self, element: etree._Element) -> None:
        classes = set((element.get("class") or "").split())
        if classes & {"wp-smiley", "emoji", "smiley"}:
            self._text(element.get("alt"))
        else:
            self._media.note(element, self._page)

    def _text(self, text: str | None) -> None:
        if text:
            self.pieces.append(escape(text if self._pre else _SPACES.sub(" ", text), quote=False))
