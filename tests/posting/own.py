"""Authors with their own words: a browser that has replied, and what stands on the page of a reply."""

import re
from html import unescape

from django.test import Client

from forum.accounts.models import Author
from forum.accounts.viewer import OWN_COOKIE
from forum.articles.models import Article
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from tests.make import make_comment
from tests.moderation.desk import hold
from tests.notifications.people import guest


def site(mode: str = Mode.HOLD_ALL, **fields) -> SitePolicy:
    """The site's policy."""
    return SitePolicy.objects.update_or_create(pk=1, defaults={"mode": mode} | fields)[0]


def browser_of(*comments: Comment) -> Client:
    """A browser without an account that wrote these comments."""
    client = Client()
    client.cookies[OWN_COOKIE] = ".".join(comment.own_key for comment in comments)
    return client


def waits(article: Article, text: str = "Words that wait.", **fields) -> tuple[Comment, Client]:
    """A held reply of a guest, and their browser."""
    author = fields.pop("author", None) or Author.objects.create(kind=Author.Kind.GUEST, name="Vera")
    comment = hold(article, text, author=author, **fields)
    return comment, browser_of(comment)


def public(article: Article, text: str = "Public words.", **fields) -> tuple[Comment, Client]:
    """A public reply of a guest, and their browser."""
    author = fields.pop("author", None) or Author.objects.create(kind=Author.Kind.GUEST, name="Vera")
    comment = make_comment(article, text, author=author, name="Vera", **fields)
    return comment, browser_of(comment)


def proved(name: str = "Vera") -> Author:
    """A guest who has proved an address."""
    return guest(name).author


def page(client: Client, comment: Comment, what: str = "status") -> str:
    """A page about one's own comment, as its author reads it."""
    answer = client.get(f"/comments/{comment.pk}/{what}/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def post(client: Client, comment: Comment, what: str, **fields):
    """POST what an author does; the version is the one that the comment has now unless another is given."""
    values = {"version": Comment.objects.get(pk=comment.pk).version} if what.startswith("change") else {}
    return client.post(f"/comments/{comment.pk}/{what}/", values | fields)


def change(client: Client, comment: Comment, text: str, **fields):
    """POST other words for one's own comment."""
    return post(client, comment, "change", body=text, **fields)


def object_to(client: Client, comment: Comment, text: str = "I never sold anything.", **fields):
    """POST an objection to the decision that the page names."""
    found = re.search(r'name="decision" value="(\d*)"', page(client, comment, "appeal"))
    return post(client, comment, "appeal", text=text, **({"decision": found[1] if found else 0} | fields))


def again(comment: Comment) -> Comment:
    """The comment as it stands now."""
    return Comment.objects.get(pk=comment.pk)
