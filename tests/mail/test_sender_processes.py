"""Figure E1 with real senders: killed at random moments, and several at once.

Twelve kills; a hundred where AFTERWORD_FULL is set.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.databases import address  # noqa: F401
from tests.mail.post_office import PostOffice, Received

pytestmark = pytest.mark.db
PROJECT = Path(__file__).resolve().parents[2]
KILLS = 100 if os.environ.get("AFTERWORD_FULL") else 5
LETTERS, PEOPLE = KILLS * 8, 5
SENDERS, FEW = 3, 60
PATIENCE = 100


class Site:
    """A site as processes: a database of its own, and a mail server that it sends through."""

    def __init__(self, where: str, office: PostOffice) -> None:
        self.where, self.office = where, office
        ours = {"DATABASE_URL": where, "EMAIL_URL": f"smtp://127.0.0.1:{office.port}", "DEBUG": "1"}
        self.environment = os.environ | ours | {"DJANGO_SETTINGS_MODULE": "config.settings"}

    def start(self, *command: object) -> subprocess.Popen:
        """A process of the site."""
        words = [sys.executable, *map(str, command)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return subprocess.Popen(words, cwd=PROJECT, env=self.environment, **pipes)

    def act(self, *words: object) -> list:
        """What one act of the hammer has to say."""
        return json.loads(said(self.start("-m", "tests.mail.hammer", *words)).splitlines()[-1])

    def execute(self, sql: str) -> list[tuple]:
        """Run SQL from outside."""
        if self.where.startswith("sqlite"):
            connection = sqlite3.connect(self.where.removeprefix("sqlite:///"), timeout=20)
        else:
            connection = psycopg.connect(self.where)
        with closing(connection):
            cursor = connection.execute(sql)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
        return rows

    def leases_are_over(self) -> None:
        """As if ten minutes had passed since every lease, and the time of every next try had come."""
        long_ago = "'2011-06-14 00:00:00+00:00'"
        self.execute(f"UPDATE forum_letter SET lease_until = {long_ago} WHERE lease <> ''")
        self.execute(f"UPDATE forum_letter SET due_at = {long_ago} WHERE sent_at IS NULL")

    def unmarked(self) -> int:
        """How many letters the server has taken that are not marked as sent."""
        sql = "SELECT message_id FROM forum_letter WHERE sent_at IS NULL"
        return len({row[0] for row in self.execute(sql)} & {r.message_id for r in self.office.received})


def said(process: subprocess.Popen) -> str:
    """What a process has to say in the end; it has to end well."""
    try:
        words, _nothing = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0
    return words


def wait_until(so: Callable[[], bool], process: subprocess.Popen) -> None:
    """Wait until something is so; not longer than the process lives."""
    until = time.monotonic() + PATIENCE
    while not so() and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.002)


def kill(process: subprocess.Popen) -> None:
    """End a process as the power does."""
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def check_delivery(office: PostOffice, rows: list[list], most_copies: int) -> None:
    """Every letter is there in its order, copies have their Message-ID and are no more than may be."""
    copies = Counter(received.message_id for received in office.received)
    assert {row[2] for row in rows} == {"sent"}
    assert set(copies) == {row[0] for row in rows}
    assert sum(copies.values()) - len(rows) <= most_copies
    for numbers in office.numbers.values():
        assert numbers == sorted(numbers)


@pytest.fixture
def site(address, post) -> Site:  # noqa: F811
    """A site with nothing in its database."""
    return Site(address, post)


def test_figure_e1_control_a_lost_a_second_a_late_and_an_unmarked_letter_are_noticed():
    office = PostOffice()
    raw = b"Subject: Letter %d\r\nMessage-ID: <%d@post.example>\r\n\r\n"
    came = [Received("ann@mail.example", raw % (n, n)) for n in range(4)]
    rows = [[received.message_id, received.to, "sent"] for received in came]
    office.received = [*came[:2], came[1], *came[2:]]
    check_delivery(office, rows, 1)
    for spoilt in (came[1:], [*came, came[3], came[3]], [came[1], came[0], *came[2:]]):
        office.received = spoilt
        with pytest.raises(AssertionError):
            check_delivery(office, rows, 1)
    office.received = came
    with pytest.raises(AssertionError):
        check_delivery(office, [*rows[:3], [*rows[3][:2], "waiting"]], 1)


@pytest.mark.timeout(20 * KILLS)
def test_figure_e1_sender_that_is_killed_again_and_again_loses_nothing(site):
    site.act("prepare", LETTERS, PEOPLE)
    chance, between = random.Random(5), 0
    site.office.slow = 0.01
    for _ in range(KILLS):
        before = len(site.office.received)
        watcher = site.start("manage.py", "send_letters", "--watch")
        wait_until(lambda before=before: len(site.office.received) > before, watcher)
        time.sleep(chance.uniform(0, 0.03))
        kill(watcher)
        between += site.unmarked()
        site.leases_are_over()
    assert len(site.office.received) < LETTERS
    site.office.slow = 0.0
    assert "given up" in said(site.start("manage.py", "send_letters", "--once"))
    check_delivery(site.office, site.act("state"), between)
    assert between <= KILLS
    copies = len(site.office.received) - LETTERS
    print(f"E1: {KILLS} kills, {between} between DATA and mark, {copies} copies, 0 of {LETTERS} letters lost")


def test_figure_e1_killed_between_data_and_mark_gives_one_copy_with_the_same_message_id(site):
    site.act("prepare", 3, 1)
    site.office.slow = 60
    watcher = site.start("manage.py", "send_letters", "--watch")
    wait_until(lambda: site.office.received, watcher)
    kill(watcher)
    site.leases_are_over()
    site.office.slow = 0
    said(site.start("manage.py", "send_letters"))
    assert site.office.numbers == {"person0@mail.example": [0, 0, 1, 2]}
    assert len({received.message_id for received in site.office.received[:2]}) == 1


def at_once(site: Site, *words: str) -> None:
    """Several senders begin at the same moment."""
    senders = [site.start("-m", "tests.mail.hammer", "send", *words) for _ in range(SENDERS)]
    for one in senders:
        assert one.stdout.readline() == "ready\n"
    for one in senders:
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in senders:
        said(one)


def test_figure_e1_several_senders_send_each_letter_once_and_in_order(site):
    site.act("prepare", FEW, PEOPLE)
    site.office.slow = 0.005
    at_once(site)
    # Whoever found every line taken has ended, so one more look.
    said(site.start("manage.py", "send_letters"))
    check_delivery(site.office, site.act("state"), 0)
    assert site.office.calls > 1


def test_figure_e1_control_without_leases_letters_arrive_twice(site):
    site.act("prepare", FEW, PEOPLE)
    site.office.slow = 0.005
    at_once(site, "--without-lease")
    with pytest.raises(AssertionError):
        check_delivery(site.office, site.act("state"), 0)
    assert len(site.office.received) > FEW


def test_sender_that_is_asked_to_end_ends_well_and_holds_nothing(site):
    site.act("prepare", FEW, PEOPLE)
    site.office.slow = 0.01
    watcher = site.start("manage.py", "send_letters", "--watch")
    wait_until(lambda: len(site.office.received) > 3, watcher)
    watcher.send_signal(signal.SIGTERM)
    said(watcher)
    assert site.execute("SELECT count(*) FROM forum_letter WHERE lease <> ''") == [(0,)]
    assert site.unmarked() == 0
    assert len(site.office.received) < FEW
