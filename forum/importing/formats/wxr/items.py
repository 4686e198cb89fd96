"""Makes an article, or a skipped item, from one `item` of a WXR file."""

import datetime
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from forum.importing.formats.wxr.bodies import body_of_post
from forum.importing.formats.wxr.comments import Author, make_comments, plain_name, without_email
from forum.importing.formats.wxr.dates import moment, offset_of, published
from forum.importing.formats.wxr.fields import Fields, Text
from forum.importing.records import ArchivedArticle, Remark, SkippedItem
from forum.text.clean import is_web_address

KINDS = frozenset({"post", "page"})
STATES = {
    "": "published",
    "publish": "published",
    "draft": "draft",
    "auto-draft": "draft",
    "private": "private",
    "pending": "pending",
    "future": "future",
    "trash": "trash",
}


@dataclass(slots=True)
class Site:
    """What the channel says of the blog before its items."""

    name: str = ""
    url: str = ""
    language: str = ""
    authors: dict[str, Author] = field(default_factory=dict)

    @property
    def blog_id(self) -> str:
        """The blog's address without scheme: what its user ids and comment ids belong to."""
        parts = urlsplit(self.url) if is_web_address(self.url) else None
        return f"{parts.netloc.lower()}{parts.path.rstrip('/')}" if parts else ""

    def note_author(self, fields: Fields) -> None:
        """Takes over a `wp:author`; logins are the same in any case of their letters."""
        login = fields.get("wp:author_login")
        shown = fields.texts.get("wp:author_display_name", Text())
        name = plain_name(shown.text, shown.encoded) or login
        self.authors[login.casefold()] = Author(
            fields.get("wp:author_id"), fields.get("wp:author_email"), name
        )


def post_type_of(fields: Fields) -> str:
    """The type of an item; one that names none is a post when it has a title or comments, else ""."""
    named = fields.get("wp:post_type")
    return named or ("post" if fields.get("title") or fields.comments else "")


def make_item(
    fields: Fields, site: Site, now: datetime.datetime
) -> tuple[ArchivedArticle | SkippedItem, list[Remark | SkippedItem]]:
    """The record of one item, with what hangs on no article. Rules: WXR 1.0 to 1.2."""
    kind = post_type_of(fields)
    title = _title(fields)
    source_id = fields.get("wp:post_id")
    if kind not in KINDS:
        return SkippedItem(kind or "item", source_id, "not_a_post", title[:200]), _left_out(
            fields, kind, title
        )
    article = ArchivedArticle(
        title=title,
        body=body_of_post(fields.texts.get("content:encoded", Text()).text),
        body_format="html",
        source_id=source_id,
        kind=kind,
        site_name=site.name,
        language=site.language,
    )
    author = _author(fields, site)
    article.author_name = without_email(author.name)
    _set_state(article, fields)
    _set_addresses(article, fields, site)
    _set_title(article, fields)
    _set_date(article, fields, now)
    made = make_comments(fields.comments, author, _dates(fields), now)
    article.comments, article.skipped = made.comments, made.skipped
    article.remarks += made.remarks
    return article, []


def _left_out(fields: Fields, kind: str, title: str) -> list[Remark | SkippedItem]:
    """The comments of what is no post, each accounted for, and a remark on them all."""
    if not fields.comments:
        return []
    number = len(fields.comments)
    message = f"Of “{title}”, which is no post but of the type “{kind}”, {number} comments are left out."
    skipped = [
        SkippedItem("comment", raw.id, "no_post", plain_name(raw.content, True)[:100])
        for raw in fields.comments
    ]
    return [Remark("comments_left_out", fields.get("wp:post_id"), message), *skipped]


def _title(fields: Fields) -> str:
    title = fields.texts.get("title", Text())
    return plain_name(title.text, title.encoded)


def _set_title(article: ArchivedArticle, fields: Fields) -> None:
    """Names what has no title by the last part of its address, or by its id, so that it can be listed."""
    if article.title:
        return
    slug = unquote(fields.get("wp:post_name")).replace("-", " ").strip()
    article.title = slug[:1].upper() + slug[1:] if slug else f"Untitled {article.source_id}".strip()
    article.hints["title_made"] = True
    message = f"The {article.kind} has no title; it is called “{article.title}”."
    article.remarks.append(Remark("untitled", article.source_id, message))


def _author(fields: Fields, site: Site) -> Author:
    login = fields.get("dc:creator")
    return site.authors.get(login.casefold()) or Author(name=login)


def _set_state(article: ArchivedArticle, fields: Fields) -> None:
    status = fields.get("wp:status")
    article.state = STATES.get(status, "draft")
    if status not in STATES:
        message = f"The {article.kind} has the unknown state “{status[:40]}”; it is taken for a draft."
        article.remarks.append(Remark("state_unknown", article.source_id, message))
    # Who may read it was a password's matter; nobody but the staff has it here.
    if fields.get("wp:post_password") and article.state == "published":
        article.state = "private"


def _set_addresses(article: ArchivedArticle, fields: Fields, site: Site) -> None:
    base = site.url.rstrip("/") + "/" if site.blog_id else ""
    link, guid = (urljoin(base, fields.get(name)) if fields.get(name) else "" for name in ("link", "guid"))
    by_id = ""
    if base and article.source_id:
        by_id = f"{base}?{'page_id' if article.kind == 'page' else 'p'}={article.source_id}"
    found = [address for address in (link, guid, by_id) if is_web_address(address)]
    article.url = found[0] if found else ""
    # User ids belong to a blog; an export that does not name it has its posts' addresses.
    article.blog_id = site.blog_id or urlsplit(article.url).netloc.lower()
    article.addresses = [address for address in dict.fromkeys(found) if address != article.url]
    identifier = fields.get("dsq:thread_identifier")
    if identifier:
        article.hints["thread_identifier"] = identifier[:500]


def _dates(fields: Fields) -> tuple[str, str]:
    return fields.get("wp:post_date"), fields.get("wp:post_date_gmt")


def _set_date(article: ArchivedArticle, fields: Fields, now: datetime.datetime) -> None:
    local, gmt = _dates(fields)
    offset = offset_of((comment.date, comment.gmt) for comment in fields.comments)
    # Only what waits to be published may be dated ahead.
    when = moment(local, gmt, offset, None if article.state == "future" else now)
    article.published_at = when.at
    if when.at is None and not when.problem:
        article.published_at = published(fields.get("pubDate"))
    if article.published_at:
        article.date_precision = "second"
    else:
        article.date_as_written = when.as_written
    if when.problem:
        message = f"The dates of the {article.kind} do not agree or are impossible."
        article.remarks.append(Remark(when.problem, article.source_id, message))
