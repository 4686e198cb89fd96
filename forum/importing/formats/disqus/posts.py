"""The posts of a Disqus export: packed while the file is read, comments when their thread is known."""

import datetime
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from lxml import etree

from forum.importing.formats.disqus.threads import child, id_of, is_true, said
from forum.importing.formats.wxr.bodies import paragraphs
from forum.importing.formats.wxr.comments import without_email
from forum.importing.formats.wxr.dates import moment
from forum.importing.formats.wxr.tree import in_reading_order, number_of
from forum.importing.records import ArchivedComment, Remark
from forum.text.tidy import one_line

_APART = "\0"  # never in XML


class Post(NamedTuple):
    """A `post` element without e-mail and IP address; they are never read."""

    id: str
    parent: str
    state: str
    created: str
    name: str
    username: str
    message: str


def packed(element: etree._Element) -> bytes:
    """A `post` element as few bytes: hundreds of thousands wait until the end of the file is known."""
    author = child(element, "author")
    post = Post(
        id=id_of(element),
        parent=id_of(child(element, "parent")),
        state=_state_of(element),
        created=said(element, "createdAt"),
        name=said(author, "name"),
        username=said(author, "username"),
        message=said(element, "message"),
    )
    return _APART.join(post).encode()


def places_of(posts: Mapping[str, Iterable[bytes]]) -> dict[str, str]:
    """The thread of each post, by their ids, of packed posts by thread."""
    end = _APART.encode()
    # Whatever the order of the file: of an id that stands in several threads, the first by name.
    by_name = sorted(posts.items(), reverse=True)
    return {pack.partition(end)[0].decode(): thread for thread, packs in by_name for pack in packs}


def make_comments(
    packs: Iterable[bytes], link: str, owner: str, now: datetime.datetime, places: Mapping[str, str]
) -> tuple[list[ArchivedComment], list[Remark]]:
    """The comments of one article in reading order, with remarks. `owner` is the username of the thread;
    `places` are the threads of all posts by id.

    A deleted post with answers becomes a placeholder, so that they keep their place. Format: Disqus
    export 1.0.
    """
    remarks: list[Remark] = []
    posts = sorted({Post(*pack.decode().split(_APART)) for pack in packs}, key=_sorting)
    comments = []
    counts: dict[str, int] = {}
    for post in posts:
        counts[post.id] = number = counts.get(post.id, 0) + 1
        key = f"{post.id}#{number}" if number > 1 or not post.id else post.id
        if number > 1 and post.id:
            message = f"The id {post.id} belongs to {number} different posts; all are kept."
            remarks.append(Remark("id_twice", post.id, message))
        comment = _comment(key, post, owner, now, remarks)
        if link and post.id:
            comment.address = f"{link.partition('#')[0]}#comment-{post.id}"
        comments.append(comment)
    ordered, found = in_reading_order(comments, places)
    answered = {comment.parent_key for comment in ordered}
    for comment in ordered:
        if comment.state == "removed" and comment.key in answered:
            _make_placeholder(comment)
    return ordered, remarks + found


def _comment(
    key: str, post: Post, owner: str, now: datetime.datetime, remarks: list[Remark]
) -> ArchivedComment:
    when = moment("", post.created, None, now)
    if when.problem:
        message = f"Post {key} has the impossible date “{post.created[:40]}”; it is kept as written."
        remarks.append(Remark(when.problem, key, message))
    comment = ArchivedComment(
        key=key,
        position=0,
        body=paragraphs(post.message),
        has_id=bool(post.id),
        parent_key=post.parent or None,
        body_format="html",
        state=post.state,
        author_name=without_email(one_line(post.name, 500)),
        author_key=f"user:{post.username}" if post.username else "",
        by_blog_author=bool(owner) and post.username == owner,
        posted_at=when.at,
        posted_as_written=when.as_written,
    )
    if comment.author_name != without_email(post.name):
        comment.hints["author_name"] = without_email(post.name)
    return comment


def _make_placeholder(comment: ArchivedComment) -> None:
    """Only the place stays: what its author took back is not kept."""
    comment.kind = "placeholder"
    comment.body = comment.author_name = comment.author_key = ""
    comment.by_blog_author = False
    comment.hints.pop("author_name", None)


def _state_of(element: etree._Element) -> str:
    if is_true(element, "isDeleted"):
        return "removed"
    if is_true(element, "isSpam"):
        return "spam"
    return "held" if said(element, "isApproved").lower() == "false" else "visible"


def _sorting(post: Post) -> tuple[tuple[bool, int, str], Post]:
    return number_of(post.id), post
