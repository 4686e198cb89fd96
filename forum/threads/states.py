"""The states of a comment and the moves between them; pure, no database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """What a comment is to the public; none of these takes the row away."""

    HELD = "held", _("Held")
    VISIBLE = "visible", _("Visible")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    REMOVED = "removed", _("Removed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Kind(TextChoices):
    """What a row stands for; a placeholder is a parent that the archive names and does not hold."""

    COMMENT = "comment", _("Comment")
    PINGBACK = "pingback", _("Pingback")
    TRACKBACK = "trackback", _("Trackback")
    PLACEHOLDER = "placeholder", _("Placeholder")


class Origin(TextChoices):
    """Where a row comes from."""

    LIVE = "live", _("Written here")
    ARCHIVE = "archive", _("From the archive")


MOVES: dict[str, dict[State, State]] = {
    "approve": {State.HELD: State.VISIBLE},
    "trust": {State.HELD: State.VISIBLE},
    "keep": {State.VISIBLE: State.VISIBLE},
    "reject": {State.HELD: State.REJECTED},
    "spam": {State.HELD: State.SPAM, State.VISIBLE: State.SPAM},
    "remove": {State.VISIBLE: State.REMOVED},
    "restore": {
        State.REJECTED: State.VISIBLE,
        State.SPAM: State.VISIBLE,
        State.REMOVED: State.VISIBLE,
    },
    "hold": {State.VISIBLE: State.HELD},
    "withdraw": {State.HELD: State.WITHDRAWN, State.VISIBLE: State.WITHDRAWN},
}
REFUSED = (State.REJECTED, State.SPAM, State.REMOVED)
OWN_SEES = (State.HELD, *REFUSED)


def target(act: str, state: str) -> State | None:
    """The state that `act` leads to from `state`, or None where the move is not allowed."""
    return MOVES[act].get(State(state))


def acts_on(state: str) -> list[str]:
    """The acts that are legal from `state`, in the order of MOVES."""
    return [act for act, moves in MOVES.items() if State(state) in moves]
