"""The page of the link that proves an address: GET shows, POST acts."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from forum.accounts.links import LinkError
from forum.accounts.models import Author
from forum.accounts.viewer import remember_all_own
from forum.posting import verification
from forum.web.origin import behind_a_link, is_not_from_here, needs_token


@csrf_exempt  # the origin is checked, and the token where a session comes along, as for replies
@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_link
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """What would be proved, with one button; its POST proves it and gives this browser the keys.

    410 with one sentence for a link that opens nothing, 403 for a form of another site.
    """
    if request.method == "POST" and is_not_from_here(request):
        return render(request, "403.html", status=403)
    try:
        if request.method != "POST":
            asked = verification.look(token)
            context = {"asked": asked, "needs_token": needs_token(request)}
            return render(request, "posting/verify.html", context)
        proved = verification.verify(token)
    except LinkError as error:
        return render(request, "accounts/link_refused.html", {"message": error}, status=410)
    is_guest = proved.author.kind == Author.Kind.GUEST
    signup = f"{reverse('account_signup')}?{urlencode({'email': proved.email})}"
    response = render(request, "posting/verified.html", {"is_guest": is_guest, "signup": signup})
    remember_all_own(request, response, proved.keys)
    return response
