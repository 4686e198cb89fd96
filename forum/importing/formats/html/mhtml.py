"""Takes the page out of an MHTML file, which keeps it as a mail with attachments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import errors, policy
from email.message import Message
from email.parser import BytesParser

from forum.importing.formats.html.decoding import decode
from forum.importing.records import RefusedError

_HEADS = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:")
_VERSION = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
_RELATED = re.compile(rb"^content-type:\s*multipart/related\b", re.IGNORECASE | re.MULTILINE)
_MOST_PARTS = 5000
_MOST_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Root:
    """The page that an MHTML file holds: its text and the address that it was saved from."""

    text: str
    address: str


def is_mhtml(head: bytes) -> bool:
    """Whether a file that begins with `head` is MHTML: mail headers that say `multipart/related`."""
    head = head.lstrip(b"\r\n\t ").removeprefix(b"\xef\xbb\xbf")
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return bool(_HEADS.match(block) and _VERSION.search(block) and _RELATED.search(block))


def root_of(content: bytes, name: str) -> Root:
    """The root page of an MHTML file: the part that its headers name, else its first HTML part.

    RefusedError where it has none. Source: RFC 2557 and what Chromium, Internet Explorer write.
    """
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content)
        parts = list(_parts(message))
    except (errors.MessageError, ValueError, RecursionError, LookupError) as error:
        raise RefusedError(f"“{name}” is no readable MHTML file.") from error
    wanted = _text(message.get_param("start"))
    pages = [part for part in parts if part.get_content_type() in {"text/html", "application/xhtml+xml"}]
    named = [part for part in pages if wanted and _text(part.get("Content-ID")) == wanted]
    root = next(iter(named or pages), None)
    if root is None:
        raise RefusedError(f"“{name}” is an MHTML file that holds no web page.")
    payload = root.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        raise RefusedError(f"“{name}” is an MHTML file whose page is empty.")
    address = _text(root.get("Content-Location")) or _text(message.get("Snapshot-Content-Location"))
    address = address or _text(message.get("Content-Location"))
    return Root(decode(payload, _text(root.get_param("charset"))), address)


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a message, those inside others too, to a depth and number that no page reaches."""
    waiting: list[tuple[Message, int]] = [(message, 0)]
    seen = 0
    while waiting and seen < _MOST_PARTS:
        part, depth = waiting.pop(0)
        seen += 1
        payload = part.get_payload()
        if isinstance(payload, list):
            inner = payload if depth < _MOST_DEPTH else []
            waiting[:0] = [(each, depth + 1) for each in inner[:_MOST_PARTS] if isinstance(each, Message)]
        else:
            yield part


def _text(value: object) -> str:
    """A header or parameter as text; the standard library gives three kinds of values."""
    if isinstance(value, tuple):
        value = value[2]
    text = "" if value is None else str(value).strip()
    return text if text.isprintable() else ""
