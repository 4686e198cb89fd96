"""Whether work is being done at this moment: a lock that is freed however its holder ends.

On PostgreSQL an advisory lock of the session (documentation of PostgreSQL 15, 13.3.5), so that workers
on several machines see each other; else flock(2) on a file of the one machine. Either goes with the
process, also when it is killed, so nobody has to guess from the clock whether it lives.
"""

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

_here: set[str] = set()  # PostgreSQL gives a session the lock twice
_guard = threading.Lock()


class HeldError(Exception):
    """Somebody else is doing this work."""


@contextmanager
def holding(name: str) -> Iterator[None]:
    """Around work that one process may do at a time. Raises HeldError while another does it."""
    with _guard:
        if name in _here:
            raise HeldError(name)
        _here.add(name)
    try:
        with _in_database(name) if connection.vendor == "postgresql" else _in_file(name):
            yield
    finally:
        _here.discard(name)


def is_held(name: str) -> bool:
    """Whether the work is being done, here or in any other process."""
    try:
        with holding(name):
            return False
    except HeldError:
        return True


def take_turn(name: str) -> None:
    """Wait until no other transaction is under way that has called this with the same name.

    It ends with the transaction in which it is called. On SQLite a transaction that writes is alone anyway.
    """
    if connection.vendor == "postgresql":
        number = int.from_bytes(_digest(f"turn:{name}")[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


@contextmanager
def _in_database(name: str) -> Iterator[None]:
    number = int.from_bytes(_digest(name)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise HeldError(name)
    try:
        yield
    finally:
        # A connection that broke has freed it already.
        if connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _in_file(name: str) -> Iterator[None]:
    folder = Path(settings.LOCK_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _digest(name).hex()
    file = _locked(path)
    if file is None:
        raise HeldError(name)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(file)


def _locked(path: Path) -> int | None:
    """The open file under its lock; None when somebody holds it."""
    while True:
        file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        # The one that held it may have taken the file away between our two steps.
        with suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(file).st_ino:
                return file
        os.close(file)


def _digest(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
