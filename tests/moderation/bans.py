"""Bans for tests: people to ban, and the forms of the desk."""

from forum.accounts.models import Author
from forum.threads.models import Comment
from tests.make import make_comment

WHY = "Please stop advertising."


def guest(name: str = "Rude") -> Author:
    """Somebody without an account."""
    return Author.objects.create(kind=Author.Kind.GUEST, name=name)


def rude_comment(article, author: Author | None = None, **fields) -> Comment:
    """A comment of a guest, or of another author, with an address unless told otherwise."""
    author = author or guest()
    values = {"name": author.name, "author": author, "email": "Rude@Mail.example", "state": "held"}
    return make_comment(article, "Buy my sticks.", **(values | fields))


def ban(client, about, *whom: str, **fields):
    """POST a ban over a comment or a person: of the `person`, the `address`, or both."""
    where = "comments" if isinstance(about, Comment) else "people"
    values = {"term": "week", "reason": WHY} | dict.fromkeys(whom or ("person",), "on")
    return client.post(f"/moderation/{where}/{about.pk}/ban/", values | fields)
