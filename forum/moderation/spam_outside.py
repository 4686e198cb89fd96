"""Asking a service outside what it thinks of a text: switched off unless the operator names one."""

import json
from dataclasses import dataclass
from typing import Protocol
from urllib.request import Request, urlopen

from django.conf import settings

PATIENCE = 2  # seconds; the reply waits for the answer


class Service(Protocol):
    """Somebody who judges texts."""

    def per_cent(self, text: str) -> int | None:
        """How much a text looks like spam, 0 to 100; None when there is no answer. Raises nothing."""


@dataclass(frozen=True, slots=True)
class OverHttp:
    """A service that takes `{"text": …}` by POST at an address and answers `{"per_cent": …}`.

    It is told the text and nothing of its author.
    """

    address: str

    def per_cent(self, text: str) -> int | None:
        """As Service says."""
        head = {"Content-Type": "application/json"}
        asked = Request(self.address, json.dumps({"text": text}).encode(), head)  # noqa: S310
        try:
            with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
                said = json.loads(answer.read(10_000))["per_cent"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return said if isinstance(said, int) and 0 <= said <= 100 else None


def outside() -> Service | None:
    """The service that the operator has named, None when none is: then nothing leaves this machine."""
    return OverHttp(settings.SPAM_SERVICE) if settings.SPAM_SERVICE else None
