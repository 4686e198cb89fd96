"""Patterns of rules: made ready by RE2 for folded texts, each within its share of memory, and how many."""

import re2
from django.utils.translation import gettext as _

from forum.text.folding import fold

MOST_PATTERNS = 200  # that act at once: each is held against every reply, by every process
# Bytes that RE2 may take for one: all of them together stay below what a small server has to spare.
BIGGEST_PATTERN = 1 << 17


class RuleError(Exception):
    """A rule that cannot be used; the text is one sentence for whoever typed it."""


def made(text: str) -> "re2._Regexp":
    """A pattern made ready for folded texts: what is not ASCII in it is folded, too. Raises RuleError."""
    if r"\C" in text:  # a byte, which may be half a letter
        raise RuleError(_("This is no pattern that can be used here: %(why)s.") % {"why": r"\C"})
    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, BIGGEST_PATTERN
    try:
        pattern = re2.compile("".join(c if c.isascii() else fold(c) or c for c in text), options)
    except re2.error as error:
        raise RuleError(_why_not(error.args[0].decode(errors="replace"))) from None
    if pattern.search("") is not None or pattern.fullmatch("") is not None:
        raise RuleError(_("This pattern fits a text without any words, so it would fit every text."))
    return pattern


def too_many() -> str:
    """The sentence for one pattern more than there may be."""
    return _("At most %(most)s patterns can be on at once; switch one off first.") % {"most": MOST_PATTERNS}


def _why_not(error: str) -> str:
    if "too large" in error:
        return _("This pattern is too large: let it repeat less often, or name fewer kinds of letters.")
    return _("This is no pattern that can be used here: %(why)s.") % {"why": error}
