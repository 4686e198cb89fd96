"""What the desk looks at."""

from django.db.models import Prefetch, QuerySet

from forum.accounts.models import User
from forum.accounts.viewer import Viewer
from forum.moderation.models import Act, Case, Decision
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import State


def waiting(viewer: Viewer) -> CommentQuerySet:
    """Held comments, oldest first, with what each answers and its article."""
    held = Comment.objects.visible_to(viewer).filter(state=State.HELD)
    return with_cases(held).order_by("received_at", "id")


def with_cases(comments: CommentQuerySet) -> CommentQuerySet:
    """Comments with what each answers, its article, and as `open_cases` why it waits."""
    unanswered = Prefetch("cases", Case.objects.filter(closed=None).order_by("opened"), to_attr="open_cases")
    return comments.select_related("article", "parent", "author").prefetch_related(unanswered)


def decided() -> QuerySet[Decision]:
    """Decisions, newest first, with their comments and actors."""
    return Decision.objects.select_related("comment__article", "actor", "undone_by").order_by("-at", "-pk")


def last_of(actor: User, count: int) -> list[Decision]:
    """The newest decisions of one moderator that can still be undone."""
    mine = decided().filter(actor=actor, undone_by=None).exclude(act=Act.UNDO)[:count]
    return [decision for decision in mine if decision.comment.version == decision.comment_version]
