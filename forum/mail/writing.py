"""Writing letters, taking them back, giving dead ones another chance, and letting go of old ones."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.mail.headers import LetterError, clean_address, clean_headers, clean_subject, new_message_id
from forum.mail.models import Letter
from forum.mail.quoting import LONGEST_TEXT, plain, shortened, wrapped

KEEP = datetime.timedelta(days=7)
KEEP_DEAD = datetime.timedelta(days=30)  # so long an admin can have it tried again
TYPED = "asked:"  # begins the keys of letters that anybody can cause by typing an address
NOBODY = "-"  # stands where such an address stood
_AGAIN = "#"  # stands in the key of a letter that was taken back and may be written anew


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before it has a row: what `write` takes. `about` only where it differs from the others'."""

    key: str
    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    about: str = ""


def write(
    key: str,
    to: str,
    subject: str,
    text: str,
    *,
    about: str = "",
    not_before: datetime.datetime | None = None,
    headers: Mapping[str, str] | None = None,
    urgent: bool = False,
) -> Letter:
    """Put a letter into the outbox; call it in the transaction of what it tells of.

    The same `key` twice is one letter, the first. Nothing is sent here. `to` is a bare address,
    `subject` and `text` plain words: they are made one line and valid text/plain, wrapped at words.
    `not_before` leaves a window in which `cancel(about)` takes it back; letters to one address leave in
    the order of that moment (else of writing). `headers` may have the names in `headers.NAMES`.
    `urgent` is for what somebody waits for at the screen, such as a code: it waits for no other letter.
    Raises LetterError, whose text is one sentence.
    """
    draft = Draft(key, to, subject, text, headers or {})
    values = _values(draft, about, timezone.now(), not_before, urgent=urgent)
    return Letter.objects.get_or_create(key=key, defaults=values)[0]


def write_all(
    drafts: Sequence[Draft], *, about: str = "", not_before: datetime.datetime | None = None
) -> list[str]:
    """Put letters into the outbox, in two statements however many they are.

    As `write`, but for two things. A letter about the same that was taken back before it left frees
    its key, so that the thing can be told anew. A draft that cannot be written (LetterError) is left out,
    since one bad address must not keep the others from hearing; returns the keys of those.
    """
    if not drafts:
        return []
    now, letters, bad = timezone.now(), [], []
    for draft in drafts:
        try:
            letters.append(Letter(key=draft.key, **_values(draft, draft.about or about, now, not_before)))
        except LetterError:
            bad.append(draft.key)
    if named := {letter.about for letter in letters if letter.about}:
        taken_back = Letter.objects.filter(
            about__in=named, sent_at=None, cancelled_at__isnull=False, lease=""
        )
        again = taken_back.exclude(key__contains=_AGAIN)
        again.update(key=Concat("key", Value(_AGAIN), Cast("pk", CharField())))
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    return bad


def _values(
    draft: Draft,
    about: str,
    now: datetime.datetime,
    not_before: datetime.datetime | None,
    *,
    urgent: bool = False,
) -> dict[str, Any]:
    address, line = clean_address(draft.to), clean_subject(draft.subject)
    body = wrapped(shortened(plain(draft.text).strip(), LONGEST_TEXT))
    if not (line and body):
        raise LetterError(_("A letter needs a subject and a text."))
    if not 0 < len(draft.key) <= 200 or len(about) > 100:
        raise LetterError(_("A letter needs a key of at most 200 characters, and a subject matter of 100."))
    return {
        "to": address,
        "subject": line,
        "text": f"{body}\n",
        "headers": clean_headers(draft.headers),
        "message_id": new_message_id(),
        "about": about,
        "order_key": "" if urgent else address.lower(),
        "written_at": now,
        "not_before": not_before or now,
        "due_at": not_before or now,
    }


def cancel(about: str) -> int:
    """Take back every letter about something that has not been sent; returns how many.

    Call it in the transaction in which the thing stops being public. A letter that a sender holds is
    looked at once more right before its conversation with the mail server begins; one whose
    conversation has begun leaves, as if this had been called a moment later, and has both moments.
    """
    return cancel_all([about])


def cancel_all(abouts: Collection[str]) -> int:
    """As `cancel`, for several things in one statement."""
    named = [about for about in abouts if about]
    unsent = Letter.objects.unsent().filter(about__in=named)
    return unsent.update(cancelled_at=timezone.now()) if named else 0


def cancel_to(address: str, abouts: Collection[str]) -> int:
    """Take back what has not left for an address and is about something that begins with one of `abouts`.

    Letters that were given up are among it, since they could be tried again.
    """
    begins = Q()
    for about in abouts:
        begins |= Q(about__startswith=about)
    unsent = Letter.objects.unsent().filter(begins, order_key=address.lower())
    return unsent.update(cancelled_at=timezone.now()) if abouts else 0


def cancel_keys(keys: Collection[str]) -> int:
    """Take back single letters that have not left, by their keys; returns how many."""
    return Letter.objects.unsent().filter(key__in=keys).update(cancelled_at=timezone.now()) if keys else 0


def try_again(numbers: list[int]) -> int:
    """Give letters that were given up a fresh start; returns how many there were.

    They stand at the end of their line now. Letters that came back or were cancelled are left alone.
    """
    now = timezone.now()
    given_up = Letter.objects.dead().filter(pk__in=numbers, sent_at=None, cancelled_at=None)
    return given_up.order_by().update(dead_at=None, why="", tries=0, not_before=now, due_at=now)


def bounced(message_id: str, error: str) -> Letter | None:
    """Note that a letter came back; returns it, or None when it is none of ours or has come back before.

    What still waits for the same address is left to whoever keeps its subscriptions: `cancel`.
    """
    row = Letter.objects.filter(message_id=message_id, sent_at__isnull=False, dead_at=None)
    error = clean_subject(error)
    if not row.update(dead_at=timezone.now(), why=Letter.Why.RETURNED, error=error):
        return None
    return Letter.objects.get(message_id=message_id)


def forget(abouts: Collection[str], *, named: Collection[str] = (), links: Collection[str] = ()) -> None:
    """Empty letters that are over before their time: about these things, or holding one of these links.

    Of those about `named` the subject goes, too. Take back first what has not left.
    """
    over = Letter.objects.filter(Q(sent_at__isnull=False) | Q(cancelled_at__isnull=False))
    holding = Q(about__in=list(abouts))
    for link in links:
        holding |= Q(about__startswith="digest-", text__contains=link)
    over.filter(holding).exclude(text="").update(text="", headers={})
    over.filter(about__in=list(named)).update(subject=NOBODY)


def forget_keys(keys: Collection[str]) -> None:
    """Empty single letters that are over before their time, by their keys."""
    over = Letter.objects.filter(Q(sent_at__isnull=False) | Q(cancelled_at__isnull=False), key__in=keys)
    over.exclude(text="").update(text="", headers={})


def purge() -> int:
    """Empty letters that were over seven days ago of text and headers; returns how many.

    Number, key, address, subject and moments stay, so that a letter is not written a second time; an
    address that a stranger may have typed goes. Letters that were given up are emptied after thirty days
    and count as cancelled from then, since there is nothing left to try again.
    """
    now = timezone.now()
    given_up = Letter.objects.unsent().filter(dead_at__lte=now - KEEP_DEAD)
    emptied = given_up.update(cancelled_at=now, text="", headers={})
    over = Letter.objects.filter(Q(sent_at__lte=now - KEEP) | Q(cancelled_at__lte=now - KEEP))
    emptied += over.exclude(text="").update(text="", headers={})
    typed = Letter.objects.filter(key__startswith=TYPED, text="").exclude(to=NOBODY)
    typed.update(to=NOBODY, order_key="")
    return emptied
