"""Measures what is asked of 100,000 decisions: statistics, the log and its file, the public log.

    python -m bench.decisions [--count N]

On SQLite, in a temporary folder. Printed are the medians of three askings in milliseconds of the processor,
which other work on the machine hardly moves, with the number of statements; statistics and each page have
to be there in about a second.
"""

import argparse
import datetime
import statistics
import time
from collections.abc import Callable

from bench.each import prepared
from bench.queue import _hold, _moderator

ROUNDS = 3
YEAR = 365 * 86_400


def main() -> None:
    """Make the decisions, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    count = parser.parse_args().count
    with prepared("sqlite"):
        client = _moderator()
        _hold(0, count)
        _decide(count)
        print(f"{count} decisions of a year, SQLite")
        for address in (
            *("/moderation/statistics/", "/moderation/statistics/?days=365", "/moderation/log/"),
            *("/moderation/log/?act=comment.reject&undone=no", "/moderation/log.csv", "/moderation-log/"),
        ):
            print(f"{address:48}{_asked(client, address)}", flush=True)


def _decide(count: int) -> None:
    """Decide on all that is held, evenly over the last year."""
    from django.db import connection
    from django.db.models import F
    from django.utils import timezone

    from forum.accounts.models import User
    from forum.moderation.models import Case, Decision
    from forum.site.models import SitePolicy
    from forum.threads.models import Comment

    now, mod = timezone.now(), User.objects.get()
    acts = (("approve", "visible"), ("approve", "visible"), ("reject", "rejected"), ("spam", "spam"))
    numbers = list(Comment.objects.order_by("pk").values_list("pk", flat=True))
    rows = []
    for n, number in enumerate(numbers):
        act, state = acts[n % 4]
        at = now - datetime.timedelta(seconds=YEAR * (n + 1) // (count + 1))
        values = {"from_state": "held", "to_state": state, "comment_version": 2, "actor": mod, "at": at}
        rows.append(Decision(comment_id=number, act=act, **values))
    made = Decision.objects.bulk_create(rows, batch_size=5000)
    values = {"from_state": "visible", "to_state": "held", "comment_version": 3, "actor": mod, "act": "undo"}
    undone = [Decision(comment_id=one.comment_id, undoes=one, at=one.at, **values) for one in made[::100]]
    Decision.objects.bulk_create(undone, batch_size=5000)
    for n, (_act, state) in enumerate(acts):
        some = Comment.objects.annotate(turn=F("pk") % 4).filter(turn=(numbers[0] + n) % 4)
        some.update(state=state, received_at=now - datetime.timedelta(days=2), public_at=now)
    Case.objects.update(closed=now)
    SitePolicy.objects.update_or_create(pk=1, defaults={"public_log": True})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _asked(client: object, address: str) -> str:
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask() -> None:
        cache.clear()
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}.")
        if answer.streaming:
            for _part in answer.streaming_content:
                pass

    with CaptureQueriesContext(connection) as captured:
        ask()
    statements = len(captured)
    return f"{_median(ask):8.0f} ms{statements:5} statements"


def _median(act: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        act()
        times.append(1000 * (time.process_time() - begin))
    return statistics.median(times)


if __name__ == "__main__":
    main()
