"""Figure T2: replies, the desk, an importer and the checker at the same time, each a process of its own.

Four seconds with two people who reply; ten minutes with four where AFTERWORD_FULL is set.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import copy_of, name_of
from tests.threads.test_concurrency import PROJECT, answer

pytestmark = pytest.mark.db

FULL = bool(os.environ.get("AFTERWORD_FULL"))
SECONDS, REPLIERS, MODERATORS = (600, 4, 2) if FULL else (4, 2, 2)
CONTROL_SECONDS = 2
ACTS = ("reply", "moderate", "importer", "checker")
LEAST = {"reply": 8, "moderate": 15, "importer": 1, "checker": 2}
SETTINGS = """from pathlib import Path
from config.settings import *
IMPORT_DIR = Path({folder!r})
LOCK_DIR = IMPORT_DIR / "locks"
"""


class Place:
    """A prepared database, and processes that work on it."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.folder, self.before = address, folder, {}
        (folder / "mix_settings.py").write_text(SETTINGS.format(folder=str(folder / "kept")))

    def start(self, act: str, *words: object) -> subprocess.Popen:
        """A process of its own."""
        paths = [str(self.folder), str(PROJECT), os.environ.get("PYTHONPATH", "")]
        env = os.environ | {"DATABASE_URL": self.address, "DJANGO_SETTINGS_MODULE": "mix_settings"}
        env |= {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "DEBUG": "1"}
        command = [sys.executable, "-m", "tests.threads.mixer", act, *map(str, words)]
        # What the site logs of answers such as 422 is not asked for here.
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=PROJECT, env=env, text=True, **pipes)

    def say(self, act: str, *words: object) -> dict:
        """The answer of a process that works alone."""
        return answer(self.start(act, *words))


@pytest.fixture(scope="module")
def prepared(template, tmp_path_factory) -> Iterator[Place]:
    """Filled once, to be copied."""
    folder = tmp_path_factory.mktemp("mix")
    with copy_of(template, folder) as where:
        place = Place(where, folder)
        place.before = place.say("prepare", folder)
        yield place


@pytest.fixture
def place(prepared, tmp_path) -> Iterator[Place]:
    """A copy of the prepared database."""
    shutil.copytree(prepared.folder, tmp_path, dirs_exist_ok=True)
    with copy_of(name_of(prepared.address), tmp_path) as where:
        yield Place(where, tmp_path)


def mix(place: Place, seconds: int, *words: str, least: dict[str, int]) -> dict[str, list[dict]]:
    """Everybody at the same time; what each of them has to say, and the state afterwards."""
    acts = ["reply"] * REPLIERS + ["moderate"] * MODERATORS + ["checker"]
    started = [(act, place.start(act, n, seconds, least.get(act, 0), *words)) for n, act in enumerate(acts)]
    started.append(
        ("importer", place.start("importer", 99, seconds, least.get("importer", 0), place.folder, *words))
    )
    said: dict[str, list[dict]] = {}
    try:
        for _act, process in started:
            assert process.stdout.readline() == "ready\n"
        for _act, process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        for act, process in started:
            out, _nothing = process.communicate(timeout=seconds + 100)
            assert process.returncode == 0, act
            said.setdefault(act, []).append(_last(out))
    finally:
        for _act, process in started:
            process.kill()
            process.wait()
    return said | {"after": [place.say("state")]}


def _last(out: str) -> dict:
    return json.loads(out.splitlines()[-1])


def together(said: dict[str, list[dict]], act: str, key: str) -> list:
    return [one for process in said[act] for one in process[key]]


def errors(said: dict[str, list[dict]]) -> list[str]:
    return [
        error
        for act in ("reply", "moderate", "importer", "checker")
        for error in together(said, act, "errors")
    ]


def lost(said: dict[str, list[dict]]) -> list:
    """Acknowledged replies without their row or their words, or away from what they answer.

    A reply that a moderator has put elsewhere itself may answer something else by now.
    """
    rows, missing = said["after"][0]["comments"], []
    for number, parent, body in together(said, "reply", "done"):
        row = rows.get(str(number))
        if row is None or row[2] != body or not (row[1] or row[0] == parent):
            missing.append([number, parent, row])
    return missing


@pytest.mark.timeout(SECONDS + 240)
def test_figure_t2_no_reply_is_lost_while_everybody_moves_removes_imports_and_mends(prepared, place):
    said = mix(place, SECONDS, least=LEAST)
    before, after = prepared.before, said["after"][0]
    acknowledged = together(said, "reply", "done")
    assert errors(said) == []
    assert lost(said) == []
    assert together(said, "checker", "told") == []
    assert (after["broken"], after["faults"]) == ([], [])
    bodies = [row[2] for row in after["comments"].values() if row[3] == "live"]
    assert sorted(bodies) == sorted(body for _number, _parent, body in acknowledged)
    assert set(before["comments"]) <= set(after["comments"])
    counted = {act: len(together(said, act, "done")) for act in ACTS}
    print(f"figure T2, {SECONDS} s: {counted}, told {len(together(said, 'reply', 'told'))}")
    assert all(counted[act] >= LEAST[act] for act in ACTS)
    assert {"move", "split"} & set(after["acts"])


def test_figure_t2_control_without_the_lock_something_breaks(place):
    for _round in range(3):
        said = mix(place, CONTROL_SECONDS, "--without-lock", least={})
        after = said["after"][0]
        mended = together(said, "checker", "told")
        if errors(said) or lost(said) or mended or after["broken"] or after["faults"]:
            return
    pytest.fail(
        "Without the lock nothing broke in three rounds: this figure cannot fail, so it proves nothing."
    )
