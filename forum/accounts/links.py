"""Signed links in letters: the one place that makes and checks them (figure M1).

A link says what is to be done (its kind), to which object, by whom, and in which version of the object.
All four are signed, each kind with a salt of its own, and a link lives seven days, but for those that
end letters. A page by GET shows
what would be done; the POST of that page calls `use` in the transaction of its act, so that the same
act of the same person on the same version happens once, also when several letters offered it.
"""

import datetime
import hashlib
import re
from dataclasses import dataclass

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts.models import UsedLink

LIFE = datetime.timedelta(days=7)
KEEP_USED = datetime.timedelta(days=8)
KINDS = frozenset(
    {"invitation", "address", "follow", "following", "unsubscribe", "decision", "claim", "status"}
)
# Whoever finds an old letter has to be able to end its kind, and this link can do nothing else.
LIVES = {"unsubscribe": datetime.timedelta(days=400)}
_SHAPE = re.compile(r"[A-Za-z0-9_-]{4,1500}:[A-Za-z0-9]{1,12}:[A-Za-z0-9_-]{43}")


class LinkError(Exception):
    """The link opens nothing; the text is one sentence for its reader."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a genuine link says."""

    kind: str
    what: str
    who: str
    version: str

    @property
    def digest(self) -> str:
        """What the act is remembered by."""
        parts = (self.kind, self.what, self.who, self.version)
        return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def make(kind: str, *, what: object, who: object, version: object) -> str:
    """The token of a link: letters, digits, `-`, `_` and `:` only.

    `what` is the object's number or name, `who` the person's number or address, `version` the state for
    which the link was made. Raises ValueError for a kind that is not in KINDS.
    """
    return signing.dumps([str(what), str(who), str(version)], salt=_salt(kind))


def read(kind: str, token: str, *, what: object = None, who: object = None, version: object = None) -> Link:
    """What a link says. Raises LinkError for anything that `make` has not made for this kind, that is
    older than seven days, has been used, or says something else than the expectations given.
    """
    link = _opened(kind, token)
    expected = {"what": what, "who": who, "version": version}
    for name, value in expected.items():
        if value is not None and getattr(link, name) != str(value):
            raise LinkError(_("This link does not fit any more: things have changed since it was sent."))
    if UsedLink.objects.filter(digest=link.digest).exists():
        raise LinkError(_used())
    return link


def use(link: Link) -> None:
    """Note that a link acts now; call it in the transaction of the act. Raises LinkError the second time."""
    try:
        with transaction.atomic():
            UsedLink.objects.create(digest=link.digest)
    except IntegrityError:
        raise LinkError(_used()) from None


def purge() -> int:
    """Forget used links that could not be opened any more anyway; returns how many."""
    return UsedLink.objects.filter(at__lt=timezone.now() - KEEP_USED).delete()[0]


def _opened(kind: str, token: str) -> Link:
    salt = _salt(kind)
    if not (isinstance(token, str) and _SHAPE.fullmatch(token)):
        raise LinkError(_("This link is not complete or has been changed on its way."))
    try:
        what, who, version = signing.loads(token, salt=salt, max_age=LIVES.get(kind, LIFE))
    except signing.SignatureExpired:
        raise LinkError(
            _("This link is too old.") if kind in LIVES else _("This link is older than seven days.")
        ) from None
    except signing.BadSignature:
        raise LinkError(_("This link is not complete or has been changed on its way.")) from None
    return Link(kind, what, who, version)


def _salt(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"There are no links of the kind {kind}.")
    return f"afterword.link.{kind}"


def _used() -> str:
    return _("This link has been used.")
