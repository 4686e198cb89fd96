"""The desk's answer to somebody who looks at a comment, or has done so."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE
from forum.moderation import leases
from forum.moderation.models import Lease
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.web.parts import is_fragment
from forum.web.redirects import SeeOther, safe_next


@needs(MODERATE, back="moderation:queue")
@require_POST
def lease(request: HttpRequest) -> HttpResponse:
    """Take the lease of `comment`, or give it back with `free`: 303, and for a script 204.

    409 for a script when somebody else has it; a person is told, and goes on all the same.
    """
    raw = request.POST.get("comment", "")
    number = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= 18 else 0
    try:
        said, status = _act(request, number), 204
    except Comment.DoesNotExist:
        raise Http404 from None
    except leases.TakenError as error:
        said, status = _of_another(error.args[0]), 409
    if is_fragment(request):
        return HttpResponse("" if status == 204 else said, status=status, content_type="text/plain")
    messages.info(request, said)
    back = safe_next(request, reverse("moderation:queue")).partition("#")[0]
    return SeeOther(f"{back}#comment-{number}")


def _act(request: HttpRequest, number: int) -> str:
    if request.POST.get("free"):
        leases.free(number, request.user)
        return _("Given back.")
    taken = leases.take(number, request.user, request.session.session_key)
    return _("The others see until %(time)s that you are looking at it.") % {"time": _time(taken)}


def _of_another(taken: Lease) -> str:
    names = {"name": taken.holder.get_username(), "time": _time(taken)}
    return _("%(name)s is looking at it until %(time)s. You can decide all the same.") % names


def _time(taken: Lease) -> str:
    return time_format(localtime(taken.until, SitePolicy.objects.current().zone), "H:i")
