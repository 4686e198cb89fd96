"""Makes comment records of the elements that hold comments."""

import re
from collections.abc import Sequence

from lxml import etree

from forum.importing.formats.html.authors import Author, read_author
from forum.importing.formats.html.boxes import CHILDREN, Box, target_of
from forum.importing.formats.html.dates import When, read_when
from forum.importing.formats.html.furniture import (
    is_button_of_comment,
    is_head_of_comment,
)
from forum.importing.formats.html.markup import Media, inner_html, tidied
from forum.importing.formats.html.page import Page, text_of, tokens
from forum.importing.formats.html.parents import Parent
from forum.importing.formats.reading_view.authors import header_of
from forum.importing.formats.reading_view.dates import find_moment
from forum.importing.formats.reading_view.tails import is_held_notice
from forum.importing.records import ArchivedComment

_CONTENT_TOKENS = (
    *("comment-content", "wp-block-comment-content", "wpd-comment-text", "comment-text", "comment_text"),
    *("commenttext", "comment__content", "comment-entry", "comment_content", "commentcontent"),
    *("comment-message", "comment-the-content", "entry-content", "comment-body", "commentbody"),
    *("comment_body", "comment-block", "ast-comment-content", "ct-comment-content"),
)
_DATE_TOKENS = (
    *(
        "wp-block-comment-date",
        "comment-date",
        "comment_date",
        "comment-time",
        "datetime",
        "comment-timestamp",
    ),
    *(
        "wpd-comment-date",
        "comment-metadata",
        "commentmetadata",
        "comment-meta",
        "comment_meta",
        "commentmeta",
    ),
    *("comment-author", "comment_author", "vcard", "comment-footer", "comment-header"),
)
_ECHO = re.compile(r"^((?:<p>)?)\s*(pingback|trackback)(?: (?:by|from|von|de))?\s*:?\s*", re.IGNORECASE)
_ECHO_TEXT = re.compile(r"(pingback|trackback)s?\b\s*:?", re.IGNORECASE)
_REMOVED = re.compile(
    r"(?:this (?:comment|post) has been removed by (?:the author|a blog administrator)"
    r"|(?:dieser )?kommentar wurde (?:vom autor|von einem blog-administrator) entfernt"
    r"|(?:este )?comentario ha sido eliminado por (?:el autor|un administrador del blog)"
    r"|ce commentaire a été supprimé par (?:l'auteur|un administrateur du blog))\.?",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^((?:<p>)?)\s*([^\W\d_]+(?: [^\W\d_]+)?\s?(?::|\.\.\.|…))\s*(?:<br>\s*)*", re.IGNORECASE)
_LONGEST_LABEL = 200


def make_comment(box: Box, parent: Parent, position: int, page: Page, media: Media) -> ArchivedComment:
    """The record of one comment; its key and its parent's are still to be set."""
    author = read_author(box, page)
    when = _when(box, author)
    kind = _kind(box)
    body = _body(box, author, page, media)
    if kind != "comment":
        body = _ECHO.sub(r"\1", body, count=1)
        _name_echo(box, author, page)
    state, body = _state(box, body)
    return ArchivedComment(
        key="",
        position=position,
        body=body,
        has_id=bool(box.source_id),
        body_format="html",
        kind=kind,
        state=state,
        author_name=author.name,
        author_url=author.url,
        author_key=author.key,
        by_blog_author=author.is_blog_author,
        posted_at=when.moment,
        posted_as_written=when.written,
        address=_permalink(box, page),
        parent_certain=parent.certain,
        confidence=parent.confidence,
    )


def _kind(box: Box) -> str:
    for kind in ("pingback", "trackback"):
        if kind in box.tokens or f"comment-type-{kind}" in box.tokens:
            return kind
    if box.in_echo_list:
        return "pingback"
    if any(tokens(element) & {"vcard", "comment-author", "fn"} for element in box.own):
        return "comment"
    # Themes without classes begin such an item by its name; a writer who does has a name before it.
    found = _ECHO_TEXT.match(" ".join(text_of(root, 40) for root in box.roots))
    return (
        found[1].casefold()
        if found and any(root.find(".//a") is not None for root in box.roots)
        else "comment"
    )


def _name_echo(box: Box, author: Author, page: Page) -> None:
    """A link from another site is named by its title and leads to its page."""
    if author.name and author.url:
        return
    for element in box.own:
        address = page.link(element.get("href")) if element.tag == "a" else ""
        acts = tokens(element) & {"comment-edit-link", "comment-reply-link"}
        if address and not acts and not target_of(address) and text_of(element, 40):
            author.name, author.url = text_of(element, _LONGEST_LABEL), address
            return


def _state(box: Box, body: str) -> tuple[str, str]:
    """What the source has made of the comment: held, removed or visible; a removed one has no words."""
    if any(tokens(element) & {"deleted-comment"} for element in box.own):
        return "removed", ""
    plain = re.sub(r"<[^>]{0,2100}>", " ", body) if len(body) < 4 * _LONGEST_LABEL else ""
    if _REMOVED.fullmatch(" ".join(plain.split())):
        return "removed", ""
    waits = {"comment-awaiting-moderation", "awaiting-moderation", "unapproved"}
    for element in box.own:
        if tokens(element) & waits:
            return "held", body
        short = element.tag in {"em", "p", "span", "div", "i", "strong", "small"} and len(element) < 3
        if short and is_held_notice(text_of(element, _LONGEST_LABEL)):
            return "held", body
    return "visible", body


def _when(box: Box, author: Author) -> When:
    """The date of a comment: a machine-readable one, else the words beside its permalink or its name."""
    for element in box.own:
        if element.tag == "time" or (element.tag == "abbr" and "published" in tokens(element)):
            return _dated(element, box)
    by_token: dict[str, etree._Element] = {}
    for element in box.own:
        for name in tokens(element).intersection(_DATE_TOKENS):
            by_token.setdefault(name, element)
    for name in _DATE_TOKENS:
        if name not in by_token:
            continue
        # Where a theme prints "10 years ago", the date is in the title.
        for text in (text_of(by_token[name], 2 * _LONGEST_LABEL), by_token[name].get("title") or ""):
            if text and find_moment(text):
                return read_when(None, text)
    for element in box.own:
        if element.tag == "a" and target_of(element.get("href") or "") == box.source_id != "":
            text = text_of(element, _LONGEST_LABEL)
            if any(letter.isdigit() for letter in text) and "reply" not in " ".join(tokens(element)):
                return read_when(element.get("title"), text)
    return read_when(None, author.said) if author.said else When()


def _dated(element: etree._Element, box: Box) -> When:
    """The date in an element; where it keeps the day only, the words around it have the time."""
    attribute = element.get("datetime") or element.get("title")
    when = read_when(attribute, text_of(element, _LONGEST_LABEL))
    around = element.getparent()
    if when.moment or around is None or around in box.roots:
        return when
    found = find_moment(text_of(around, _LONGEST_LABEL))
    longer = found and when.written in found[0]
    return read_when(attribute, found[0]) if found and longer else when


def _body(box: Box, author: Author, page: Page, media: Media) -> str:
    content = _content(box)
    others = set(box.own)
    roots = content or box.roots

    def skipped(element: etree._Element) -> bool:
        if element not in others:
            return True
        if is_button_of_comment(element) or tokens(element) & CHILDREN:
            return True
        return element in author.parts or _is_head(element, box)

    body = inner_html(roots, page, media, skipped)
    return body if content and content != box.roots else _without_lead(body)


def _is_head(element: etree._Element, box: Box) -> bool:
    if is_head_of_comment(element):
        return True
    # A bare date that links to the comment itself, as the oldest themes print it.
    own_link = element.tag == "a" and target_of(element.get("href") or "") == box.source_id != ""
    return own_link and bool(find_moment(text_of(element, _LONGEST_LABEL)))


def _content(box: Box) -> list[etree._Element]:
    """The element that holds the comment's text, [] where the theme has none for it."""
    by_token: dict[str, etree._Element] = {}
    for element in box.own:
        for name in tokens(element).intersection(_CONTENT_TOKENS):
            by_token.setdefault(name, element)
        if element.get("itemprop") in {"text", "commentText"}:
            by_token.setdefault("comment-content", element)
    return next(([by_token[name]] for name in _CONTENT_TOKENS if name in by_token), [])


def _without_lead(body: str) -> str:
    """The text without the verb of saying that stood behind the name ("Says:")."""
    found = _LEAD.match(body)
    if found and header_of([f"Mary {found[2].strip()}", "", "-"]):
        return tidied(body[: len(found[1])] + body[found.end() :])
    return body


def _permalink(box: Box, page: Page) -> str:
    if not box.source_id:
        return ""
    for element in box.own:
        href = element.get("href") or ""
        if element.tag != "a" or "replytocom" in href or target_of(href) != box.source_id:
            continue
        address = page.link(href)
        if address:
            return address
    anchor = next((root.get("id") for root in box.roots if root.get("id")), None)
    return f"{page.url}#{anchor}" if page.url and anchor else ""


def keys_of(boxes: Sequence[Box], parents: Sequence[Parent]) -> list[str]:
    """A key for each comment: its id, else its path in the list, made unique where it is taken."""
    taken = {box.source_id for box in boxes if box.source_id}
    used: set[str] = set()
    siblings: dict[int | None, int] = {}
    keys: list[str] = []
    for box, parent in zip(boxes, parents, strict=True):
        siblings[parent.index] = siblings.get(parent.index, 0) + 1
        if box.source_id and box.source_id not in used:
            key = box.source_id
        else:
            stem = f"{keys[parent.index]}." if parent.index is not None else ""
            wanted = key = f"{stem}{siblings[parent.index]}"
            number = 1
            while key in taken or key in used:
                number += 1
                key = f"{wanted}#{number}"
        used.add(key)
        keys.append(key)
    return keys
