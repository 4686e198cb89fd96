"""Text of Atom entries: decoded exactly once, without the control words that copies of pages bring."""

import re

from lxml import etree, html

from forum.importing.formats.blogger.entries import Entry

_BREAK = re.compile(r"(<br\s*/?>|\r?\n)", re.IGNORECASE)
_ANYWHERE = {"replydelete", "reply delete"}
_AT_THE_END = {*_ANYWHERE, "replies", "add comment", "load more...", "load more…"}
_HINT_OF_CONTROL = re.compile(r"delete|replies|add comment|load more", re.IGNORECASE)


def body_of(entry: Entry) -> tuple[str, str]:
    """The body of an entry and its format, html or text; ("", "html") without one.

    The XML parser has decoded the text once; nothing here decodes it again (RFC 4287, 4.1.3).
    """
    element = entry.first("atom:content")
    if element is None:
        element = entry.first("atom:summary")
    if element is None:
        return "", "html"
    kind = (element.get("type") or "text").lower()
    if len(element):
        return _inner(element), "html"
    return (element.text or "").strip(), "html" if "html" in kind else "text"


def title_of(entry: Entry) -> str:
    """The title of an entry or feed as plain text in one line."""
    element = entry.first("atom:title")
    if element is None:
        return ""
    text = "".join(element.itertext())
    if (element.get("type") or "text").lower() == "html":
        text = _as_text(text)
    return " ".join(text.split())


def without_controls(body: str) -> tuple[str, list[str]]:
    """A body without lines that are a page's controls, and those lines; a sentence is never touched.

    “ReplyDelete” goes wherever it is a line of its own, the other words only at the end (G10).
    """
    if not _HINT_OF_CONTROL.search(body):
        return body, []
    parts = _BREAK.split(body)
    lines, cut = parts[::2], []
    ends = len(lines)
    while ends and (not lines[ends - 1].strip() or _folded(lines[ends - 1]) in _AT_THE_END):
        ends -= 1
    cut = [line.strip() for line in lines[ends:] if line.strip()]
    kept = ""
    for place, line in enumerate(lines[:ends]):
        if _folded(line) in _ANYWHERE:
            cut.insert(0, line.strip())
            continue
        kept += line + (parts[2 * place + 1] if place + 1 < ends else "")
    if not cut or not kept.strip():
        return body, []
    return kept, cut


def _folded(line: str) -> str:
    return " ".join(line.replace("&nbsp;", " ").split()).casefold()


def _as_text(markup: str) -> str:
    if "<" not in markup and "&" not in markup:
        return markup
    try:
        return html.fragment_fromstring(markup, create_parent="div").text_content()
    except (etree.ParserError, ValueError):
        return markup


def _inner(element: etree._Element) -> str:
    """What is inside an element as HTML; the `div` that Atom puts around XHTML is not part of it."""
    own = [child for child in element if isinstance(child.tag, str)]
    if len(own) == 1 and etree.QName(own[0]).localname == "div" and not (element.text or "").strip():
        element = own[0]
    first = _escaped(element.text or "")
    inside = (etree.tostring(_plain(child), method="html", encoding="unicode") for child in element)
    return (first + "".join(inside)).strip()


def _plain(element: etree._Element) -> etree._Element:
    """A copy without namespaces, which HTML has not; the depth is bounded by the XML reader."""
    attributes = {name: value for name, value in element.attrib.items() if not name.startswith("{")}
    copy = etree.Element(etree.QName(element).localname, attributes)
    copy.text, copy.tail = element.text, element.tail
    copy.extend(_plain(child) for child in element if isinstance(child.tag, str))
    return copy


def _escaped(text: str) -> str:
    """Text as HTML: the three characters that would be markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
