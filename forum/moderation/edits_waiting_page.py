"""Where the desk publishes or declines an edit that waits."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE
from forum.moderation import edits_waiting, reasons
from forum.moderation.cards import DONE
from forum.moderation.decisions import NotPossibleError
from forum.moderation.decisions_page import conflict, grounds_in, left_alone, no_such_act, number_in, refused
from forum.moderation.models import Act
from forum.threads.models import Comment
from forum.web.redirects import SeeOther, safe_next

DECIDE = {Act.ACCEPT: edits_waiting.accept, Act.DECLINE: edits_waiting.decline}
CHANGED = -1  # a version that nothing has


@needs(MODERATE, back="moderation:queue")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Publish an edit that waits, or keep the words before: 303 back, 409 when somebody was quicker."""
    act = request.POST.get("decision", "")
    if act not in DECIDE:
        return no_such_act(request, act)
    number = request.POST.get("comment", "")
    version = number_in(request.POST.get("version", ""))
    try:
        decision = DECIDE[Act(act)](
            number_in(number) or 0,
            number_in(request.POST.get("edit", "")) or 0,
            request.user,
            version=CHANGED if version is None else version,
            grounds=grounds_in(request),
        )
    except reasons.ReasonError as error:
        return refused(request, str(error))
    except (NotPossibleError, Comment.DoesNotExist):
        return conflict(request, [left_alone(number)])
    said = {"act": DONE[decision.act], "name": decision.comment.name_shown or _("unnamed reader")}
    messages.success(request, _("%(act)s: the comment by %(name)s.") % said)
    return SeeOther(safe_next(request, reverse("moderation:queue")))
