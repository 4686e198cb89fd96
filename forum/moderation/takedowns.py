"""Requests to take words or a name down, by people without an account."""

from collections.abc import Collection

from forum.moderation.models_requests import TakeDown


def open_on(comments: Collection[int]) -> dict[int, list[TakeDown]]:
    """The requests that wait on these comments, by comment number, oldest first. One statement."""
    found: dict[int, list[TakeDown]] = {}
    if not comments:
        return found
    for one in TakeDown.objects.filter(comment__in=list(comments), outcome="").order_by("at", "pk"):
        found.setdefault(one.comment_id, []).append(one)
    return found
