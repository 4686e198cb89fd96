"""Refuses pages that would take the parser minutes: too many tags, or tags with a flood of attributes."""

import re

from forum.importing.records import RefusedError

MOST_TAGS = 1_000_000
# libxml2 compares each attribute of a tag with all others; this many comparisons take a second or two.
_MOST_COMPARISONS = 1_000_000_000
_TAG = re.compile(r"<[a-zA-Z](?:[^\"'>]+|\"[^\"]*\"|'[^']*')*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_APART = re.compile(r"[\s/]+")
_SHORT = 1000


def refuse_costly(text: str, name: str) -> None:
    """RefusedError for a page that is costly out of all proportion; `name` is what the person calls it."""
    if text.count("<") > MOST_TAGS:
        raise RefusedError(f"“{name}” has more than {MOST_TAGS} tags, too many for one page.")
    comparisons = 0
    for tag in _TAG.finditer(text):
        if tag.end() - tag.start() > _SHORT:
            bare = _QUOTED.sub("Q", tag[0])
            # Attributes stand apart by white space or slashes, or by nothing at all behind a quotation mark.
            comparisons += max(len(_APART.findall(bare)), bare.count("=")) ** 2
        if comparisons > _MOST_COMPARISONS:
            raise RefusedError(f"“{name}” has tags with more attributes than any page of a blog.")
