"""Taking back any decision, whatever kind it is."""

from forum.accounts.models import User
from forum.moderation import appeals, bans, decisions, edits, edits_waiting
from forum.moderation.models import Act, Decision


def undo(decision_id: int, actor: User) -> Decision:
    """Take a decision back, if nothing has happened since; returns the decision that does.

    Raises Decision.DoesNotExist, and decisions.NotPossibleError when it is not the comment's last one, is
    itself an undo, or the comment has changed or been erased since.
    """
    undone = Decision.objects.get(pk=decision_id)
    match undone.act:
        case Act.EDIT:
            return edits.undo_edit(undone, actor)
        case Act.CLOSE | Act.REOPEN:
            return edits.undo_close(undone, actor)
        case Act.ACCEPT | Act.DECLINE:
            return edits_waiting.undo(undone, actor)
        case Act.UPHOLD:
            return appeals.undo_uphold(undone, actor)
        case Act.BAN:
            return bans.undo_ban(undone, actor)
    outcome = decisions.undo_some([decision_id], actor)
    if not outcome.done:
        raise decisions.NotPossibleError
    return outcome.done[0]
