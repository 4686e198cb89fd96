"""Makes one post of several captures of its page: the union of their comments, the latest text."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from forum.importing.formats.html.article import plain_address
from forum.importing.formats.html.counts import reconcile
from forum.importing.records import ArchivedArticle, ArchivedComment, Remark

_EARLIEST = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@dataclass(slots=True)
class Capture:
    """One captured page: the post that it holds, its address, and when it was captured if that is known."""

    article: ArchivedArticle
    address: str
    captured_at: datetime.datetime | None

    @property
    def time(self) -> datetime.datetime:
        """When it was captured; the earliest time of all where that is not known."""
        return self.captured_at or _EARLIEST

    @property
    def is_whole(self) -> bool:
        """Whether it shows all comments of its post, and not one of several pages of them."""
        hints = self.article.hints
        return not hints.get("more_comment_pages") and not hints.get("comment_page")


def united(captures: Iterable[Capture]) -> list[ArchivedArticle]:
    """One post for each page that was captured, in the order of their first captures."""
    groups: dict[str, list[Capture]] = {}
    for capture in captures:
        groups.setdefault(_identity(capture), []).append(capture)
    return [_unite(sorted(group, key=lambda capture: capture.time)) for group in groups.values()]


def _identity(capture: Capture) -> str:
    address = plain_address(capture.article.url or capture.address)
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return address
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def _unite(captures: list[Capture]) -> ArchivedArticle:
    latest = captures[-1]
    article = latest.article
    for capture in reversed(captures[:-1]):
        article.title = article.title or capture.article.title
        article.body = article.body or capture.article.body
        new = [address for address in capture.article.addresses if address not in article.addresses]
        article.addresses += new
    times = [capture.captured_at.isoformat() for capture in captures if capture.captured_at]
    if times:
        article.hints["captured_at"] = times[-1]
    if len(captures) > 1:
        article.hints["captures"] = times or len(captures)
        _unite_comments(article, captures)
    return article


def _unite_comments(article: ArchivedArticle, captures: list[Capture]) -> None:
    lists = _with_common_keys(captures)
    merged: dict[str, ArchivedComment] = {}
    last_seen: dict[str, int] = {}
    for number, comments in enumerate(lists):
        for comment in comments:
            known = merged.get(comment.key)
            # A placeholder stands for a comment that this capture lacks; another one may have it.
            if known is None or comment.kind != "placeholder":
                merged[comment.key] = comment
            last_seen[comment.key] = number
    remarks = [remark for remark in article.remarks if remark.code not in {"count_mismatch", "no_comments"}]
    for key, number in last_seen.items():
        later = next((capture for capture in captures[number + 1 :] if capture.is_whole), None)
        if later is None or merged[key].kind == "placeholder":
            continue
        merged[key] = _vanished(merged[key], later)
        message = (
            f"Comment {key} is missing from later captures of its page, so somebody may have removed it."
        )
        remarks.append(Remark("vanished", key, message))
    article.remarks = remarks
    article.comments = _in_order(merged, lists)
    reconcile(article, paged=not captures[-1].is_whole)


def _vanished(comment: ArchivedComment, later: Capture) -> ArchivedComment:
    """The comment, held for a decision: its removal may have been meant."""
    when = later.captured_at.isoformat() if later.captured_at else "later"
    state = "held" if comment.state == "visible" else comment.state
    return replace(comment, state=state, hints={**comment.hints, "vanished": when})


def _with_common_keys(captures: list[Capture]) -> list[list[ArchivedComment]]:
    """The comments of each capture under keys that mean the same in all: ids, or what they say."""
    ids = {comment.key for capture in captures for comment in capture.article.comments if comment.has_id}
    by_content: dict[tuple[str, str, str, str], str] = {}
    lists = []
    for capture in captures:
        renamed: dict[str, str] = {}
        seen: set[str] = set()
        for comment in capture.article.comments:
            if not comment.has_id:
                said = (comment.kind, comment.author_name, comment.author_url, comment.body)
                key = by_content.get(said)
                if key is None or key in seen:
                    key = _free(comment.key, ids | set(by_content.values()))
                    by_content.setdefault(said, key)
                renamed[comment.key] = key
            seen.add(renamed.get(comment.key, comment.key))
        lists.append([_renamed(comment, renamed) for comment in capture.article.comments])
    return lists


def _renamed(comment: ArchivedComment, renamed: dict[str, str]) -> ArchivedComment:
    parent = comment.parent_key
    return replace(
        comment,
        key=renamed.get(comment.key, comment.key),
        parent_key=renamed.get(parent, parent) if parent else None,
    )


def _free(key: str, taken: set[str]) -> str:
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}#{number}"
    return free


def _in_order(
    merged: dict[str, ArchivedComment], lists: list[list[ArchivedComment]]
) -> list[ArchivedComment]:
    """All comments in the order of the latest capture; the others stand behind the one they followed."""
    children: dict[str | None, list[str]] = {}
    placed: set[str] = set()
    for comments in reversed(lists):
        before: dict[str | None, str] = {}
        for comment in comments:
            parent = merged[comment.key].parent_key
            parent = parent if parent in merged else None
            siblings = children.setdefault(parent, [])
            if comment.key not in placed:
                placed.add(comment.key)
                _insert_behind(before.get(parent), comment.key, siblings)
            before[parent] = comment.key
    ordered: list[ArchivedComment] = []
    reached: set[str] = set()
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        key = waiting.pop()
        if key in reached:
            continue
        reached.add(key)
        ordered.append(merged[key])
        waiting.extend(reversed(children.get(key, [])))
    # Two captures may contradict each other so that comments answer one another in a circle.
    for key in merged.keys() - reached:
        ordered.append(replace(merged[key], parent_key=None, parent_certain=False, confidence=0.3))
    for position, comment in enumerate(ordered, start=1):
        comment.position = position
        comment.parent_key = comment.parent_key if comment.parent_key in merged else None
    return ordered


def _insert_behind(before: str | None, key: str, siblings: list[str]) -> None:
    if before is None:
        siblings.insert(0, key)
    elif siblings[-1] == before:
        siblings.append(key)
    else:
        siblings.insert(siblings.index(before) + 1, key)
