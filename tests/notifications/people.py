"""People who follow something, and what a letter holds."""

import re
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from forum.accounts import addresses
from forum.accounts.models import Address, Author
from forum.mail.models import Letter
from forum.notifications.models import Subscription
from tests.make import make_comment

ARTICLE, THREAD, REPLIES = Subscription.Scope
LINK = re.compile(r"^https?://\S+$|^/\S+/$", re.MULTILINE)


def guest(name: str = "Vera", email: str | None = None) -> Address:
    """A guest with a verified address."""
    author = Author.objects.create(kind=Author.Kind.GUEST, name=name)
    email = email or f"{name.lower()}@guest.example"
    return Address.objects.create(author=author, email=email, verified_at=timezone.now())


def member(user) -> Address:
    """The verified address of an account."""
    return addresses.of_account(user)


def follows(address: Address, scope: str = ARTICLE, on=None, **fields) -> Subscription:
    """An active subscription of an address; `on` is the article or the root of the thread."""
    where = {"article": on} if scope == ARTICLE else {"comment": on} if scope == THREAD else {}
    now = timezone.now()
    values = {"confirmed_at": now, "told_at": now} | fields
    return Subscription.objects.create(address=address, scope=scope, **where, **values)


def held(article, body: str = "Fresh words.", **fields):
    """A comment that waits for a moderator."""
    return make_comment(article, body, state="held", **fields)


def decide(client: Client, act: str, comment):
    """POST a decision as a moderator does."""
    answer = client.post("/moderation/decide/", {"comment": comment.pk, "decision": act})
    assert answer.status_code == 303
    return comment.decisions.latest("pk")


def undo(client: Client, decision) -> None:
    """POST that a decision be taken back."""
    assert client.post("/moderation/undo/", {"id": decision.pk}).status_code == 303


def waiting(to: str | None = None) -> list[Letter]:
    """Letters that are to be sent, those to one address only when one is named."""
    letters = Letter.objects.waiting()
    return list(letters.filter(to=to) if to else letters)


def links_in(letter: Letter) -> list[str]:
    """The paths of the links of a letter, which stand on lines of their own."""
    return [urlsplit(line).path for line in LINK.findall(letter.text)]


def link_in(letter: Letter, begins: str) -> str:
    """The path of the link of a letter that begins in some way."""
    (found,) = [path for path in links_in(letter) if path.startswith(begins)]
    return found
