"""Posts and pages of a Blogger feed as articles, and articles for posts that only comments tell of."""

from collections.abc import Iterable

from forum.importing.formats.blogger.authors import Author, author_of
from forum.importing.formats.blogger.bodies import body_of, title_of
from forum.importing.formats.blogger.comments import WrittenComment
from forum.importing.formats.blogger.dates import has_zone, instant, is_doubtful
from forum.importing.formats.blogger.entries import Entry, is_web
from forum.importing.formats.blogger.gather import Blog
from forum.importing.formats.blogger.ids import blog_in, item_in
from forum.importing.formats.blogger.states import post_state
from forum.importing.formats.blogger.threads import Thread, make_thread
from forum.importing.records import ArchivedArticle, Remark

MISSING_TITLE = "Comments of a post that is not in the archive"


def article_of(entry: Entry, blog: Blog, comments: Iterable[WrittenComment]) -> ArchivedArticle:
    """The article of a post or page with its comments. The date is `published`, never `updated` (D10)."""
    state, unknown = post_state(entry)
    body, body_format = body_of(entry)
    author = author_of(entry)
    url, addresses = _addresses(entry, blog)
    written = entry.text("atom:published") or entry.text("blogger:created")
    when = instant(written)
    article = ArchivedArticle(
        title=title_of(entry),
        body=body,
        body_format=body_format,
        url=url,
        source_id=item_in(entry.text("atom:id")),
        blog_id=blog_in(entry.text("atom:id")) or blog.id,
        kind=entry.kind(),
        state=state,
        addresses=addresses,
        author_name=author.name,
        published_at=when,
        date_precision="second" if when else "unknown",
        date_as_written=written,
        declared=_declared(entry),
        site_name=blog.title,
        language=blog.language,
    )
    _add_thread(article, make_thread(comments, blog.authors, blog.places))
    _add_hints(article, entry, author, unknown)
    _compare_counts(article)
    return article


def article_of_missing(post: str, blog: Blog, comments: Iterable[WrittenComment]) -> ArchivedArticle:
    """A draft that holds the comments of a post that the feed does not have, so that none is lost (G6).

    Its address is the post's, as far as the comments tell it.
    """
    thread = make_thread(comments, blog.authors, blog.places)
    article = ArchivedArticle(
        title=MISSING_TITLE,
        body="",
        body_format="html",
        url=min(filter(is_web, thread.pages), default=""),
        source_id=post,
        blog_id=blog.id,
        state="draft",
        site_name=blog.title,
        language=blog.language,
        hints={"post_missing": True},
    )
    message = (
        f"The archive has {len(thread.comments)} comments of post {post or 'without an id'}, but not it."
    )
    article.remarks.append(Remark("post_missing", post, message))
    _add_thread(article, thread)
    return article


def _add_thread(article: ArchivedArticle, thread: Thread) -> None:
    article.comments = thread.comments
    article.remarks += thread.remarks
    article.skipped += thread.skipped
    for comment in thread.comments:
        if "status" in comment.hints:
            message = f"Its status “{comment.hints['status']}” is not known here, so it is held."
            article.remarks.append(Remark("status_unknown", comment.key, message))


def _addresses(entry: Entry, blog: Blog) -> tuple[str, list[str]]:
    """The address of a post and further ones; Takeout has the path only, which needs the blog's host."""
    found = entry.pages()
    filename = entry.text("blogger:filename")
    if is_web(filename):
        found.append(filename)
    elif filename.startswith("/") and blog.address:
        found.append(blog.address + filename)
    found = list(dict.fromkeys(found))
    return (found[0] if found else ""), found[1:]


def _declared(entry: Entry) -> int | None:
    written = entry.text("thr:total")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 8 else None


def _add_hints(article: ArchivedArticle, entry: Entry, author: Author, status: str) -> None:
    hints = {
        "author_as_written": author.written,
        "author_key": author.key,
        "labels": entry.labels(),
        "filename": entry.text("blogger:filename"),
        "status": status,
        "trashed": entry.text("blogger:trashed") if entry.is_trashed() else "",
        "zone_unknown": bool(article.published_at) and not has_zone(article.date_as_written),
    }
    article.hints.update({name: value for name, value in hints.items() if value})
    if status:
        message = f"The post's status “{status}” is not known here, so it is a draft."
        article.remarks.append(Remark("status_unknown", "", message))
    _remark_on_date(article)
    if not article.title and not article.url:
        # Without a title and an address nothing could tell the post from others.
        article.title = f"Untitled {article.kind}"
        article.hints["title_made"] = True


def _remark_on_date(article: ArchivedArticle) -> None:
    if article.published_at is None:
        article.remarks.append(Remark("date_unreadable", "", "The post has no date that can be read."))
    elif article.state == "published" and is_doubtful(article.published_at):
        message = f"The post's date cannot be: {article.date_as_written}."
        article.remarks.append(Remark("date_doubtful", "", message))


def _compare_counts(article: ArchivedArticle) -> None:
    """Blogger counts what its readers see, with the notices that stand for removed comments."""
    shown = sum(comment.state in {"visible", "removed"} for comment in article.comments)
    if article.declared is not None and article.declared != shown:
        message = f"The post announces {article.declared} comments; the archive has {shown}."
        article.remarks.append(Remark("count_mismatch", "", message))
