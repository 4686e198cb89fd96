"""Who a request comes from, and what our own pages are called in full."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

# Browsers name others as well to be let in, so that the first match counts.
_BROWSERS = ("Edg", "OPR", "SamsungBrowser", "Firefox", "FxiOS", "CriOS", "Chrome", "Safari")
_SHOWN = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
}
_SYSTEMS = {
    **{"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows"},
    **{"CrOS": "ChromeOS", "Mac OS X": "Mac", "Linux": "Linux"},
}


def client_address(request: HttpRequest) -> str:
    """The address of the client, or "" when none can be told.

    It is the peer's, unless TRUSTED_PROXIES says that so many proxies of our own stand before it: each
    adds what it saw at the end of `X-Forwarded-For`, and what stands further left anybody can write.
    An IPv4 address in the clothes of IPv6 is given as IPv4, since limits count IPv6 by the /64.
    """
    raw = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        seen = [part for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        raw = seen[-settings.TRUSTED_PROXIES] if len(seen) >= settings.TRUSTED_PROXIES else raw
    try:
        address = ip_address(raw.strip()[:45])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def full_address(path: str, request: HttpRequest | None = None) -> str:
    """The address of one of our pages with scheme and host, for letters: from SITE_URL, else the request.

    Without either it stays a path.
    """
    if settings.SITE_URL:
        return f"{settings.SITE_URL}{path}"
    return request.build_absolute_uri(path) if request else path


def client_agent(request: HttpRequest) -> str:
    """What the browser calls itself, cut to what is stored."""
    return request.headers.get("User-Agent", "")[:300]


def browser_name(agent: str) -> str:
    """What people call the browser behind a `User-Agent`, such as “Firefox on Windows”."""
    browser = next((_SHOWN.get(name, name) for name in _BROWSERS if name in agent), "")
    system = next((shown for name, shown in _SYSTEMS.items() if name in agent), "")
    if not browser:
        return system or _("Unknown browser")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser
