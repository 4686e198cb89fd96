"""Several processes write at once and the tree stays sound; without the lock it does not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import address  # noqa: F401

pytestmark = pytest.mark.db

PROJECT = Path(__file__).resolve().parents[2]
PROCESSES, REPLIES, ROOTS = 4, 40, 10
SEEDED = 8
PATIENCE = 100


def start(where: str, act: str, *words: object) -> subprocess.Popen:
    """A process of its own on a database of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.threads.hammer", act, *map(str, words)],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": where, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"},
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


def hammer(where: str, *words: str, seed: int = 0) -> dict:
    """All processes write at the same time; their answers together, and the state afterwards."""
    writers = [start(where, "write", seed + n, REPLIES, ROOTS, *words) for n in range(PROCESSES)]
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
    return together | answer(start(where, "state"))


def test_figure_t1_200_replies_of_4_processes_are_200_rows_in_a_sound_tree(address):  # noqa: F811
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


def test_figure_t1_control_without_the_lock_the_tree_breaks(address):  # noqa: F811
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
