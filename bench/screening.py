"""Measures judging one comment by 1,000 rules and the classifier against storing it, on both databases.

    python -m bench.screening [--rules N] [--comments N] [--databases sqlite postgresql]

Judging is `rules.screen` of a guest's reply of 600 characters on an open site, with all its statements: what
is known of the person, the same text among the newest. Storing is the row with its place in the tree, its
private part and the counters, in a transaction of its own. `find` is the part of judging that looks at the
text alone. Printed are medians; the exit code is 1 where judging takes longer than storing. The last column
is one rule of a common word on 200,000 texts of 400 characters, as a rehearsal goes through them, in seconds
of the processor.
"""

import argparse
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable

from bench.each import on_each, prepared

ROUNDS = 200
WORDS_LEARNT = 10_000
REHEARSED, ENOUGH_SECONDS = 200_000, 4


def main() -> None:
    """Measure on each database, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rules", type=int, default=1_000)
    parser.add_argument("--comments", type=int, default=5_000)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.here:
        sys.exit(measure(said.databases[0], said.rules, said.comments))
    head = f"{'store':>10}{'judge':>10}{'find':>10}{'ratio':>8}{'target':>8}{'rehearse':>12}"
    print(f"{'database':12}{head}  (ms; seconds for {REHEARSED:,} texts)", flush=True)
    sys.exit(on_each("bench.screening", said))


def measure(database: str, rules_count: int, comments: int) -> int:
    """Measure on the database of the environment, print a line, tell whether judging takes too long."""
    with prepared(database):
        _fill(rules_count, comments)
        store, judge, find = _rounds()
    ratio, rehearse = judge / store, _rehearse()
    line = f"{store:10.2f}{judge:10.2f}{find:10.2f}{ratio:8.2f}{1:8}{rehearse:12.1f}"
    print(f"{database:12}{line}", flush=True)
    return int(ratio > 1 or rehearse > ENOUGH_SECONDS)


def _text(chance: random.Random, length: int = 600) -> str:
    words = []
    while sum(map(len, words)) + len(words) < length:
        words.append(f"w{chance.randrange(3_000)}" if chance.random() < 0.1 else chance.choice(COMMON))
    return " ".join(words)[:length]


COMMON = [
    *("the", "and", "walking", "balance", "doctor", "summer", "heat", "stairs", "rest", "helped"),
    *("my", "leg", "was", "better", "after", "some", "exercise", "in", "water", "today"),
]


def _fill(rules_count: int, comments: int) -> None:
    """Rules of words and phrases, a model, comments that wait and that are public, with statistics."""
    from django.db import connection
    from django.utils import timezone

    from forum.accounts.models import Author
    from forum.articles.models import Article, Blog
    from forum.moderation.models_policy import Rule, SpamModel
    from forum.site.models import Mode, SitePolicy
    from forum.threads import tree
    from forum.threads.models import Comment
    from forum.threads.writing import recount

    chance, now = random.Random(1), timezone.now()
    missing = max(rules_count - Rule.objects.count(), 0)
    phrases = (f"bad{n}" if n % 2 else f"walking bad{n} today" for n in range(missing))
    Rule.objects.bulk_create([Rule(kind="words", text=text) for text in phrases])
    weights = {f"w{n}": 0.01 * (n % 7 - 3) for n in range(WORDS_LEARNT)}
    SpamModel.objects.create(spam=4_000, honest=4_000, bias=-2.0, weights=weights)
    SitePolicy.objects.create(pk=1, mode=Mode.OPEN, rules_key=uuid.uuid4().hex)
    blog = Blog.objects.create(system="wordpress", host="stillwaters.example")
    article = Article.objects.create(blog=blog, path="/1/", title="Post", state="published")
    author = Author.objects.create(kind="guest", name="Guest")
    numbers = tree.take_numbers(comments)
    place = {"article": article, "author": author, "posted_at": now, "received_at": now, "public_at": now}
    place["held_at"] = now
    Comment.objects.bulk_create(
        [
            Comment(
                **place,
                **{"pk": n, "tree_id": n, "order_key": n, "root_key": n},
                state="visible" if n % 2 else "held",
                body_source=_text(chance),
            )
            for n in numbers
        ],
        batch_size=1_000,
    )
    recount([article.pk])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself before long


def _rounds() -> tuple[float, float, float]:
    """Medians of storing, of judging, and of looking at the text alone, turn about, in milliseconds."""
    from forum.accounts.models import Author
    from forum.articles.models import Article
    from forum.moderation import rules
    from forum.site.models import SitePolicy
    from forum.threads import tree, writing
    from forum.threads.states import State

    chance, article = random.Random(2), Article.objects.get()
    author, policy = Author.objects.get(), SitePolicy.objects.get()

    def store(text: str) -> None:
        with tree.locked(article.pk) as locked:
            draft = writing.Draft(
                body=text, name="Guest", author=author, ip="203.0.113.7", user_agent="Bench"
            )
            writing.add(locked, None, draft, State.HELD)

    times: dict[str, list[float]] = {"store": [], "judge": [], "find": []}
    for turn in range(ROUNDS + 5):
        text = _text(chance)
        took = {
            "judge": _timed(lambda text=text: rules.screen(article, policy, text=text, author=author)),
            "store": _timed(lambda text=text: store(text)),
            "find": _timed(lambda text=text: rules.find(text, policy)),
        }
        for name, milliseconds in took.items():
            times[name] += [milliseconds] if turn >= 5 else []
    store_, judge, find = (statistics.median(times[name]) for name in ("store", "judge", "find"))
    return store_, judge, find


def _rehearse() -> float:
    """Seconds of the processor for one rule of words over many texts, a tenth of them without ASCII words."""
    from forum.moderation.matching import Ruleset, Spec

    chance = random.Random(3)
    texts = [_text(chance, 400) for _n in range(900)]
    texts += ["Мне стало легче ходить после зарядки в воде, врач доволен. " * 7] * 100
    ruleset = Ruleset([Spec("rule-1", "words", "balance")])
    again = REHEARSED // len(texts)
    began = time.process_time()
    for _n in range(again):
        for text in texts:
            ruleset.hits(text)
    return time.process_time() - began


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
