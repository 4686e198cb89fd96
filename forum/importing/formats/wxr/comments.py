"""Makes the comments of one WXR item from what is written: ids, states, kinds, authors, parents."""

import datetime
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from forum.importing.formats.wxr.bodies import paragraphs
from forum.importing.formats.wxr.dates import moment, offset_of
from forum.importing.formats.wxr.fields import RawComment
from forum.importing.formats.wxr.tree import in_reading_order, number_of
from forum.importing.records import ArchivedComment, Remark, SkippedItem
from forum.text.clean import is_web_address
from forum.text.tidy import one_line

LONGEST_NAME = 100
LONGEST_ADDRESS = 500
KINDS = {"": "comment", "comment": "comment", "pingback": "pingback", "trackback": "trackback"}
STATES = {
    "1": "visible",
    "0": "held",
    "hold": "held",
    "spam": "spam",
    "trash": "removed",
    "post-trashed": "removed",
}

_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
_EMAIL = re.compile(r"([^\s@<>]+)@[^\s@<>]+\.\w+")
_DATE_PROBLEMS = {
    "date_mismatch": "has local and GMT dates that no time zone explains; GMT was taken.",
    "date_unreadable": "has a date that is none; it is kept as written.",
    "date_in_future": "has a date in the future; it is kept as written.",
}


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote the post, for the comparison with who wrote a comment."""

    user_id: str = ""
    email: str = ""
    name: str = ""


@dataclass(slots=True)
class Comments:
    """The comments of one item in reading order, what was left out, and what is to be said of them."""

    comments: list[ArchivedComment] = field(default_factory=list)
    skipped: list[SkippedItem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def make_comments(
    raws: list[RawComment],
    author: Author,
    dates_of_post: tuple[str, str],
    now: datetime.datetime,
) -> Comments:
    """Records of the `wp:comment` elements of one item. Rules: WXR 1.0 to 1.2.

    Types other than comment, pingback and trackback are skipped. Whatever the order of `raws`, the
    same comments in the same order and with the same keys come out.
    """
    made = Comments()
    offset = offset_of([dates_of_post, *((raw.date, raw.gmt) for raw in raws)])
    for key, raw in _with_keys(_without_copies(raws), made.remarks):
        if raw.type not in KINDS:
            excerpt = plain_name(raw.content, True)[:LONGEST_NAME]
            made.skipped.append(SkippedItem(raw.type[:40], key, "not_a_comment", excerpt))
            continue
        comment = _comment(key, raw, author)
        _set_state(comment, raw, made.remarks)
        when = moment(raw.date, raw.gmt, offset, now)
        comment.posted_at, comment.posted_as_written = when.at, when.as_written
        if when.problem:
            message = f"Comment {key} {_DATE_PROBLEMS[when.problem]}"
            made.remarks.append(Remark(when.problem, key, message))
        made.comments.append(comment)
    made.comments, remarks = in_reading_order(made.comments)
    made.remarks += remarks
    return made


def plain_name(text: str, encoded: bool) -> str:
    """A name or title without markup, its entities decoded once when that has not been done."""
    text = _TAGS.sub("", text)
    return one_line(html.unescape(text) if encoded else text, 500)


def without_email(name: str) -> str:
    """A person's name; of an e-mail address in it, which goes into no record, the part before the @."""
    return _EMAIL.sub(r"\1", name)[:LONGEST_NAME]


def _comment(key: str, raw: RawComment, author: Author) -> ArchivedComment:
    has_id = _has_id(raw)
    user = raw.user_id if raw.user_id.strip("0") else ""
    comment = ArchivedComment(
        key=key,
        position=0,
        body=paragraphs(raw.content.strip()),
        has_id=has_id,
        parent_key=raw.parent if raw.parent.strip("0") else None,
        body_format="html",
        kind=KINDS[raw.type],
        author_name=without_email(plain_name(raw.author, raw.author_encoded)),
        author_key=f"login:{user}" if user else "",
        by_blog_author=_is_author(raw.email, user, author),
    )
    if comment.author_name != raw.author.strip():
        comment.hints["author_name"] = _EMAIL.sub(r"\1", raw.author[:1000])
    if len(raw.url) <= LONGEST_ADDRESS and is_web_address(raw.url):
        comment.author_url = raw.url
    elif raw.url and "@" not in raw.url and raw.url not in {"http://", "https://"}:
        comment.hints["author_url"] = raw.url[:2000]
    if key.partition("#")[2] and has_id:
        comment.hints["id_as_written"] = raw.id
    return comment


def _is_author(email: str, user: str, author: Author) -> bool:
    same_user = bool(user) and user == author.user_id
    return same_user or (bool(email) and email.casefold() == author.email.casefold())


def _set_state(comment: ArchivedComment, raw: RawComment, remarks: list[Remark]) -> None:
    comment.state = STATES.get(raw.approved.lower(), "held")
    if raw.approved.lower() not in STATES:
        message = f"Comment {comment.key} has the unknown state “{raw.approved[:40]}”; it is held."
        remarks.append(Remark("state_unknown", comment.key, message))


def _has_id(raw: RawComment) -> bool:
    return bool(raw.id.strip("0"))


def _sorting(raw: RawComment) -> tuple[bool, tuple[bool, int, str], str, str, str, str, bool, str]:
    # What is the same comment stands together, that which is not public first.
    public = raw.approved == "1"
    return (
        not _has_id(raw), number_of(raw.id), raw.gmt or raw.date, raw.content, raw.author, raw.parent,
        public, repr(raw),
    )  # fmt: skip


def _without_copies(raws: Iterable[RawComment]) -> list[RawComment]:
    """The comments by id and date; of those that are the same with the same id, one."""
    kept: list[RawComment] = []
    for raw in sorted(raws, key=_sorting):
        last = kept[-1] if kept else None
        if last and _has_id(raw) and _said(raw) == _said(last):
            continue
        kept.append(raw)
    return kept


def _said(raw: RawComment) -> tuple[str, ...]:
    return raw.id, raw.gmt or raw.date, raw.content, raw.author, raw.parent


def _with_keys(raws: Iterable[RawComment], remarks: list[Remark]) -> list[tuple[str, RawComment]]:
    """Each comment with its id as its key, made unique; those without get numbers of their own."""
    counts: dict[str, int] = {}
    keyed = []
    for raw in raws:
        base = raw.id if _has_id(raw) else ""
        counts[base] = number = counts.get(base, 0) + 1
        keyed.append((f"{base}#{number}" if number > 1 or not base else base, raw))
        if base and number > 1:
            message = f"The id {base} belongs to {number} different comments; all are kept."
            remarks.append(Remark("id_twice", base, message))
    if counts.get(""):
        message = f"{counts['']} comments have no id; equal ones may be copies."
        remarks.append(Remark("no_ids", "", message))
    return keyed
