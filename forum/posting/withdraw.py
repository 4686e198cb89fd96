"""Taking one's own words off the page, for good."""

from forum.accounts.models import User
from forum.accounts.viewer import Viewer
from forum.moderation import decisions
from forum.moderation.models import Act, Decision
from forum.threads import states, tree
from forum.threads.models import Comment

REASON = "author"


def hindrance(comment: Comment) -> bool:
    """Whether one's own comment cannot be withdrawn: nothing is left of it, or it is not shown anyway."""
    return comment.erased_at is not None or states.target(Act.WITHDRAW, comment.state) is None


def withdraw(number: int, viewer: Viewer, user: User | None) -> Decision:
    """Withdraw one's own comment, held or public; replies stay under “A comment stood here.”

    A Decision of its author, which the desk cannot take back. A moderator's decision meanwhile does not stand
    in the way as long as there is something to withdraw, nor does an archive that is read only. Raises
    Comment.DoesNotExist for what is not theirs, and decisions.NotPossibleError.
    """
    with tree.locked_around([number]):
        comment = Comment.objects.own_of(viewer).get(pk=number)
        why = decisions.Grounds(reason_code=REASON)
        return decisions.decide(Act.WITHDRAW, comment.pk, user, grounds=why)
