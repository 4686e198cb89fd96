"""The cast: ann writes, ben reads, mod moderates, boss administers, and a stranger has no account."""

import gc
import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from forum.accounts.models import Role
from tests.databases import django_db_modify_db_settings, template  # noqa: F401
from tests.make import make_article, make_user

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PROJECT = Path(__file__).resolve().parent.parent
# Where CI asks one database only: which one is of no account there, or a browser drives the other anyway.
ON_SQLITE = (
    *("tests/rules/test_doors", "tests/rules/test_gates", "tests/pages/", "tests/accounts/"),
    *("tests/importing/test_truth", "tests/moderation/test_parents_and_children"),
    *("tests/moderation/test_note", "tests/moderation/test_figures_screening"),
    *("tests/mail/test_sender.py", "tests/mail/test_wire"),
)
ON_POSTGRES = (
    *("tests/mail/test_sender_processes", "tests/importing/test_writing_processes"),
    *("tests/threads/test_mix", "tests/jobs/test_alive"),
    *("tests/moderation/", "tests/notifications/", "tests/posting/"),
)


def pytest_collection_modifyitems(items):
    """Whatever uses the database runs again on PostgreSQL; browsers are driven once, on SQLite.

    In CI each test of some rooms runs on one database alone; anywhere else, and for a release, on both. What
    takes long comes first, so that no worker is left alone with it in the end.
    """
    once = os.environ.get("CI") == "true" and not os.environ.get("AFTERWORD_FULL")
    items.sort(key=lambda item: not (item.get_closest_marker("browser") or "processes" in item.path.name))
    for item in items:
        where = item.path.relative_to(PROJECT).as_posix()
        if item.get_closest_marker("browser") or once and where.startswith(ON_SQLITE):
            continue
        if item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.db)
        if once and where.startswith(ON_POSTGRES) and item.get_closest_marker("db"):
            item.add_marker(pytest.mark.server)


def pytest_collection_finish():
    """What is there before the first test stays, so no collection of garbage need look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True)
def _own_import_folder(settings, tmp_path):
    settings.IMPORT_DIR = tmp_path / "imports"
    settings.LOCK_DIR = tmp_path / "locks"
    settings.EVEN_ANSWERS = 0


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """Counts of one test do not stand against another, and tests without a database have a cache, too."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture(scope="session")
def archives() -> Path:
    """The folder of real archives; a test that needs it is skipped without it, in CI it fails."""
    folder = Path(os.environ.get("AFTERWORD_ARCHIVES", PROJECT / "../shared/archives")).resolve()
    if not folder.is_dir():
        message = f"No real archives at {folder}; set AFTERWORD_ARCHIVES."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture
def article(db):
    """A published article without comments."""
    return make_article()


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="forum.accounts.backends.OneHash")
    client.user = user
    return client


@pytest.fixture
def stranger() -> Client:
    """A browser without cookies."""
    return Client()


@pytest.fixture
def ben(db) -> Client:
    """A signed-in reader."""
    return _signed_in(make_user("ben"))


@pytest.fixture
def mod(db) -> Client:
    """A signed-in moderator."""
    return _signed_in(make_user("mod", Role.MODERATOR))


@pytest.fixture
def boss(db) -> Client:
    """A signed-in admin."""
    return _signed_in(make_user("boss", Role.ADMIN))
