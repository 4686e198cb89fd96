"""What a failure means: the way is closed, the letter is tried later, or it is given up."""

import datetime
import enum
import random
import smtplib
from dataclasses import dataclass

from forum.mail.headers import clean_subject
from forum.mail.models import Letter

# 1, 2, 4 … 128 minutes, then 192 for each further one: the 23rd failure comes at the earliest after
# 49 hours. Four days are usual (RFC 5321, 4.5.4.1), but who answers a letter about a talk by then?
TRIES = 23
_LONGEST = 192
_CLOSED_LONGEST = 240


class Fate(enum.Enum):
    """What becomes of a letter that could not be sent."""

    CLOSED = "the server takes no letters now; this one is not to blame and nothing is counted"
    LATER = "tried again later, and counted"
    DEAD = "given up"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A failure's meaning; `why` only with DEAD; `hung_up` when the connection is of no more use."""

    fate: Fate
    said: str
    why: Letter.Why | None = None
    hung_up: bool = False


def judge(error: Exception) -> Verdict:
    """What an exception of the conversation means for the letter.

    421 closes the channel at any point (RFC 5321, 3.8). A refused sender is the site's own address and
    says nothing of the letter, but for 552, its size. 552 for a recipient is a full mailbox or a limit
    and counts as temporary (RFC 5321, 4.5.3.1.10). A connection that breaks or falls silent leaves
    open whether the letter was taken: it is sent again with the same Message-ID.
    """
    said, code = sentence(error), _code(error)
    match error:
        case smtplib.SMTPResponseException() | smtplib.SMTPRecipientsRefused() if code == 421:
            return Verdict(Fate.CLOSED, said, hung_up=True)
        case smtplib.SMTPRecipientsRefused():
            lasting = code >= 500 and code != 552
            return _refused(said, Letter.Why.REFUSED) if lasting else Verdict(Fate.LATER, said)
        case smtplib.SMTPSenderRefused() if code != 552:
            return Verdict(Fate.CLOSED, said, hung_up=True)
        case smtplib.SMTPDataError() | smtplib.SMTPSenderRefused():
            return _refused(said, Letter.Why.CONTENT) if code >= 500 else Verdict(Fate.LATER, said)
        case OSError():
            return Verdict(Fate.LATER, said, hung_up=True)
    return _refused(said, Letter.Why.UNSENDABLE)


def delay(tries: int) -> datetime.timedelta:
    """How long a letter waits after its `tries`-th failure; up to a quarter longer by chance, at most 4 h."""
    minutes = min(2 ** (tries - 1), _LONGEST)
    return datetime.timedelta(minutes=minutes * random.uniform(1, 1.25))


def closed_for(times: int) -> float:
    """Seconds until a server is asked again that has taken no letter `times` times in a row; 5 to 300."""
    return min(5 * 2 ** min(times - 1, 10), _CLOSED_LONGEST) * random.uniform(1, 1.25)


def sentence(error: Exception) -> str:
    """What went wrong, in one line that fits into a letter's row."""
    code, answer = _code(error), getattr(error, "smtp_error", b"")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answer = next(iter(error.recipients.values()), (0, b""))[1]
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return clean_subject(f"{code} {words}" if code else f"{type(error).__name__}: {error}")


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()), (0, b""))[0]
    return getattr(error, "smtp_code", 0)


def _refused(said: str, why: Letter.Why) -> Verdict:
    return Verdict(Fate.DEAD, said, why)
