"""The site on a database file of its own, so that several requests may come at the same moment.

The live server of pytest-django hands its one connection to every thread where SQLite is in memory, which
breaks as soon as two requests overlap; scripts and two browsers at once do that. Import `site` from
here, and reach the database through `there`.
"""

import shutil
from collections.abc import Callable, Iterator
from functools import partialmethod
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread, ThreadedWSGIServer

from forum.upkeep.demo import seed_demo
from tests.posting.test_double_post import in_thread

there: Callable[..., Any] = in_thread


class Server(ThreadedWSGIServer):
    """The live server, which hears at once that it is to end: else each test waits for that."""

    serve_forever = partialmethod(ThreadedWSGIServer.serve_forever, poll_interval=0.02)


@pytest.fixture
def site(template, tmp_path, monkeypatch, db, settings) -> Iterator[str]:
    """The served site with its demo people; gives its address."""
    path = tmp_path / "site.sqlite3"
    shutil.copy(template, path)
    monkeypatch.setitem(connections.settings["default"], "NAME", str(path))
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.DEBUG = True
    there(seed_demo)
    settings.DEBUG = False
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.server_class, server.daemon = Server, True
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
