"""Several processes write at once and the tree stays sound; without the lock it does not."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from psycopg.sql import SQL, Identifier

pytestmark = pytest.mark.db

PROJECT = Path(__file__).resolve().parents[2]
PROCESSES, REPLIES, ROOTS = 4, 40, 10
SEEDED = 8
PATIENCE = 100


@pytest.fixture
def address(tmp_path) -> Iterator[str]:
    """The address of an empty database of its own, on the kind of database that this session runs on."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        yield from _postgres_database()
    else:
        yield f"sqlite:///{tmp_path / 'hammer.sqlite3'}"


def _postgres_database() -> Iterator[str]:
    name = f"hammer_{uuid.uuid4().hex}"
    _on_server(SQL("CREATE DATABASE {}").format(Identifier(name)))
    try:
        yield _address_of(name)
    finally:
        _on_server(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


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


def start(address: str, act: str, *words: object) -> subprocess.Popen:
    """A process of its own on a database of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.threads.hammer", act, *map(str, words)],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen) -> dict:
    """What a process has to say in the end."""
    try:
        said, _nothing = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0
    return json.loads(said.splitlines()[-1])


def hammer(address: str, *words: str, seed: int = 0) -> dict:
    """All processes write at the same time; their answers together, and the state afterwards."""
    writers = [start(address, "write", seed + n, REPLIES, ROOTS, *words) for n in range(PROCESSES)]
    try:
        for writer in writers:
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            writer.stdin.write("go\n")
            writer.stdin.flush()
        answers = [answer(writer) for writer in writers]
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    together = {key: [one for said in answers for one in said[key]] for key in ("acknowledged", "errors")}
    return together | answer(start(address, "state"))


def test_figure_t1_200_replies_of_4_processes_are_200_rows_in_a_sound_tree(address):
    before = answer(start(address, "prepare"))
    assert len(before["rows"]) == SEEDED
    outcome = hammer(address)
    written = [row for row in outcome["rows"] if row not in before["rows"]]
    assert outcome["errors"] == []
    assert len(outcome["acknowledged"]) == PROCESSES * (REPLIES + ROOTS)
    assert written == sorted(outcome["acknowledged"])
    assert len([row for row in written if row[1] is None]) == PROCESSES * ROOTS
    assert len({article for _number, _parent, article in written}) == 2
    assert outcome["deepest"] > 3
    assert (outcome["broken"], outcome["faults"]) == ([], [])


def test_figure_t1_control_without_the_lock_the_tree_breaks(address):
    answer(start(address, "prepare"))
    for round_number in range(3):
        outcome = hammer(address, "--without-lock", seed=100 * round_number)
        rows = {tuple(row) for row in outcome["rows"]}
        lost = [row for row in outcome["acknowledged"] if tuple(row) not in rows]
        if outcome["broken"] or outcome["errors"] or lost:
            return
    pytest.fail(
        "Without the lock nothing broke in three rounds: this figure cannot fail, so it proves nothing."
    )
