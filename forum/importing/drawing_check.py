"""Declared against found: how many comments a source announces, how many there are, and why they differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forum.importing.match_corrections import ECHOES
from forum.importing.plan_items import PlannedArticle
from forum.importing.records import Remark
from forum.threads.states import Kind

EXPLAIN = {"number_gap", "no_comments", "comments_left_out"}
TOLD = {*EXPLAIN, "count_mismatch"}


@dataclass(slots=True)
class Check:
    """The declared number (None when the source is silent), the number found, the sentence of the reader
    that compared them ("" where they fit), and each difference in a sentence of its own."""

    declared: int | None
    found: int
    mismatch: str
    reasons: list[str]


def check(planned: PlannedArticle, remarks: Sequence[Remark]) -> Check:
    """Compare what an article's source announces with what was found of it."""
    comments = planned.comments
    echoes = sum(c.said.kind in ECHOES for c in comments)
    stubs = sum(c.said.kind == Kind.PLACEHOLDER and c.said.state != "removed" for c in comments)
    left_out = sum(c.said.state in {"spam", "removed"} for c in comments)
    held = sum(c.said.state == "held" for c in comments)
    declared, found = planned.record.declared, len(comments) - stubs
    reasons = [remark.message for remark in remarks if remark.code in EXPLAIN]
    reasons += _counted(echoes, stubs, left_out, held)
    hidden = left_out + held
    fits = declared is None or declared in {found, found - echoes, found - hidden, found - hidden - echoes}
    mismatch = " ".join(remark.message for remark in remarks if remark.code == "count_mismatch")
    if not fits and not mismatch:
        reasons.insert(0, _difference(declared or 0, found))
    if planned.record.hints.get("more_comment_pages") and "further pages" not in mismatch:
        reasons.append(_("The page points to further pages of comments, which are not in this archive."))
    return Check(declared, found, mismatch, reasons)


def _difference(declared: int, found: int) -> str:
    if found < declared:
        text = "%(n)s declared comment is not in the archive, and it does not say why."
        many = "%(n)s declared comments are not in the archive, and it does not say why."
        return ngettext(text, many, declared - found) % {"n": declared - found}
    text = "%(n)s comment more than declared is in the archive."
    many = "%(n)s comments more than declared are in the archive."
    return ngettext(text, many, found - declared) % {"n": found - declared}


def _counted(echoes: int, stubs: int, left_out: int, held: int) -> list[str]:
    """What of the found ones a source may not have counted."""
    said = [
        (
            echoes,
            "%(n)s of those found is a link from another site, which many blogs do not count.",
            "%(n)s of those found are links from other sites, which many blogs do not count.",
        ),
        (
            left_out,
            "%(n)s of those found is spam or was removed at the source, and its words are left out.",
            "%(n)s of those found are spam or were removed at the source, and their words are left out.",
        ),
        (
            held,
            "%(n)s of those found was waiting for approval at the source.",
            "%(n)s of those found were waiting for approval at the source.",
        ),
        (
            stubs,
            "%(n)s comment is only named, by a reply to it; an empty place will stand for it.",
            "%(n)s comments are only named, by replies to them; empty places will stand for them.",
        ),
    ]
    return [ngettext(one, many, n) % {"n": n} for n, one, many in said if n]
