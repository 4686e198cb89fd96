"""One process at a time does a piece of work, and a killed one does it no longer."""

import signal
import subprocess
import sys

import pytest

from forum.jobs import alive
from tests.databases import address  # noqa: F401
from tests.importing.importer import Place

pytestmark = pytest.mark.db
HOLD = """
import sys, django
django.setup()
from forum.jobs import alive
try:
    with alive.holding("work"):
        print("held", flush=True)
        sys.stdin.readline()
except alive.HeldError:
    print("refused", flush=True)
"""


@pytest.fixture
def start(address, tmp_path):  # noqa: F811
    """Starts a process that tries to hold the work; tells it and its answer."""
    place, begun = Place(address, tmp_path), []

    def started() -> tuple[subprocess.Popen, str]:
        process = place.start("-c", HOLD)
        begun.append(process)
        return process, process.stdout.readline().strip()

    yield started
    for process in begun:
        process.kill()
        process.communicate()


def test_a_second_process_is_refused_until_the_first_is_through(start):
    first, said = start()
    assert said == "held"
    assert start()[1] == "refused"
    first.communicate("go on\n")
    assert start()[1] == "held"


def test_a_killed_process_holds_nothing_any_more(start):
    first, said = start()
    assert said == "held"
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert start()[1] == "held"


def test_control_two_other_pieces_of_work_do_not_disturb_each_other(start, monkeypatch):
    assert start()[1] == "held"
    monkeypatch.setattr(sys.modules[__name__], "HOLD", HOLD.replace('"work"', '"other work"'))
    assert start()[1] == "held"


@pytest.mark.django_db
def test_the_same_process_is_refused_too_and_may_again_afterwards():
    assert not alive.is_held("work")
    with alive.holding("work"):
        assert alive.is_held("work")
        with pytest.raises(alive.HeldError), alive.holding("work"):
            pass
        assert alive.is_held("work")
    assert not alive.is_held("work")


@pytest.mark.django_db
def test_what_fails_inside_frees_it():
    with pytest.raises(RuntimeError), alive.holding("work"):
        raise RuntimeError
    assert not alive.is_held("work")
