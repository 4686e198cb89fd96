"""Reads the post of a page: title, text, author, date, address, and the ids of post and blog."""

import datetime
import re

from lxml import etree

from forum.importing.formats.html.boxes import Box
from forum.importing.formats.html.dates import iso_moment, read_when
from forum.importing.formats.html.furniture import is_widget
from forum.importing.formats.html.markup import Media, inner_html
from forum.importing.formats.html.page import Page, text_of, tokens
from forum.importing.formats.html.titles import find_site_name, find_title, is_title_element
from forum.importing.formats.reading_view.dates import day_in, find_moment
from forum.importing.formats.reading_view.headings import same_title
from forum.importing.records import ArchivedArticle
from forum.text.clean import is_web_address
from forum.text.tidy import one_line

_BODY_TOKENS = (
    *("entry-content", "wp-block-post-content", "post-body", "post-content", "entry-body", "post-entry"),
    *("postentry", "storycontent", "post_content", "postcontent", "article-content", "article-body"),
    *("single-content", "td-post-content", "post-text", "entry-text", "entry"),
)
_POST_TOKENS = frozenset({"hentry", "post", "type-post", "h-entry", "post-outer", "single-post"})
_LISTINGS = frozenset(
    {"home", "blog", "archive", "category", "tag", "search", "date", "search-results", "error404"}
)
_SINGLES = frozenset({"single", "single-post", "page", "singular", "attachment"})
_AUTHOR_TOKENS = frozenset(
    {
        "author",
        "byline",
        "entry-author",
        "post-author",
        "posted-by",
        "wp-block-post-author-name",
        "author-name",
    }
)
_DATE_TOKENS = frozenset(
    {"entry-date", "published", "post-date", "date", "wp-block-post-date", "posted-on", "timestamp-link"}
)
_DATE_BLOCKS = frozenset(
    {
        "date-header",
        "meta",
        "entry-meta",
        "postmetadata",
        "post-meta",
        "postmeta",
        "post-header",
        "post-date",
        "posted-on",
        "entry-date",
        "byline",
    }
)
_JSON_DATE = re.compile(r"\"datePublished\"\s*:\s*\"([^\"]{10,40})\"")
_BY = re.compile(r"(?:^|\s)(?:by|von|por|par) (?P<name>[^,|]{1,60}?) (?:on|am|el|le)\b", re.IGNORECASE)
_BY_AT_START = re.compile(r"(?:posted |written |published )?(?:by|von|por|par)\s", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8}){0,2}")
_POST_ID = re.compile(r"(?:postid|page-id)-(\d{1,20})")
_ELEMENT_ID = re.compile(r"post-(\d{1,20})")
_VARIANT = re.compile(r"/comment-page-\d{1,4}/?$")
_LONGEST_NAME = 200


class Around:
    """The elements of a page that belong to no comment, for finding the parts of its post."""

    def __init__(self, page: Page, boxes: list[Box]) -> None:
        inside: set[etree._Element] = set()
        for box in boxes:
            inside.update(box.own)
        first = min((page.place.get(box.roots[0], 0) for box in boxes), default=len(page.elements))
        self.page = page
        self.inside = inside
        self.elements = [element for element in page.elements if element not in inside]
        self.first_comment = first

    def is_before_comments(self, element: etree._Element) -> bool:
        """Whether an element stands above the first comment."""
        return self.page.place.get(element, 0) < self.first_comment


def find_address(page: Page) -> str:
    """The post's address: its canonical one, else Open Graph's, else where the page was found.

    Pages of comments and reply forms have addresses of their own, all of the same post.
    """
    canonical = page.root.xpath("//link[@rel='canonical' or @rel='Canonical']/@href")
    candidates = [str(canonical[0]) if canonical else "", page.meta("og:url"), page.address]
    found = [address for candidate in candidates if (address := page.link(candidate))]
    deep = [address for address in found if re.search(r"^https?://[^/?#]+/[^?#]|[?&]p=\d", address)]
    return plain_address(next(iter(deep or found), ""))


def plain_address(address: str) -> str:
    """An address without fragment, page of comments, reply form and markers of where a visitor came from."""
    address = address.split("#", 1)[0]
    path, mark, query = address.partition("?")
    path = _VARIANT.sub("/", path)
    kept = [
        part
        for part in query.split("&")
        if part
        and not re.match(r"(?:replytocom|cpage|showcomment|m|utm_\w+|like_comment|_wpnonce)=", part, re.I)
    ]
    return path + (mark + "&".join(kept) if kept else "")


def read_article(page: Page, boxes: list[Box], media: Media) -> ArchivedArticle:
    """The post of a page without its comments; its `title` and `body` may be "".

    Sources: hAtom and the templates of WordPress and Blogger; Open Graph; schema.org.
    """
    around = Around(page, boxes)
    site_name = find_site_name(page)
    title = find_title(page, around.elements, site_name)
    container = find_container(around, title)
    article = ArchivedArticle(
        title=title,
        body=_body(container, around, title, media) if container is not None else "",
        body_format="html",
        url=page.url,
        site_name=site_name,
        language=_language(page),
        author_name=_author(around),
        kind="page" if "page" in _body_classes(page) and "single" not in _body_classes(page) else "post",
    )
    article.source_id, article.blog_id = _ids(page, around, container)
    _date(article, around)
    if page.address and plain_address(page.address) != page.url and is_web_address(page.address):
        article.addresses = [plain_address(page.address)]
    return article


def is_listing(page: Page) -> bool:
    """Whether a page without comments shows several posts, or none: a home page, an archive, a search."""
    classes = _body_classes(page)
    if classes & _SINGLES:
        return "error404" in classes
    if classes & _LISTINGS:
        return True
    bodies = [
        element
        for element in page.elements
        if tokens(element) & {"entry-content", "post-body", "post-content"}
    ]
    return sum(_encloses_none(element, set(bodies)) for element in bodies) > 1


def find_container(around: Around, title: str) -> etree._Element | None:
    """The element that holds the post's text, None where nothing marks one."""
    by_token: dict[str, etree._Element] = {}
    article = None
    for element in around.elements:
        for name in tokens(element).intersection(_BODY_TOKENS):
            if element.tag not in {"body", "li", "a"} and text_of(element, 40):
                by_token.setdefault(name, element)
        if element.get("itemprop") == "articleBody":
            by_token.setdefault("entry-content", element)
        is_post = element.tag == "article" or (element.tag == "div" and tokens(element) & _POST_TOKENS)
        if article is None and is_post and around.is_before_comments(element):
            article = element
    for name in _BODY_TOKENS:
        if name in by_token and around.is_before_comments(by_token[name]):
            return by_token[name]
    return article


def _body(container: etree._Element, around: Around, title: str, media: Media) -> str:
    heads = {"h1", "h2", "h3"}

    def skipped(element: etree._Element) -> bool:
        if element in around.inside or is_widget(element):
            return True
        if element.tag in heads and (is_title_element(element) or same_title(text_of(element), title)):
            return True
        return element.tag == "header" and "entry-header" in tokens(element)

    return inner_html([container], around.page, media, skipped)


def _author(around: Around) -> str:
    for element in around.elements:
        if not around.is_before_comments(element):
            break
        is_name = "fn" in tokens(element) or element.get("rel") == "author"
        if is_name or tokens(element) & _AUTHOR_TOKENS or element.tag == "address":
            text = one_line(_BY_AT_START.sub("", text_of(element, _LONGEST_NAME)), _LONGEST_NAME).rstrip(
                " ,|"
            )
            if text and not find_moment(text) and len(text.split()) <= 8:
                return text
        if tokens(element) & _DATE_BLOCKS and len(element) < 12:
            found = _BY.search(text_of(element, _LONGEST_NAME))
            if found:
                return found["name"].strip()
    named = around.page.meta("author") or around.page.meta("article:author")
    return "" if is_web_address(named) else named[:_LONGEST_NAME]


def _date(article: ArchivedArticle, around: Around) -> None:
    moment, written = _exact_date(around)
    if moment:
        article.published_at, article.date_precision = moment, "second"
        article.date_as_written = written or moment.isoformat()
        return
    for element in around.elements:
        if not around.is_before_comments(element):
            break
        is_date = element.tag in {"time", "abbr"} or tokens(element) & _DATE_BLOCKS
        if not is_date or len(element) > 12:
            continue
        found = find_moment(text_of(element, _LONGEST_NAME))
        if not found:
            continue
        article.date_as_written = found[0]
        day = day_in(found[0])
        if day:
            article.published_at = datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)
            article.date_precision = "day"
        return


def _exact_date(around: Around) -> tuple[datetime.datetime | None, str]:
    page = around.page
    for element in around.elements:
        if not around.is_before_comments(element):
            break
        attribute = element.get("datetime") or (element.get("title") if element.tag == "abbr" else None)
        if attribute and _tells_date(element):
            when = read_when(attribute, text_of(element, _LONGEST_NAME))
            if when.moment:
                return when.moment, when.written
        if element.get("itemprop") == "datePublished" and iso_moment(element.get("content")):
            return iso_moment(element.get("content")), ""
    moment = iso_moment(page.meta("article:published_time"))
    if moment:
        return moment, ""
    for script in page.root.xpath("//script[@type='application/ld+json']"):
        found = _JSON_DATE.search(script.text or "")
        if found and iso_moment(found[1]):
            return iso_moment(found[1]), ""
    return None, ""


def _tells_date(element: etree._Element) -> bool:
    """Whether an element gives the date of publication, by its own class or that of what it is in."""
    classes = tokens(element)
    if "updated" in classes and "published" not in classes:
        return False
    parent = element.getparent()
    near = classes | (tokens(parent) if parent is not None else set())
    return bool(near & _DATE_TOKENS) or element.get("itemprop") == "datePublished"


def _ids(page: Page, around: Around, container: etree._Element | None) -> tuple[str, str]:
    """The source's ids of the post and of the blog, each "" where the page holds none."""
    field = page.root.xpath("//input[@name='comment_post_ID']/@value")
    if field and str(field[0]).isdecimal():
        return str(field[0])[:20], ""
    post = page.root.xpath("//*[@itemprop='postId']/@content")
    blog = page.root.xpath("//*[@itemprop='blogId']/@content")
    if post:
        return one_line(str(post[0]), 40), one_line(str(blog[0]), 40) if blog else ""
    for name in sorted(_body_classes(page)):
        found = _POST_ID.fullmatch(name)
        if found:
            return found[1], ""
    near = [] if container is None else [container, *container.iterancestors()]
    for element in near:
        found = _ELEMENT_ID.fullmatch(element.get("id") or "")
        if found:
            return found[1], ""
    return "", ""


def _language(page: Page) -> str:
    root = page.root
    named = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    named = (named or page.meta("og:locale")).strip()
    return named.replace("_", "-") if _LANGUAGE.fullmatch(named) else ""


def _body_classes(page: Page) -> set[str]:
    body = page.root.find("body")
    return tokens(body) if body is not None else set()


def _encloses_none(element: etree._Element, others: set[etree._Element]) -> bool:
    return not any(around in others for around in element.iterancestors())
