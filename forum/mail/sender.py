"""The sender: takes one letter at a time, sends it, and marks it; any number of them may run at once."""

import datetime
import logging
import secrets
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.mail import get_connection
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from forum.mail.failures import TRIES, Fate, Verdict, closed_for, delay, judge, sentence
from forum.mail.message import build
from forum.mail.models import Letter
from forum.mail.queries import OPEN

CONNECT = 10  # seconds
ANSWER = 60  # seconds for each answer; five of them in one conversation, so a lease outlives it
LEASE = datetime.timedelta(minutes=10)
IDLE = 2.0  # seconds between two looks into an empty outbox
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Stop:
    """Whether a sender has been asked to end; it does so after the letter in its hands."""

    asked: bool = False


@dataclass(slots=True)
class Tally:
    """How the letters of a round ended; `closed` is what the mail server said when it took none."""

    sent: int = 0
    later: int = 0
    dead: int = 0
    closed: str = ""


def lease(now: datetime.datetime) -> Letter | None:
    """Take the next letter, urgent ones first, for ten minutes; None when none may be taken.

    PostgreSQL skips the rows that other senders are just taking; on SQLite the transaction is IMMEDIATE
    and the others wait.
    """
    with transaction.atomic():
        free = Letter.objects.leasable(now).select_for_update(skip_locked=True, of=("self",))
        letter = free.filter(order_key="").first() or free.first()
        if letter is not None:
            letter.lease, letter.lease_until = secrets.token_hex(16), now + LEASE
            letter.save(update_fields=["lease", "lease_until"])
    return letter


def still_due(letter: Letter, now: datetime.datetime) -> bool:
    """Whether a leased letter is still ours and nobody has cancelled it; its lease begins anew.

    On PostgreSQL this waits for a transaction that is just cancelling it.
    """
    ours = Letter.objects.filter(OPEN, pk=letter.pk, lease=letter.lease, not_before__lte=now)
    return ours.update(lease_until=now + LEASE) == 1


class Sender:
    """One sender with one connection; `now` is its clock."""

    def __init__(self, now: Callable[[], datetime.datetime] = timezone.now) -> None:
        self._now = now
        self._server = None

    def round(self, stop: Stop) -> Tally:
        """Send what is due, over one connection, until nothing is, the server takes none, or `stop`."""
        tally = Tally()
        try:
            while not (stop.asked or tally.closed):
                letter = lease(self._now())
                if letter is None:
                    break
                self._deliver(letter, tally)
        finally:
            self._hang_up()
        return tally

    def _deliver(self, letter: Letter, tally: Tally) -> None:
        try:
            self._call()
        except OSError as error:
            tally.closed = sentence(error)
            _give_back(letter, tally.closed)
            return
        if not still_due(letter, self._now()):
            return
        try:
            self._server.send_messages([build(letter)])
        except Exception as error:  # a letter that cannot be put together must not stop the others
            self._failed(letter, judge(error), tally)
        else:
            _mark_sent(letter, self._now())
            tally.sent += 1

    def _call(self) -> None:
        if self._server is not None:
            return
        self._server = get_connection(fail_silently=False, timeout=CONNECT)
        try:
            self._server.open()
        except OSError:
            self._hang_up()
            raise
        smtp = getattr(self._server, "connection", None)
        if isinstance(smtp, smtplib.SMTP) and smtp.sock is not None:
            smtp.sock.settimeout(ANSWER)

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.close()
        except OSError as error:
            _log.info("The mail server did not say goodbye: %s", sentence(error))

    def _failed(self, letter: Letter, verdict: Verdict, tally: Tally) -> None:
        # What the server said stands in the letter's row: it may name the address.
        _log.warning("Letter %s was not sent: %s", letter.pk, verdict.fate.value)
        if verdict.hung_up:
            self._hang_up()
        if verdict.fate is Fate.CLOSED:
            tally.closed = verdict.said
            _give_back(letter, verdict.said)
        elif verdict.fate is Fate.LATER and letter.tries + 1 < TRIES:
            tally.later += 1
            tries = letter.tries + 1
            _give_back(letter, verdict.said, tries=tries, due_at=self._now() + delay(tries))
        else:
            tally.dead += 1
            why = verdict.why or Letter.Why.TRIES
            _give_back(letter, verdict.said, tries=letter.tries + 1, dead_at=self._now(), why=why)


def once(stop: Stop) -> Tally:
    """Send what is due and end."""
    return Sender().round(stop)


def watch(
    stop: Stop,
    *,
    now: Callable[[], datetime.datetime] = timezone.now,
    pause: Callable[[float], None] = time.sleep,
    first: Callable[[], object] | None = None,
) -> None:
    """Send what is due, again and again, until `stop`; a server that takes none is asked ever less often.

    `first` is called before each round, for whoever writes letters at the last moment. A database that is
    away for a while is waited for: letters and leases are in it, nothing is here.
    """
    sender, closed = Sender(now), 0
    while not stop.asked:
        seconds = IDLE
        try:
            if first is not None:
                first()
            tally = sender.round(stop)
        except OperationalError as error:
            _log.warning("The database does not answer: %s", sentence(error))
            connection.close()
        else:
            closed = closed + 1 if tally.closed and not tally.sent else int(bool(tally.closed))
            seconds = closed_for(closed) if closed else IDLE
        _rest(stop, seconds, pause)


def _rest(stop: Stop, seconds: float, pause: Callable[[float], None]) -> None:
    # In slices: Python goes on with a sleep that a signal has interrupted (PEP 475).
    while seconds > 0 and not stop.asked:
        pause(min(seconds, 0.5))
        seconds -= 0.5


def _mark_sent(letter: Letter, now: datetime.datetime) -> None:
    # By number alone: the letter is out, whoever holds the lease by now.
    row = Letter.objects.filter(pk=letter.pk, sent_at=None)
    row.update(sent_at=now, lease="", lease_until=None, error="", dead_at=None, why="")


def _give_back(letter: Letter, error: str, **values: object) -> None:
    ours = Letter.objects.filter(pk=letter.pk, lease=letter.lease)
    ours.update(lease="", lease_until=None, error=error, **values)
