"""Measures the first page of the queue with few and with many held comments.

    python -m bench.queue [--few N] [--many N] [--databases sqlite postgresql]

Each comment has an author of its own, a case, and what the rules say of it; they stand in articles of a
hundred. Printed are the lower quartiles of the page's times at both sizes, which other work on
the machine moves least, and their ratio, beside a bare Django view that
reads the same twenty rows by the same index and answers with a ready string of the page's size: what the
framework alone needs. The ratio may be 1.5 at most; the exit code is 1 where it is more.
"""

import argparse
import statistics
import sys
import time

from bench.each import on_each, prepared

PER_ARTICLE = 100
ROUNDS = 40
MOST = 1.5


def main() -> None:
    """Measure on each database, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.here:
        sys.exit(measure(said.databases[0], said.few, said.many))
    head = f"{'few':>10}{'many':>10}{'ratio':>8}{'bare':>10}{'times bare':>12}{'statements':>12}"
    print(f"{'database':12}{head}  (ms; {said.few} and {said.many} held)", flush=True)
    sys.exit(on_each("bench.queue", said))


def measure(database: str, few: int, many: int) -> int:
    """Measure on the database of the environment, print a line, tell whether the ratio is too large."""
    with prepared(database):
        client = _moderator()
        _hold(0, few)
        one, size, statements = _page(client)
        _hold(few, many)
        other, _size, _statements = _page(client)
        bare = _bare(size)
    ratio = other / one
    line = f"{one:10.1f}{other:10.1f}{ratio:8.2f}{bare:10.1f}{other / bare:12.1f}{statements:12}"
    print(f"{database:12}{line}", flush=True)
    return int(ratio > MOST)


def _moderator() -> object:
    from django.test import Client

    from forum.accounts.models import Role, User

    client = Client()
    client.force_login(User.objects.create_user("mod", "mod@bench.example", "x", role=Role.MODERATOR))
    return client


def _hold(first: int, last: int) -> None:
    """Held comments number `first` to `last`, as replies bring them, with statistics."""
    from django.db import connection
    from django.utils import timezone

    from forum.accounts.models import Author
    from forum.articles.models import Article, Blog
    from forum.moderation.models import Case, RuleHit
    from forum.threads.models import FIRST_NUMBER, Comment

    blog, _made = Blog.objects.get_or_create(system="wordpress", host="bench.example")
    for start in range(first, last, PER_ARTICLE):
        numbers = range(FIRST_NUMBER + start, FIRST_NUMBER + min(start + PER_ARTICLE, last))
        article = Article.objects.create(
            blog=blog, path=f"/{start}/", title=f"Post {start}", state="published", held_count=len(numbers)
        )
        guests = Author.objects.bulk_create(Author(kind="guest", name=f"Guest {n}") for n in numbers)
        now = timezone.now()
        rows = [
            Comment(
                pk=n,
                tree_id=n,
                article=article,
                author=guest,
                name_shown=guest.name,
                body_source="Words that wait. https://bench.example/ " * 5,
                body_html="<p>Words that wait.</p>" * 5,
                received_at=now,
                held_at=now,
                risk=n % 9,
            )
            for n, guest in zip(numbers, guests, strict=True)
        ]
        Comment.objects.bulk_create(rows)
        cases = Case.objects.bulk_create(Case(comment=row, cause="new", opened=now) for row in rows)
        hits = [RuleHit(case=case, rule=rule) for case in cases for rule in ("hold_all", "guest")]
        hits += [
            RuleHit(case=case, rule="link", matched="https://bench.example/", start=17, end=39)
            for case in cases
        ]
        RuleHit.objects.bulk_create(hits)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _page(client: object) -> tuple[float, int, int]:
    """The time of the queue's first page in milliseconds, its size, and its number of statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        page = client.get("/moderation/")
    statements = len(captured)
    if page.status_code != 200 or page.content.count(b'<article class="case"') != 20:
        raise SystemExit("The queue does not show what waits.")
    return _quick(lambda: client.get("/moderation/")), len(page.content), statements


def _bare(size: int) -> float:
    """The same for a view that reads twenty rows and answers with a ready string."""
    from django.http import HttpResponse
    from django.test import RequestFactory

    from forum.threads.models import Comment

    ready, request = b"x" * size, RequestFactory().get("/")

    def view(_request: object) -> HttpResponse:
        list(Comment.objects.filter(state="held").order_by("held_at", "pk")[:20])
        return HttpResponse(ready)

    return _quick(lambda: view(request))


def _quick(act: object) -> float:
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.quantiles(times[5:], n=4)[0]


if __name__ == "__main__":
    main()
