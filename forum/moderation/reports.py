"""What readers report: what is open on a comment."""

from collections.abc import Collection

from forum.moderation.models_requests import Report


def open_on(comments: Collection[int]) -> dict[int, list[Report]]:
    """The reports under open cases of these comments, by comment number, oldest first. One statement."""
    found: dict[int, list[Report]] = {}
    if not comments:
        return found
    rows = Report.objects.filter(case__comment__in=list(comments), case__closed=None)
    for report in rows.select_related("case", "reporter").order_by("at", "pk"):
        found.setdefault(report.case.comment_id, []).append(report)
    return found
