"""Compares the number of comments that a page announces with the number that was found."""

from forum.importing.records import ArchivedArticle, RefusedError, Remark

MAX_COMMENTS = 20_000


def refuse_too_many(count: int, name: str) -> None:
    """RefusedError for more comments than a page of a blog has; `name` is the file's."""
    if count > MAX_COMMENTS:
        raise RefusedError(f"“{name}” holds more than {MAX_COMMENTS} comments, too many for one page.")


def compare_counts(article: ArchivedArticle, paged: bool) -> None:
    """Adds the remark on declared and found comments; `paged` says that the page has further ones.

    Pages count pingbacks or leave them out, so either sum may fit. RefusedError
    where comments are announced and none is there: importing that would look like success.
    """
    declared, found = article.declared, len(article.comments)
    echoes = sum(comment.kind != "comment" for comment in article.comments)
    if declared and not found:
        what, them = f"{declared} comments", "holds none of them"
        if declared == 1:
            what, them = "1 comment", "does not hold it"
        raise RefusedError(f"The text announces {what} and {them}, so nothing was imported.")
    if not found:
        message = "No comments were found in the text."
        if declared == 0:
            message = "The text says that it has no comments."
        article.remarks.append(Remark("no_comments", "", message))
    elif declared is not None and declared not in (found, found - echoes):
        article.remarks.append(Remark("count_mismatch", "", _mismatch(declared, found, echoes, paged)))


def _mismatch(declared: int, found: int, echoes: int, paged: bool) -> str:
    were = "1 comment was" if declared == 1 else f"{declared} comments were"
    start = f"{were} declared and {found} found"
    if found < declared:
        missing = declared - found
        are = "1 is" if missing == 1 else f"{missing} are"
        more = " The page points to further pages of comments." if paged else ""
        return f"{start}; {are} not in the text.{more}"
    if echoes:
        return f"{start}, {echoes} of them links from other sites; {found - declared} more than declared."
    return f"{start}; {found - declared} more than declared, so a comment may have been split."
