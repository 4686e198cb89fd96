"""Real Chromium against a real server; the browser is Debian's."""

import os

import pytest
from django.conf import settings as django_settings

from forum.upkeep.demo import PASSWORD, seed_demo


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


@pytest.fixture
def pictures() -> str:
    """The folder that PICTURES names for pictures of the pages, or "" for none."""
    return os.environ.get("PICTURES", "")


@pytest.fixture
def people(browser, site):
    """Opens a page for somebody: signed in under a demo name, or a visitor without one."""
    contexts = []

    def open_page(name: str | None = None, **options):
        context = browser.new_context(base_url=site, **options)
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda m: page.faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("request", lambda r: None if r.url.startswith((site, "data:")) else page.faults.append(r.url))
        if name:
            page.goto("/accounts/login/")
            page.fill("[name=login]", name)
            page.fill("[name=password]", PASSWORD)
            with page.expect_navigation():
                page.get_by_role("button", name="Sign in").click()
        return page

    yield open_page
    for context in contexts:
        context.close()
