"""Door: what every template may ask for."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from forum.accounts.viewer import ADMINISTER, MODERATE, Viewer
from forum.site.models import SitePolicy


def site(request: HttpRequest) -> dict[str, Any]:
    """`policy`, read once a request and only when asked for, and what the person may enter."""
    rights = Viewer.of(request).rights if hasattr(request, "user") else frozenset()
    return {
        "policy": SimpleLazyObject(SitePolicy.objects.current),
        "may_moderate": MODERATE in rights,
        "may_administer": ADMINISTER in rights,
    }
