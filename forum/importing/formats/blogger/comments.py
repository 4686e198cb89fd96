"""A comment as its own entry tells it; what hangs on other entries is settled later."""

from dataclasses import dataclass, field
from sys import intern

from forum.importing.formats.blogger.authors import author_of
from forum.importing.formats.blogger.bodies import body_of, without_controls
from forum.importing.formats.blogger.dates import has_zone, instant
from forum.importing.formats.blogger.entries import Entry
from forum.importing.formats.blogger.ids import anchor_in, item_in, post_and_comment_in
from forum.importing.formats.blogger.states import comment_state
from forum.importing.records import ArchivedComment


@dataclass(slots=True)
class WrittenComment:
    """The words of one entry in plain types, so that it can wait in a file for its post.

    `post` and `parent` are ids, "" for none; `post_page` is the post's address as the comment has it.
    """

    post: str
    key: str
    parent: str = ""
    post_page: str = ""
    body: str = ""
    body_format: str = "html"
    state: str = "visible"
    name: str = ""
    url: str = ""
    author_key: str = ""
    by_admin: bool = False
    published: str = ""
    updated: str = ""
    address: str = ""
    hints: dict = field(default_factory=dict)


def written_comment(entry: Entry) -> WrittenComment:
    """What the entry of a comment says.

    In the old export `thr:in-reply-to` names the post, never the comment that is answered: that one
    stands in the link `related` (G2). In Takeout they are `blogger:parent` and `blogger:inReplyTo`.
    """
    author = author_of(entry)
    body, body_format = body_of(entry)
    state, unknown = comment_state(entry, body)
    body, controls = without_controls(body)
    post, key, page, address = _places(entry)
    hints = {
        "author_as_written": author.written,
        "status": unknown,
        "trashed": entry.text("blogger:trashed") if entry.is_trashed() else "",
        "control_lines": controls,
    }
    return WrittenComment(
        post=post,
        key=key,
        parent=_parent(entry, post),
        post_page=page,
        body=body,
        body_format=body_format,
        state=state,
        name=author.name,
        url=author.url,
        author_key=author.key,
        by_admin="blog-admin" in entry.properties().get("blogger.itemClass", "").split(),
        published=entry.text("atom:published") or entry.text("blogger:created"),
        updated=entry.text("atom:updated"),
        address=address,
        hints={name: value for name, value in hints.items() if value},
    )


def archived(written: WrittenComment, by_authors: set[str]) -> ArchivedComment:
    """The record of a comment; `parent_key` is what it names, `position` is not set yet.

    `by_authors` are the identities that wrote posts of the blog: a name alone proves nothing.
    """
    when = instant(written.published)
    if when and not has_zone(written.published):
        written.hints["zone_unknown"] = True
    # Equal strings share their memory, as few people write many comments.
    return ArchivedComment(
        key=written.key,
        position=0,
        body=written.body,
        has_id=bool(written.key),
        parent_key=written.parent or None,
        body_format=written.body_format,
        state=written.state,
        author_name=intern(written.name),
        author_url=intern(written.url),
        author_key=intern(written.author_key),
        by_blog_author=written.by_admin or written.author_key in by_authors,
        posted_at=when,
        posted_as_written=written.published,
        address=written.address,
        hints=written.hints,
    )


def _places(entry: Entry) -> tuple[str, str, str, str]:
    """Ids of post and comment, the post's address and the comment's own."""
    reference = entry.first("thr:in-reply-to")
    post = entry.text("blogger:parent")
    page = ""
    if reference is not None:
        post = post or reference.get("ref", "")
        page = reference.get("href", "")
    address = min(entry.pages(), default="")
    post, key = item_in(post), item_in(entry.text("atom:id"))
    for link in (*entry.links("self"), *entry.links("edit")):
        post_here, comment_here = post_and_comment_in(link)
        post, key = post or post_here, key or comment_here
    page = page or (address.partition("#")[0].partition("?")[0] if anchor_in(address) else "")
    return post, key or anchor_in(address), page, address


def _parent(entry: Entry, post: str) -> str:
    if entry.text("blogger:inReplyTo"):
        parent = item_in(entry.text("blogger:inReplyTo"))
    else:
        named = (post_and_comment_in(link)[1] for link in entry.links("related"))
        parent = next((comment for comment in named if comment), "")
    # A top-level comment that names the post once more answers no comment.
    return "" if parent == post else parent
