"""What waits at the desk besides the tab that somebody looks at, in words that lead there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from forum.moderation.filters import APPEALS, EDITED, HELD, REPORTED, TAKEDOWNS
from forum.moderation.queries import Counts

CLAIMS, UNPLACED = "claims", "unplaced"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One thing that waits in another place: in words, and the address of that place."""

    words: str
    address: str


def waiting(counts: Counts, tab: str) -> list[Elsewhere]:
    """What waits in the other tabs, those with nothing left out; spam does not wait for anybody.

    Take-downs that name no comment stand on a page of their own, so that their tab does not show them.
    """
    queue, requests = reverse("moderation:queue"), reverse("moderation:requests")
    unplaced = counts.unplaced
    takedowns = unplaced if tab == TAKEDOWNS else counts.takedowns + unplaced
    found = {
        HELD: (counts.held, queue),
        REPORTED: (counts.reported, f"{queue}?tab={REPORTED}"),
        EDITED: (counts.edited, f"{queue}?tab={EDITED}"),
        APPEALS: (counts.appeals, f"{queue}?tab={APPEALS}"),
        UNPLACED: (takedowns, requests if unplaced else f"{queue}?tab={TAKEDOWNS}"),
        CLAIMS: (counts.open_claims, reverse("moderation:claims")),
    }
    return [
        Elsewhere(_in_words(name, count), address)
        for name, (count, address) in found.items()
        if count and name != tab
    ]


def _in_words(name: str, count: int) -> str:
    said = {
        HELD: ngettext("%(n)s comment is held", "%(n)s comments are held", count),
        REPORTED: ngettext("%(n)s comment is reported", "%(n)s comments are reported", count),
        EDITED: ngettext("%(n)s edit waits", "%(n)s edits wait", count),
        APPEALS: ngettext("%(n)s appeal waits", "%(n)s appeals wait", count),
        UNPLACED: ngettext("%(n)s take-down request waits", "%(n)s take-down requests wait", count),
        CLAIMS: ngettext("%(n)s claim waits", "%(n)s claims wait", count),
    }
    return said[name] % {"n": count}
