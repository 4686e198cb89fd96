"""Builders for tests of the desk: comments that wait with what rules found, and pages as they are read."""

import re
from html import unescape

from forum.accounts.models import Author
from forum.articles.models import Article
from forum.moderation import cases, rules
from forum.moderation.models import Case
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import make_comment


def make_guest(name: str = "Vera") -> Author:
    """Somebody without an account."""
    return Author.objects.create(kind=Author.Kind.GUEST, name=name)


def hold(
    article: Article, text: str = "Words that wait.", *, author: Author | None = None, **fields
) -> Comment:
    """A held comment with its case and what the rules say of it, as a reply gets them."""
    verdict = rules.screen(article, SitePolicy.objects.current(), text=text, author=author, honeypot=False)
    name = fields.pop("name", author.name if author else "Ann")
    values = {"state": State.HELD, "author": author, "name": name, "risk": verdict.risk}
    comment = make_comment(article, text, **(values | fields))
    cases.open_case(comment, Case.Cause.NEW, verdict.hits)
    return comment


def report(comment: Comment) -> Comment:
    """A comment of which somebody has complained."""
    cases.open_case(comment, Case.Cause.REPORTS)
    return comment


def desk(client, query: str = "") -> str:
    """The queue as a moderator reads it; `query` may be a whole address."""
    answer = client.get(query if query.startswith("/") else f"/moderation/?{query}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def cards(page: str) -> list[int]:
    """The comments that wait on a page, in their order."""
    return [int(n) for n in re.findall(r'<article class="case" id="comment-(\d+)"', page)]


def strips(page: str) -> list[int]:
    """The comments on a page that do not wait any more."""
    return [int(n) for n in re.findall(r'<div class="case-decided" id="comment-(\d+)"', page)]


def places(page: str) -> list[int]:
    """All comments of a page, decided or not, in their order."""
    return [int(n) for n in re.findall(r'class="case(?:-decided)?" id="comment-(\d+)"', page)]


def next_of(page: str, comment: Comment) -> str:
    """Where the decisions on a comment lead to, as its form says."""
    behind = page.partition(f'<input type="hidden" name="comment" value="{comment.pk}">')[2]
    return re.search(r'name="next" value="([^"]*)"', behind)[1]


def following(page: str) -> str:
    """The address of the next page, "" when there is none."""
    found = re.search(r'rel="next" href="([^"]*)"', page)
    return found[1] if found else ""
