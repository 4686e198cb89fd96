"""A real mail server on 127.0.0.1 that behaves as badly as it is told, and a clock that is moved by hand."""

import asyncio
import datetime
import email
import email.policy
import socket
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from django.utils import timezone

from forum.mail import sender
from forum.mail.models import Letter


@dataclass(frozen=True)
class Received:
    """One letter as the server got it."""

    to: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The letter as a mail program reads it."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return self.message["Message-ID"]

    @property
    def number(self) -> int:
        """The number at the end of the subject, 0 for none: the server looks at it with every caller."""
        last = self.message["Subject"].split()[-1]
        return int(last) if last.isdecimal() else 0


class PostOffice:
    """Takes letters unless `mode` is a bad day; `answers` are one-off answers to RCPT for an address.

    hang: takes DATA and never answers. die: takes DATA and breaks the connection. die at once: breaks
    it at MAIL. close: says 421 at MAIL. A mode that begins with a digit is the answer to RCPT, one that
    begins with `DATA ` that to DATA, one that begins with `MAIL ` that to MAIL. `slow` is how many seconds
    pass between taking a letter and saying so.
    """

    def __init__(self) -> None:
        self.mode, self.received, self.answers = "", [], {}
        self.slow, self.calls = 0.0, 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = None

    @property
    def is_open(self) -> bool:
        """Whether anybody can call."""
        return self._controller is not None

    def open(self) -> None:
        """Answer the door."""
        self._controller = Controller(self, "127.0.0.1", self.port, server_hostname="post.example")
        self._controller.start()

    def shut(self) -> None:
        """Refuse connections."""
        if self._controller:
            self._controller.stop(no_assert=True)
            self._controller = None

    @property
    def numbers(self) -> dict[str, list[int]]:
        """For each address the numbers of its letters, in the order in which they came."""
        lines = {}
        for letter in self.received:
            lines.setdefault(letter.to, []).append(letter.number)
        return lines

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        """Count who calls."""
        self.calls += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        """Take the sender, or behave badly."""
        if self.mode == "die at once":
            server.transport.abort()
        if self.mode == "close":
            return "421 4.3.2 We close."
        if self.mode.startswith("MAIL "):
            return self.mode.removeprefix("MAIL ")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Take the address, or not."""
        if self.answers.get(address):
            return self.answers[address].pop(0)
        if self.mode[:1].isdigit():
            return self.mode
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Take the letter, or behave badly after having taken it."""
        if self.mode.startswith("DATA "):
            return self.mode.removeprefix("DATA ")
        self.received += [Received(to, envelope.content) for to in envelope.rcpt_tos]
        if self.mode == "hang":
            await asyncio.sleep(3600)
        if self.mode == "die":
            server.transport.abort()
        await asyncio.sleep(self.slow)
        return "250 OK"


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.at = timezone.now() + datetime.timedelta(seconds=1)

    def __call__(self) -> datetime.datetime:
        """Now."""
        return self.at

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.at += datetime.timedelta(**span)

    def to_next_try(self) -> bool:
        """Go to the moment when the next letter may be taken; False when none is open."""
        waiting = Letter.objects.waiting()
        if waiting.exists() and not Letter.objects.leasable(self.at).exists():
            self.at = (
                waiting.filter(due_at__gt=self.at).order_by("due_at").values_list("due_at", flat=True)[0]
            )
        return waiting.exists()


def send(clock: Clock) -> sender.Tally:
    """One round of a sender."""
    return sender.Sender(clock).round(sender.Stop())
