"""Appeals of authors against decisions: one for each decision, answered by another moderator."""

from collections.abc import Collection

from forum.moderation.models_requests import Appeal


def open_on(comments: Collection[int]) -> dict[int, Appeal]:
    """The appeal that waits on each of these comments, by comment number. One statement."""
    if not comments:
        return {}
    waiting = Appeal.objects.filter(decision__comment__in=list(comments), granted=None)
    return {one.decision.comment_id: one for one in waiting.select_related("decision__actor").order_by("pk")}
