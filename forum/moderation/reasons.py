"""The sentences that the desk uses again and again: reasons for decisions, and canned replies."""

import re

from django.utils.translation import gettext as _

from forum.moderation.decisions import Grounds
from forum.moderation.models_people import CannedReply, Reason
from forum.text.tidy import one_line, plain

LONGEST_REASON = 500
LONGEST_NOTE = 5000
PLACEHOLDERS = ("{name}", "{article}", "{site}")
_PLACEHOLDER = re.compile(r"\{[^{}\n]*\}")


class ReasonError(Exception):
    """A reason that cannot be given; the text is one sentence for whoever chose it."""


def active() -> list[Reason]:
    """The reasons to choose from, in the order that the admins gave them. One statement."""
    return list(Reason.objects.filter(active=True))


def grounds(code: str, words: str = "", note: str = "") -> Grounds:
    """What a decision says: the text of the reason `code`, then `words`, both for the author to read.

    Without a code the words stand alone; `note` is for the desk. The text is kept as it is today, so that a
    reason which is worded anew later changes no old decision. Raises ReasonError for a code that no active
    reason has, and when both together are too long.
    """
    said, words = "", one_line(words, LONGEST_REASON + 1)
    if code:
        found = Reason.objects.filter(code=code[:50], active=True).first()
        if found is None:
            raise ReasonError(_("This reason is not in the list any more; please choose another."))
        code, said = found.code, found.text
    together = f"{said} {words}".strip()
    if len(together) > LONGEST_REASON:
        message = _("The reason is too long: with your own words at most %(limit)s characters fit.")
        raise ReasonError(message % {"limit": LONGEST_REASON})
    note = plain(note).strip()
    if len(note) > LONGEST_NOTE:
        raise ReasonError(
            _("The note is too long: at most %(limit)s characters fit.") % {"limit": LONGEST_NOTE}
        )
    return Grounds(reason_code=code, reason=together, note=note)


def canned() -> list[CannedReply]:
    """The canned replies to choose from, in the order that the admins gave them. One statement."""
    return list(CannedReply.objects.filter(active=True))


def unknown_placeholder(text: str) -> str:
    """The first thing in braces that nothing fills in, "" when there is none."""
    return next((found for found in _PLACEHOLDER.findall(text) if found not in PLACEHOLDERS), "")


def fill(text: str, *, name: str, article: str, site: str) -> str:
    """A canned reply with its three placeholders filled in; what is filled in is not looked at again."""
    values = dict(zip(PLACEHOLDERS, (name, article, site), strict=True))
    return _PLACEHOLDER.sub(lambda match: values.get(match.group(), match.group()), text)
