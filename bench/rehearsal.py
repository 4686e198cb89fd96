"""Measures how long a rule is tried on a large archive, as a worker does it, with its progress written.

    python -m bench.rehearsal [--comments N] [--rules N] [--databases sqlite postgresql]

Comments have about sixty words, most of them as HTML. Tried are a word, a phrase, a pattern, a rule of
links, and a word that is allowed, beside as many rules that stand already. Each has to be done within ten
seconds; the exit code is 1 where one is not.
"""

import argparse
import random
import sys
import time

from bench.corpus import WORDS
from bench.each import on_each, prepared

PER_ARTICLE = 500
MOST = 10  # seconds
TRIED = {
    "word": {"kind": "words", "text": "walking"},
    "phrase": {"kind": "words", "text": "walking slowly"},
    "pattern": {"kind": "pattern", "text": r"\b(walk|sleep)\w+ (pill|slow)\w*"},
    "links": {"kind": "links", "number": 1},
    "allowed": {"kind": "words", "text": "walking slowly", "effect": "allow"},
}


def main() -> None:
    """Measure on each database, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--comments", type=int, default=200_000)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.here:
        sys.exit(measure(said.databases[0], said.comments, said.rules))
    head = "".join(f"{name:>10}" for name in TRIED)
    print(f"{'database':12}{head}  (seconds; {said.comments} comments, {said.rules} rules)", flush=True)
    sys.exit(on_each("bench.rehearsal", said))


def measure(database: str, comments: int, rules: int) -> int:
    """Measure on the database of the environment, print a line, tell whether anything took too long."""
    with prepared(database):
        from django.db import connection

        _fill(comments, rules)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        took = [_timed(proposal) for proposal in TRIED.values()]
    print(f"{database:12}{''.join(f'{seconds:10.2f}' for seconds in took)}", flush=True)
    return int(max(took) > MOST)


def _fill(comments: int, rules: int) -> None:
    """An archive with some live and some refused replies among it, and rules that stand already."""
    from django.utils import timezone

    from forum.articles.models import Article, Blog
    from forum.moderation.models_policy import Rule
    from forum.threads.models import FIRST_NUMBER, Comment

    chance, now = random.Random(20121031), timezone.now()  # noqa: S311
    blog = Blog.objects.create(system="wordpress", host="bench.example")
    Rule.objects.bulk_create(
        Rule(kind="words", text=f"{chance.choice(WORDS)} pill {n}") for n in range(rules)
    )
    for start in range(0, comments, PER_ARTICLE):
        article = Article.objects.create(blog=blog, path=f"/{start}/", title="Post", state="published")
        rows = []
        for n in range(start, min(start + PER_ARTICLE, comments)):
            pk, words = FIRST_NUMBER + n, " ".join(chance.choices(WORDS, k=60))
            rows.append(
                Comment(
                    pk=pk,
                    article=article,
                    tree_id=pk,
                    order_key=pk,
                    root_key=pk,
                    state="visible" if n % 20 else "spam",
                    origin="live" if n % 10 == 1 else "archive",
                    body_source=f"{words}, says Zoë. https://example.org/{n}" if n % 3 else words,
                    source_format="text" if n % 10 == 1 else "html",
                    body_html=_page(words, n),
                    received_at=now,
                )
            )
        Comment.objects.bulk_create(rows)


def _page(words: str, n: int) -> str:
    """An archived page's paragraphs; of three comments two have a line end, a link and an entity."""
    if not n % 3:
        return f"<p>{words}</p>"
    address = f"https://example.org/{n}"
    return (
        f"<p>{words[:200]}</p>\n<p>{words[200:]}, says <em>Zoë</em> &amp; co.<br>\n"
        f'<a href="{address}" rel="nofollow ugc noopener noreferrer">{address}</a></p>'
    )


def _timed(proposal: dict) -> float:
    from forum.accounts.models import User
    from forum.jobs import progress
    from forum.jobs.models import Job
    from forum.moderation import rehearsal
    from forum.moderation.models_policy import Rehearsal

    boss, _made = User.objects.get_or_create(username="boss")
    typed = {"text": "", "number": None, "inside": False, "effect": "hold", "label": ""} | proposal
    tried = rehearsal.start(Rehearsal.Kind.RULE, typed, boss)
    job = progress.ask(rehearsal.JOB, str(tried.pk), boss)
    began = time.perf_counter()
    rehearsal.run_rehearsal.func(tried.pk, job.pk)
    took = time.perf_counter() - began
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE
    tried.refresh_from_db()
    assert tried.result["counts"]["archive"][0], tried.result
    return took


if __name__ == "__main__":
    main()
