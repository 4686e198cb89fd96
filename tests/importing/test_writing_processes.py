"""Imports as processes: killed, started twice, and with visitors who reply meanwhile."""

import json
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.databases import address, copy_of  # noqa: F401
from tests.importing import make_wxr
from tests.importing.importer import Place, ended

pytestmark = pytest.mark.db
KILLS = {"new run": 3, "resume": 2}
POSTS, COMMENTS = 46, 40  # some transactions' worth
FEW = 30, 5
ALL = POSTS * (COMMENTS + 1)


@pytest.fixture(scope="module")
def uninterrupted(template, tmp_path_factory) -> Iterator[dict]:
    """What an export gives when nobody disturbs it."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    file = make_wxr.write(folder / "export.xml", make_wxr.posts(POSTS, COMMENTS))
    with copy_of(template, folder) as where:
        calm = Place(where, folder)
        calm.manage("import_archive", file, "--json")
        yield calm.act("state")


@pytest.fixture
def place(address, tmp_path) -> Place:  # noqa: F811
    """A place of its own, on the kind of database that this session runs on."""
    return Place(address, tmp_path)


def connected(place: Place) -> closing:
    """A connection from outside."""
    where = place.environment["DATABASE_URL"]
    if where.startswith("sqlite"):
        return closing(sqlite3.connect(where.removeprefix("sqlite:///"), timeout=20))
    return closing(psycopg.connect(where))


def written(place: Place) -> int:
    """How many articles are committed."""
    with connected(place) as connection:
        return connection.execute("SELECT count(*) FROM forum_article").fetchone()[0]


def beat(place: Place) -> object:
    """The last sign of life of any run."""
    with connected(place) as connection:
        return connection.execute("SELECT max(beat) FROM forum_importrun").fetchone()[0]


def kill_within(place: Place, process, chance: random.Random, after: Callable[[], bool]) -> None:
    """Kill a process a moment after something is so."""
    until = time.monotonic() + 120
    while not after() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(chance.uniform(0, 0.1))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def check_ledger(lines: list[list], items: int) -> None:
    """Every item has one line, in unbroken numbers."""
    assert [line[0] for line in lines] == list(range(1, items + 1))
    assert len({(line[1]) for line in lines}) == items


def check_content(state: dict, given: list[make_wxr.Post]) -> None:
    """Nothing is lost, nothing is doubled, nothing is wrong."""
    assert sorted((tuple(row[:3]) for row in state["comments"]), key=repr) == make_wxr.tree(given)
    assert [row[0] for row in state["articles"]] == sorted(post.path for post in given)
    assert len(state["items"]) == sum(1 + len(post.comments) for post in given)
    assert (state["broken"], state["faults"]) == ([], [])


def content(state: dict) -> dict:
    """What has to be the same after whatever happened on the way."""
    return {name: state[name] for name in ("comments", "articles", "items")}


def test_figure_i1_control_a_lost_a_doubled_and_a_misplaced_comment_are_noticed(uninterrupted):
    given = make_wxr.posts(POSTS, COMMENTS)
    check_content(uninterrupted, given)
    rows = uninterrupted["comments"]
    answer = next(row for row in rows if row[1])
    for spoilt in (
        rows[1:],
        [*rows, rows[0]],
        [[answer[0], None, *answer[2:]] if r == answer else r for r in rows],
    ):
        with pytest.raises(AssertionError):
            check_content(uninterrupted | {"comments": spoilt}, given)


@pytest.mark.parametrize("again", KILLS)
def test_case_m3_killed_at_random_moments_nothing_is_lost_and_nothing_doubled(place, uninterrupted, again):
    """Figure I1 in small: the same file is given again, or its run is gone on with, until it is through."""
    given = make_wxr.posts(POSTS, COMMENTS)
    file = make_wxr.write(place.folder / "export.xml", given)
    chance = random.Random(again)
    process, found = place.start_import(file), []
    for kill in range(KILLS[again]):
        there, last = written(place), beat(place)
        # Once before anything of it is committed, then with a part of it more than before.
        if kill % 2:
            more = partial(lambda there: written(place) > there, there)
        else:
            more = partial(lambda last: beat(place) != last, last)
        kill_within(place, process, chance, more)
        found.append(written(place))
        if again == "resume":
            process = place.start("-m", "tests.importing.importer", "resume", 1)
        else:
            process = place.start_import(file)
    assert [n for n in found if 0 < n < POSTS]
    counts = json.loads(ended(process).splitlines()[-1] if again == "resume" else ended(process))
    state = place.act("state")
    check_content(state, given)
    assert content(state) == content(uninterrupted)
    number, ending, ledger = state["runs"][-1]
    assert (number, ending, counts["items"]) == (counts["run"], "done", ALL)
    check_ledger(ledger, ALL)
    assert counts["created"] + counts["unchanged"] == ALL
    if again == "resume":
        assert ledger == uninterrupted["runs"][0][2]
    else:
        created = Counter(
            line[1] for _n, _state, lines in state["runs"] for line in lines if line[2] == "created"
        )
        assert set(created.values()) == {1}
        assert len(created) == ALL


def both(place: Place, *files: Path) -> list[tuple[int, str, str]]:
    """What several imports say that are started at the same moment."""
    processes = [place.start_import(file) for file in files]
    ends = [process.communicate(timeout=60) for process in processes]
    return [(p.returncode, *end) for p, end in zip(processes, ends, strict=True)]


def test_case_m9_figure_i3_one_file_in_two_processes_at_once_is_imported_once(place):
    given = make_wxr.posts(*FEW)
    file = make_wxr.write(place.folder / "export.xml", given)
    ends = sorted(both(place, file, file))
    state = place.act("state")
    check_content(state, given)
    assert ends[0][0] == 0
    created = 0
    for code, out, complaint in ends:
        assert "Traceback" not in complaint
        if code == 0:
            created += json.loads(out)["created"]
        else:
            assert code == 1
            assert complaint.splitlines()[-1].startswith("CommandError: The same archive is being imported")
    assert created == FEW[0] * (FEW[1] + 1)


def test_figure_i2_two_overlapping_exports_in_two_processes_at_once_double_nothing(place):
    given = make_wxr.posts(40, 8)
    one = make_wxr.write(place.folder / "one.xml", given[:30])
    two = make_wxr.write(place.folder / "two.xml", given[10:], shuffled=3)
    ends = both(place, one, two)
    assert [(code, "Traceback" in complaint) for code, _out, complaint in ends] == [(0, False), (0, False)]
    check_content(place.act("state"), given)
    assert sum(json.loads(out)["created"] for _code, out, _complaint in ends) == 40 * 9


def test_cases_m1_and_m2_visitors_and_moderators_go_on_during_an_import(place):
    """A newer export of the very posts that are being answered; replies, roots and removals at once."""
    before = make_wxr.posts(24, 6)
    newer = [post.longer(30, seed=2) for post in before]
    newer[0] = newer[0].edited(1001, "Other words.")
    place.manage("import_archive", make_wxr.write(place.folder / "old.xml", before), "--json")
    place.act("policy_open")
    stop = place.folder / "stop"
    people = [place.start("-m", "tests.importing.importer", "reply", seed, stop) for seed in (1, 2)]
    try:
        for person in people:
            assert person.stdout.readline() == "ready\n"
        importing = place.start_import(make_wxr.write(place.folder / "new.xml", newer))
        for person in people:
            person.stdin.write("go\n")
            person.stdin.flush()
        counts = json.loads(ended(importing))
        stop.touch()
        told = [json.loads(ended(person).splitlines()[-1]) for person in people]
    finally:
        stop.touch()
        for process in people:
            process.kill()
    state = place.act("state")
    replied = [tuple(reply) for one in told for reply in one["replied"]]
    removed = {body for one in told for body in one["removed"]}
    assert [error for one in told for error in one["errors"]] == []
    assert len(replied) > 20
    assert (state["broken"], state["faults"]) == ([], [])
    live = [tuple(row[:3]) for row in state["comments"] if row[7] == "live"]
    assert _renamed(live) == _renamed(replied)
    archived = [tuple(row[:3]) for row in state["comments"] if row[7] == "archive"]
    assert len(archived) == sum(len(post.comments) for post in newer)
    assert _renamed(archived) == _renamed(make_wxr.tree(newer))
    gone = {row[2] for row in state["comments"] if row[6] == "removed"}
    assert gone == {"Other words." if body == BEFORE else body for body in removed}
    assert (counts["created"], counts["updated"], counts["needs_review"]) == (24 * 30, 1, 0)


BEFORE = "Words 1001 on post 1."


def _renamed(rows: list[tuple]) -> list[tuple]:
    """Rows sorted, with the edited comment under its new words: it may have been answered before."""
    return sorted(
        (tuple("Other words." if cell == BEFORE else cell for cell in row) for row in rows), key=repr
    )
