"""Plain builders for tests: they write through the same functions as the site does."""

import itertools

from django.utils import timezone

from forum.accounts.models import Author, Role, User
from forum.accounts.writing import verify_address
from forum.articles.models import Article, Blog
from forum.text.render import render
from forum.threads import tree, writing
from forum.threads.models import Comment
from forum.threads.states import Origin, State

_count = itertools.count(1)


def make_user(username: str, role: str = Role.READER) -> User:
    """Somebody who can sign in with the password `secret-word-42`."""
    user = User.objects.create_user(username, f"{username}@example.org", "secret-word-42", role=role)
    Author.objects.create(kind=Author.Kind.ACCOUNT, user=user, name=username)
    verify_address(user)
    return user


def make_article(title: str = "On walking sticks", **fields) -> Article:
    """A published article with a path of its own."""
    blog, _made = Blog.objects.get_or_create(system="reading-view", host="stillwaters.example")
    n = next(_count)
    values = {
        "blog": blog,
        "path": f"/2011/06/14/post-{n}/",
        "title": title,
        "body_source": "A stick is a third leg.",
        "body_html": render("A stick is a third leg."),
        "state": Article.State.PUBLISHED,
        "published_at": timezone.now(),
        "date_precision": Article.Precision.DAY,
    }
    return Article.objects.create(**(values | fields))


def make_comment(
    article: Article,
    body: str = "Thank you for this.",
    *,
    parent: Comment | None = None,
    state: str = State.VISIBLE,
    name: str = "Ann",
    **draft,
) -> Comment:
    """A live comment; one in a state that only a decision leads to is moved there."""
    begins = State(state) if state in {State.HELD, State.VISIBLE} else State.HELD
    with tree.locked(article.pk) as locked:
        values = writing.Draft(body=body, name=name, **draft)
        comment = writing.add(locked, parent.pk if parent else None, values, begins)
        if state != begins:
            writing.set_state(comment, State(state), version=comment.version)
    return Comment.objects.get(pk=comment.pk)


def load_comments(article: Article, shape: list[int | None]) -> list[Comment]:
    """Archived comments: `shape[i]` is the index of the parent of comment i, None for a root."""
    with tree.locked(article.pk) as locked:
        numbers = tree.take_numbers(len(shape))
        new = [
            Comment(
                pk=number,
                article=locked,
                parent_id=None if parent is None else numbers[parent],
                order_key=(i + 1) * 1000,
                state=State.VISIBLE,
                origin=Origin.ARCHIVE,
                body_source=f"Archived words {i}.",
                body_html=render(f"Archived words {i}."),
                received_at=timezone.now(),
            )
            for i, (number, parent) in enumerate(zip(numbers, shape, strict=True))
        ]
        writing.load(locked, new)
    return list(Comment.objects.filter(article=article).in_reading_order())


def send_reply(client, article: Article, body: str = "I tried one, too.", **fields):
    """POST a reply as a visitor's browser does: `headers` go along as headers, the rest as fields."""
    headers = fields.pop("headers", None)
    values = {"body": body, "name": "Vera"} | fields
    return client.post(f"{article.path}reply/", values, headers=headers)


def without_stamp(page: str) -> str:
    """A page without what is another one each time: the moment its reply form was made at, and the token
    against forged requests, in which any short word can turn up."""
    import re

    return re.sub(r'name="(opened|csrfmiddlewaretoken)" value="[\w:-]+"', "", page)


def form_of(response) -> dict[str, str]:
    """The fields of the reply form in a page, as a browser would send them back."""
    import re
    from html import unescape

    page = response.content.decode()
    form = re.search(r'<form method="post" action="[^"]*/reply/".*?</form>', page, re.DOTALL)[0]
    fields = {}
    for attributes, text in re.findall(r"<textarea([^>]*)>\n?(.*?)</textarea>", form, re.DOTALL):
        fields[re.search(r'name="(\w+)"', attributes)[1]] = unescape(text)
    for tag in re.findall(r"<input[^>]*>", form):
        known = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if known.get("type") != "checkbox" or " checked" in tag:
            fields[known["name"]] = unescape(known.get("value", "on" if " checked" in tag else ""))
    return fields
