"""Databases of their own, with all tables, for tests that run processes or several connections.

The tables are made once in a run, whatever the number of workers, and copied. `template` is there for
every test; import `address` from here.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg.sql import SQL, Identifier

PROJECT = Path(__file__).resolve().parents[1]
ON_POSTGRES = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> str:
    """What copies are made of: the path of a SQLite file, or the name of a database of the server."""
    folder = _of_the_run(tmp_path_factory)
    known = folder / "template.name"
    with _one_worker_at_a_time(folder):
        if not known.exists():
            known.write_text(_make(folder))
    return known.read_text()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings_parallel_suffix) -> Iterator[None]:
    """Where several workers run, the tables of the database of each are copied, too."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        yield
        return
    made = request.getfixturevalue("template")
    if ON_POSTGRES:
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = made
        yield
        return
    in_memory = connections["default"].creation._get_test_db_name()
    with closing(sqlite3.connect(in_memory, uri=True)) as own, closing(sqlite3.connect(made)) as source:
        source.backup(own)
        yield


@pytest.fixture
def address(template, tmp_path) -> Iterator[str]:
    """The address of a database of its own, on the kind of database that this session runs on."""
    with copy_of(template, tmp_path) as found:
        yield found


@contextmanager
def copy_of(template: str, folder: Path) -> Iterator[str]:
    """A copy of a database, which nobody may be using, in `folder` or on the server; gives its address.

    `template` is a path or a name, as `name_of` gives it for an address. A copy on the server is dropped.
    """
    if not ON_POSTGRES:
        path = folder / "own.sqlite3"
        shutil.copy(template, path)
        yield f"sqlite:///{path}"
        return
    name = f"own_{uuid.uuid4().hex}"
    _on_server(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
    try:
        yield _address_of(name)
    finally:
        _on_server(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def name_of(address: str) -> str:
    """The path or the name of the database at an address."""
    return address.rsplit("/", 1)[-1] if ON_POSTGRES else address.removeprefix("sqlite:///")


def _make(folder: Path) -> str:
    if not ON_POSTGRES:
        path = folder / "template.sqlite3"
        _migrate(f"sqlite:///{path}")
        return str(path)
    name = f"template_{uuid.uuid4().hex}"
    _on_server(SQL("CREATE DATABASE {}").format(Identifier(name)))
    _migrate(_address_of(name))
    return name


def _of_the_run(factory) -> Path:
    """A folder that all workers of this run share."""
    own = factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@contextmanager
def _one_worker_at_a_time(folder: Path) -> Iterator[None]:
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(where: str) -> None:
    ours = {"DATABASE_URL": where, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(command, cwd=PROJECT, env=os.environ | ours, check=True, stdin=subprocess.DEVNULL)


def _on_server(statement) -> None:
    server = settings.DATABASES["default"]
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    known = {name: str(server[key]) for name, key in names.items() if server.get(key)}
    with closing(psycopg.connect(**known, autocommit=True)) as connection:
        connection.execute(statement)


def _address_of(name: str) -> str:
    server = settings.DATABASES["default"]
    user, password, host = (quote(server.get(key) or "", safe="") for key in ("USER", "PASSWORD", "HOST"))
    port = f":{server['PORT']}" if server.get("PORT") else ""
    return f"postgres://{user}{':' if password else ''}{password}@{host}{port}/{name}"
