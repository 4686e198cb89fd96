"""Measures approving 1,000 held comments in bulk against one bare set-based UPDATE, on both databases.

    python -m bench.approve [--held N] [--rounds N] [--databases sqlite postgresql]

Both are whole requests of a signed-in moderator: one to `/moderation/bulk/`, which writes decisions, cases,
counters and the outbox (ten people follow the articles), and one to a view that only updates the rows.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from types import ModuleType

from bench.each import on_each, prepared

APPROVED = 1_000
ARTICLES, FOLLOWERS = 50, 10
TARGET = 8


def main() -> None:
    """Measure on each database, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--held", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.here:
        with prepared(said.databases[0]):
            measure(said.databases[0], said.held, said.rounds)
        return
    head = f"{'bare UPDATE':>14}{'bulk':>10}{'ratio':>8}{'target':>8}"
    print(f"{'database':12}{head}  (median ms; {APPROVED} of {said.held} held comments)", flush=True)
    sys.exit(on_each("bench.approve", said))


def measure(database: str, held: int, rounds: int) -> None:
    """Measure on the database of the environment and print a line."""
    from django.test import Client

    from forum.accounts.models import Role, User

    client = Client()
    moderator = User.objects.create_user("mod", role=Role.MODERATOR)
    client.force_login(moderator, backend="forum.accounts.backends.OneHash")
    numbers = _held(held)
    bare, bulk = [], []
    with _bare_view(client):
        for turn in range(rounds):
            some = numbers[turn * APPROVED * 2 :][: APPROVED * 2]
            bare.append(_timed(lambda some=some: _update(client, some[:APPROVED])))
            bulk.append(_timed(lambda some=some: _approve(client, some[APPROVED:])))
    one, other = statistics.median(bare), statistics.median(bulk)
    print(f"{database:12}{one:14.1f}{other:10.1f}{other / one:8.2f}{TARGET:8}", flush=True)


def _held(count: int) -> list[int]:
    """Held comments over some articles that people follow, with their cases."""
    from django.utils import timezone

    from forum.accounts.models import Address, Author
    from forum.articles.models import Article, Blog
    from forum.moderation.models import Case
    from forum.notifications.models import Subscription
    from forum.threads.models import FIRST_NUMBER, Comment
    from forum.threads.writing import recount

    now, blog = timezone.now(), Blog.objects.create(system="wordpress", host="stillwaters.example")
    articles = [
        Article.objects.create(blog=blog, path=f"/{n}/", title=f"Post {n}", state="published")
        for n in range(ARTICLES)
    ]
    for n in range(FOLLOWERS):
        author = Author.objects.create(kind="guest", name=f"Reader {n}")
        address = Address.objects.create(author=author, email=f"r{n}@example.org", verified_at=now)
        Subscription.objects.create(address=address, scope="article", article=articles[n], confirmed_at=now)
    writers = Author.objects.bulk_create([Author(kind="guest", name=f"Guest {n}") for n in range(500)])
    rows = []
    for n in range(count):
        pk = FIRST_NUMBER + n
        rows.append(
            Comment(
                pk=pk,
                article=articles[n % ARTICLES],
                tree_id=pk,
                order_key=pk,
                root_key=pk,
                state="held",
                author=writers[n % 500],
                name_shown=f"Guest {n % 500}",
                body_source="Some words that wait. " * 12,
                body_html=f"<p>{'Some words that wait. ' * 12}</p>",
                posted_at=now,
                received_at=now,
                held_at=now,
            )
        )
    Comment.objects.bulk_create(rows, batch_size=1_000)
    Case.objects.bulk_create([Case(comment=row, cause="new", opened=now) for row in rows], batch_size=1_000)
    recount([article.pk for article in articles])
    return [row.pk for row in rows]


def _approve(client: object, numbers: list[int]) -> None:
    fields = {"decision": "approve", "sure": "yes", "comment": numbers}
    answer = client.post("/moderation/bulk/", fields | {f"version-{n}": 1 for n in numbers})
    assert answer.status_code == 303, answer.status_code


def _update(client: object, numbers: list[int]) -> None:
    answer = client.post("/bare/", {"comment": numbers} | {f"version-{n}": 1 for n in numbers})
    assert answer.status_code == 200, answer.status_code


def _bare_view(client: object) -> object:
    """The least that approving must cost: the session, and one UPDATE in a transaction."""
    from django.db import transaction
    from django.http import HttpRequest, HttpResponse
    from django.test import override_settings
    from django.urls import path

    import forum.urls
    from forum.accounts.permissions import needs
    from forum.accounts.viewer import MODERATE
    from forum.threads.models import Comment

    @needs(MODERATE)
    def bare(request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            Comment.objects.filter(pk__in=request.POST.getlist("comment"), state="held").update(
                state="visible"
            )
        return HttpResponse("done")

    planted = ModuleType("planted")
    planted.urlpatterns = [path("bare/", bare), *forum.urls.urlpatterns]
    return override_settings(ROOT_URLCONF=planted)


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
