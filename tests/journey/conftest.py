"""Real Chromium against a real server; the browser is Debian's."""

import pytest
from django.conf import settings as django_settings
from django.test import Client

from forum.accounts.models import User
from forum.upkeep.demo import seed_demo
from tests.posting.test_double_post import in_thread


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, as root in a small machine."""
    return browser_type_launch_args | {
        "executable_path": "/usr/bin/chromium",
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
    }


@pytest.fixture
def site(live_server, settings):
    """The served site with its demo people; returns its address."""
    settings.DEBUG = True
    seed_demo()
    settings.DEBUG = False
    assert django_settings.ROOT_URLCONF == "config.urls"
    return live_server.url


def session_of(name: str) -> str:
    """The key of a new session in which somebody is signed in."""
    client = Client()
    client.force_login(User.objects.get(username=name), backend="forum.accounts.backends.OneHash")
    return client.session.session_key


@pytest.fixture
def people(browser, site, request):
    """Opens a page for somebody: signed in under a demo name, or a visitor without one.

    The session is there without the form, which `hands.sign_in` goes through where signing in is the matter.
    """
    contexts = []
    # The database file of tests/journey/served.py is reached through another thread.
    ask = session_of if "live_server" in request.fixturenames else lambda name: in_thread(session_of, name)

    def open_page(name: str | None = None, **options):
        context = browser.new_context(base_url=site, **options)
        contexts.append(context)
        if name:
            cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": ask(name), "url": site}
            context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Lax"}])
        page = context.new_page()
        page.faults = []
        page.on("console", lambda m: page.faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("request", lambda r: None if r.url.startswith((site, "data:")) else page.faults.append(r.url))
        return page

    yield open_page
    for context in contexts:
        context.close()
