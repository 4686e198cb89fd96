"""A line of the log in words, for its page and for its file."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from forum.accounts.models import User
from forum.moderation import log, policy_words
from forum.moderation.log import ACTS, KINDS, Line
from forum.moderation.models_people import Ban
from forum.text.tidy import as_cell

COLUMNS = [
    *("at", "kind", "act", "by", "comment", "article", "reason_code", "reason", "note", "details"),
    *("undone_at", "undone_by"),
]


@dataclass(slots=True)
class Entry:
    """What the page shows of one line. `by` is "" for the system; `comment` and `article` are numbers."""

    at: datetime.datetime
    kind: str
    act: str
    said: str
    by: str = ""
    comment: int | None = None
    name: str | None = None
    article: int | None = None
    title: str = ""
    reason_code: str = ""
    reason: str = ""
    note: str = ""
    details: str = ""
    undone_at: datetime.datetime | None = None
    undone_by: str = ""

    @property
    def kind_said(self) -> str:
        """Its kind in words."""
        return str(KINDS[self.kind])


def entry_of(line: Line) -> Entry:
    """A line in words; nothing in it is an e-mail address, or a name that was given for the desk alone."""
    row = line.row
    actor: User | None = getattr(row, line.source.actor)
    act = _act(line)
    entry = Entry(line.at, line.source.kind, act, str(ACTS[act]), actor.username if actor else "")
    _FILL[line.source.kind](entry, row)
    return entry


def entries_of(lines: Sequence[Line]) -> list[Entry]:
    """The lines of a page in words; changes of the policy are told as on its own pages, in two statements."""
    entries = [entry_of(line) for line in lines]
    said = policy_words.in_short([line.row for line in lines if line.source.kind == log.POLICY])
    for line, entry in zip(lines, entries, strict=True):
        if line.source.kind == log.POLICY:
            entry.details = said[line.row.pk]
    return entries


def csv_rows(lines: Iterable[Line]) -> Iterator[list[str]]:
    """The log as the rows of a file, its head first; cells that a spreadsheet would run are made text."""
    yield COLUMNS
    for line in lines:
        entry = entry_of(line)
        values = (getattr(entry, name) for name in COLUMNS)
        yield [cell(value) for value in values]


def cell(value: Any) -> str:
    """A value as a cell: moments in ISO 8601, nothing for None, a quote before what would be a formula."""
    if value is None:
        return ""
    said = value.isoformat() if isinstance(value, datetime.date) else str(value)
    return as_cell(said)


def _act(line: Line) -> str:
    row, acts = line.row, list(line.source.acts)
    match line.source.kind:
        case log.COMMENT | log.ARTICLE:
            return f"{line.source.kind}.{row.act}"
        case log.APPEAL:
            return f"{log.APPEAL}.{'granted' if row.granted else 'declined'}"
        case log.TAKEDOWN:
            return f"{log.TAKEDOWN}.{row.outcome}"
    return acts[0]


def _comment(entry: Entry, row: Any) -> None:
    entry.comment, entry.name = row.comment_id, row.comment.name_shown
    entry.reason_code, entry.reason, entry.note = row.reason_code, row.reason, row.note
    if row.from_state != row.to_state:
        entry.details = f"{row.get_from_state_display()} → {row.get_to_state_display()}"
    _undone(entry, row)


def _article(entry: Entry, row: Any) -> None:
    entry.article, entry.title, entry.reason = row.article_id, row.article.title, row.reason
    entry.comment = row.comment
    entry.details = _("with: %(title)s") % {"title": row.other.title} if row.other else ""
    _undone(entry, row)


def _undone(entry: Entry, row: Any) -> None:
    undo = getattr(row, "undone_by", None)
    if undo is not None:
        entry.undone_at, entry.undone_by = undo.at, undo.actor.username if undo.actor else ""


def _ban(entry: Entry, row: Any) -> None:
    entry.reason, entry.details = row.reason, row.get_kind_display()
    if row.author is not None:
        entry.details = f"{entry.details}: {row.author.name or _('unnamed reader')}"
    elif row.kind == Ban.Kind.DOMAIN:  # where a network is, is for admins alone
        entry.details = f"{entry.details}: {row.value}"
    if row.decision is not None:
        entry.comment, entry.note = row.decision.comment_id, row.decision.note
    if entry.act == f"{log.BAN}.spoken" and row.lifted_at is not None:
        entry.undone_at, entry.undone_by = row.lifted_at, row.lifted_by.username


def _policy(entry: Entry, row: Any) -> None:
    names = sorted({*row.before, *row.after})
    changed = [f"{name}: {_short(row.before.get(name))} → {_short(row.after.get(name))}" for name in names]
    entry.details = "; ".join([row.about, *changed])


def _short(value: Any) -> str:
    said = "–" if value in (None, "") else str(value)
    return said if len(said) <= 60 else f"{said[:59]}…"


def _appeal(entry: Entry, row: Any) -> None:
    entry.comment, entry.reason = row.decision.comment_id, row.answer
    entry.details = _("against: %(act)s") % {"act": row.decision.get_act_display()}


def _takedown(entry: Entry, row: Any) -> None:
    entry.comment, entry.reason, entry.details = row.comment_id, row.answer, row.get_wish_display()


_FILL = {
    log.COMMENT: _comment,
    log.ARTICLE: _article,
    log.BAN: _ban,
    log.POLICY: _policy,
    log.APPEAL: _appeal,
    log.TAKEDOWN: _takedown,
}
