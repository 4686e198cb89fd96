"""Addresses that people gave, and the proof that they read them.

An address that somebody typed gives nothing to anybody: it is asked for its proof by one letter, and
counts from the click on. That letter holds no word of whoever typed the address, so that nobody can
have us write to a stranger in their stead.
"""

import datetime
import hashlib
import secrets
from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F, ProtectedError, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts import links
from forum.accounts.models import Address, Author, User
from forum.accounts.writing import name_author
from forum.mail.headers import clean_address
from forum.mail.models import Letter
from forum.mail.writing import write
from forum.site.models import SitePolicy
from forum.web.address import full_address

KIND = "address"
A_DAY = datetime.timedelta(days=1)
LETTERS_A_DAY = 3  # to one address, of all letters that strangers can cause by typing it
# What somebody's browser is to them, as long as no letter can reach them.
UNPROVED, ALONE = "unproved", "alone"
UNPROVEN_KEPT = datetime.timedelta(days=8)  # a day longer than the link in the letter


@transaction.atomic
def ask(author: Author, email: str, *, follows: bool = False, request: HttpRequest | None = None) -> Address:
    """The address as this author's; it is asked for its proof by a letter unless it has it.

    No letter is written within a day of the last one to the same author, or beyond the limit of
    `letter_key`. `follows` says that answers are wanted by mail, too. Raises LetterError for what is no
    address.
    """
    email, now = clean_address(email), timezone.now()
    found = Address.objects.filter(author=author, email__iexact=email).first()
    if found is not None and (found.verified_at or found.asked_at > now - A_DAY):
        return found
    address = found or Address(author=author, email=email)
    address.asked_at = now
    address.save()
    _write_letter(address, follows, request)
    return address


def _write_letter(address: Address, follows: bool, request: HttpRequest | None) -> None:
    token = links.make(KIND, what=address.pk, who=address.author_id, version=address.email.lower())
    site = SitePolicy.objects.current().name
    lines = [
        _("Somebody, we hope you, gave this address with a reply at %(site)s.") % {"site": site},
        *([_("They also asked to be told by mail of answers.")] if follows else []),
        _("If it was you, follow this link, look at the reply and press the button:"),
    ]
    text = [
        " ".join(lines),
        full_address(reverse("verify_address", args=[token]), request),
        _("The link is good for seven days. If you know nothing of this, do nothing: nothing happens."),
    ]
    subject = _("Is this your address? A reply at %(site)s") % {"site": site}
    write_asked(address.email, subject, "\n\n".join(text))


def write_asked(email: str, subject: str, text: str) -> bool:
    """Write a letter that anybody can cause by typing an address; not more than three a day to one.

    Returns whether it was written. Raises LetterError for what is no address.
    """
    key = letter_key(email)
    if key is None:
        return False
    write(key, email, subject, text, about="address")
    return True


def letter_key(email: str) -> str | None:
    """The key of one more letter of that kind, or None when there have been three within a day.

    The keys of a day are numbered: two requests at the same moment take the same one and make one letter.
    """
    now = timezone.now()
    digest = hashlib.sha256(clean_address(email).lower().encode()).hexdigest()[:40]
    today, yesterday = (
        [f"asked:{digest}:{day:%Y-%m-%d}:{n}" for n in range(LETTERS_A_DAY)] for day in (now, now - A_DAY)
    )
    written = dict(Letter.objects.filter(key__in=today + yesterday).values_list("key", "written_at"))
    if sum(at > now - A_DAY for at in written.values()) >= LETTERS_A_DAY:
        return None
    return next((key for key in today if key not in written), None)


def read(token: str) -> tuple[Address, links.Link]:
    """The address that a link would prove. Raises LinkError."""
    link = links.read(KIND, token)
    found = Address.objects.filter(pk=link.what, author=link.who, verified_at=None).select_related("author")
    address = found.first()
    if address is None or address.email.lower() != link.version:
        raise links.LinkError(_("This link does not fit any more: things have changed since it was sent."))
    return address, link


def holder(email: str) -> Address | None:
    """The verified address, which belongs to one author: an account's when an account has proved it."""
    proved = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    if proved is not None and proved.user.email.lower() == email.lower():
        return of_account(proved.user)
    return verified(email)


def verified(email: str) -> Address | None:
    """The row in which an address is verified."""
    found = Address.objects.filter(email__iexact=email, verified_at__isnull=False)
    return found.select_related("author").first()


def of_account(user: User) -> Address | None:
    """The verified address of an account; None while it has verified none."""
    proved = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    if not user.email or not proved.exists():
        return None
    found = verified(user.email)
    return found if found is not None and found.author.user_id == user.pk else adopt(user, user.email)


@transaction.atomic
def adopt(user: User, email: str) -> Address:
    """An account has proved an address: what a guest has proved it for before is the account's from now.

    An account without words of its own becomes that guest's author, so that every word of the guest is
    its own at once. An account that has words keeps its author, and `threads.authors.settle` moves the
    guest's; until then the address stays the guest's. When the account had another address before, what
    is sent there goes to the new one. Returns the verified address.
    """
    author, email = name_author(user), clean_address(email)
    held = verified(email)
    if held is not None:
        if held.author.kind == Author.Kind.GUEST:
            _become(held.author, author, user)
        elif held.author_id != author.pk:
            Address.objects.filter(author=author, email__iexact=email).delete()
            held.author = author
            held.save(update_fields=["author"])
        return held
    rows = Address.objects.filter(author=author)
    own = rows.filter(email__iexact=email).first() or rows.exclude(verified_at=None).first()
    own = own or Address(author=author)
    own.email, own.verified_at = email, timezone.now()
    own.save()
    return own


def key_of(address: Address) -> str:
    """What a browser that has proved an address keeps, so that what it writes is that guest's."""
    if not address.key:
        address.key = secrets.token_urlsafe(16)
        address.save(update_fields=["key"])
    return address.key


def guest_to_settle(user: User) -> Author | None:
    """The guest who holds the address that an account has verified, when both have words."""
    if not user.email:
        return None
    proved = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    found = Author.objects.filter(
        kind=Author.Kind.GUEST, addresses__email__iexact=user.email, addresses__verified_at__isnull=False
    ).first()
    return found if found is not None and proved.exists() else None


def move(source: Author, target: Author) -> None:
    """Give every address of one author to another, who then has each once, verified if either was."""
    for address in Address.objects.filter(author=source):
        twin = Address.objects.filter(author=target, email__iexact=address.email).first()
        if twin is None or address.verified_at:
            if twin is not None:
                twin.delete()
            address.author = target
            address.save(update_fields=["author"])


def reach_of(authors: Collection[int]) -> dict[int, tuple[str, int | None]]:
    """An address that each of these people has proved, with the account that it is of, in three statements.

    It is where they hear of decisions about their words; whoever is missing can hear of none by mail.
    """
    proved = Address.objects.filter(author__in=authors, verified_at__isnull=False).order_by("-verified_at")
    reach = {a.author_id: (a.email, a.author.user_id) for a in proved.select_related("author")}
    own = Q(user__is_active=True) | Q(claimed_by__is_active=True)
    mine = Author.objects.filter(own, pk__in=authors).values_list("pk", "user", "claimed_by")
    accounts = {pk: user or claimed_by for pk, user, claimed_by in mine}
    primary = EmailAddress.objects.filter(user__in=accounts.values(), verified=True)
    emails = dict(primary.filter(user__email__iexact=F("email")).values_list("user", "email"))
    return reach | {pk: (emails[user], user) for pk, user in accounts.items() if user in emails}


def ways_back(authors: Collection[int | None]) -> dict[int | None, str]:
    """What these people need their browser for to hear of their words: "" where letters reach them, UNPROVED
    where a letter waits for their click, ALONE where nothing else is known of them. Four statements."""
    known = {number for number in authors if number is not None}
    reached = reach_of(known)
    asked = Address.objects.filter(author__in=known - reached.keys(), verified_at=None)
    unproved = set(asked.values_list("author", flat=True))
    return {
        number: "" if number in reached else UNPROVED if number in unproved else ALONE for number in authors
    }


def purge() -> int:
    """Forget addresses that nobody has proved in time; returns how many."""
    before = timezone.now() - UNPROVEN_KEPT
    gone = Address.objects.filter(verified_at=None, asked_at__lt=before)
    count = gone.count()
    gone.delete()
    return count


def unproven(email: str) -> Address:
    """The unproven address of a guest of whom nothing else is known; the same each time, asked for now.

    Raises LetterError for what is no address.
    """
    email = clean_address(email)
    known = Address.objects.filter(
        author__kind=Author.Kind.GUEST, author__name="", email__iexact=email, verified_at=None
    ).first()
    address = known or Address(author=Author.objects.create(kind=Author.Kind.GUEST), email=email)
    address.asked_at = timezone.now()
    address.save()
    return address


def _become(guest: Author, author: Author, user: User) -> None:
    try:
        with transaction.atomic():
            author.delete()
    except ProtectedError:
        return
    guest.kind, guest.user, guest.name = Author.Kind.ACCOUNT, user, author.name
    guest.save(update_fields=["kind", "user", "name"])
