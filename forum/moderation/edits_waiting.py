"""Edits of public comments by their authors that wait for a moderator."""

from collections.abc import Collection

from forum.threads.models import Revision


def open_on(comments: Collection[int]) -> dict[int, Revision]:
    """The edit that waits on each of these comments, by comment number. One statement."""
    if not comments:
        return {}
    waiting = Revision.objects.filter(comment__in=list(comments), state=Revision.State.WAITING)
    return {revision.comment_id: revision for revision in waiting.order_by("n")}
