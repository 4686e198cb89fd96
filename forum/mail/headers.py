"""What may stand in a letter's head: addresses, subjects and a fixed list of further headers."""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

LONGEST_SUBJECT = 150
LONGEST_VALUE = 900  # a line may have 998 characters with the header's name (RFC 5322, 2.1.1)
# RFC 2369 and RFC 8058 (unsubscribing), RFC 2919 (which list), RFC 5322 (what is answered).
NAMES = {"List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "In-Reply-To", "References"}
_UNSPEAKABLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_PRINTABLE = re.compile(r"[\x20-\x7e]+")


class LetterError(ValueError):
    """A letter that cannot be written; its text is one sentence that a person may read."""


def clean_address(raw: str) -> str:
    """One bare address, its domain in ASCII and lower case (RFC 5321, 2.4; IDNA).

    Raises LetterError for anything else: names beside it, several addresses, line breaks.
    """
    address = raw.strip(" ")
    try:
        EmailValidator()(address)
        local, _at, domain = address.rpartition("@")
        address = f"{local}@{punycode(domain).lower()}"
    except (ValidationError, UnicodeError):
        raise LetterError(_("This is not an e-mail address.")) from None
    if len(address) > 254 or not _PRINTABLE.fullmatch(address):
        raise LetterError(_("This is not an e-mail address."))
    return address


def clean_subject(raw: str) -> str:
    """One line without control and invisible characters, at most 150 long, cut at a word if need be.

    What looks like an encoded word (RFC 2047) is taken apart, so that no mail program decodes it.
    """
    spaced = "".join(" " if char.isspace() else char for char in raw)
    kept = "".join(char for char in spaced if unicodedata.category(char) not in _UNSPEAKABLE)
    line = " ".join(kept.replace("=?", "= ?").split())
    if len(line) <= LONGEST_SUBJECT:
        return line
    cut = line[: LONGEST_SUBJECT - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[80:] else cut).rstrip() + "…"


def clean_headers(given: Mapping[str, str]) -> dict[str, str]:
    """Further headers, as they are. Raises LetterError for other names and for what is not plain ASCII."""
    for name, value in given.items():
        if name not in NAMES:
            raise LetterError(_("A letter may not have this header."))
        if len(value) > LONGEST_VALUE or not _PRINTABLE.fullmatch(value):
            raise LetterError(_("This header of a letter is too long or holds characters that it may not."))
    return dict(given)


def new_message_id() -> str:
    """A Message-ID that nobody has had and nobody can guess (RFC 5322, 3.6.4)."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{secrets.token_urlsafe(18)}@{'localhost' if ':' in host else host}>"
