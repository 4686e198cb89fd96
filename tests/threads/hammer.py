"""One process of the concurrency figure, run as `python -m tests.threads.hammer ACT …` on DATABASE_URL.

    prepare                      put two articles into it
    write SEED REPLIES ROOTS     say "ready", wait for a line, then write; `--without-lock` is the control
    state                        every row, and what the checker finds

Each act prints one line of JSON.
"""

import json
import os
import random
import sys
import time
from contextlib import contextmanager

import django

LONGEST_PAUSE = 0.004


def prepare() -> dict:
    """An empty database gets two articles with a few comments each."""
    from tests.make import load_comments, make_article

    for _ in range(2):
        load_comments(make_article(), [None, 0, 1, None])
    return state()


def write(seed: int, replies: int, roots: int) -> dict:
    """Write replies to random comments and new roots in random order, as fast as it goes."""
    chance = random.Random(seed)
    acts = ["reply"] * replies + ["root"] * roots
    chance.shuffle(acts)
    _pause_between_reading_and_writing(chance)
    _connect()
    print("ready", flush=True)
    sys.stdin.readline()
    acknowledged, errors = [], []
    for act in acts:
        try:
            acknowledged.append(_write_one(chance, act))
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}".splitlines()[0])
    return {"acknowledged": acknowledged, "errors": errors}


def state() -> dict:
    """What the database holds, and what is wrong with it."""
    from forum.articles.models import Article
    from forum.threads import check, tree
    from forum.threads.models import Comment

    articles = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    return {
        "rows": list(Comment.objects.order_by("pk").values_list("pk", "parent_id", "article_id")),
        "deepest": max(Comment.objects.values_list("level", flat=True)),
        "broken": [n for article in articles for n in tree.broken(article)],
        "faults": [str(fault) for article in articles for fault in check.examine(article)],
    }


def without_lock() -> None:
    """The control: `tree.locked` neither locks nor opens a transaction, and SQLite begins DEFERRED."""
    from django.conf import settings

    from forum.articles.models import Article
    from forum.threads import tree

    @contextmanager
    def unlocked(article_id):
        yield Article.objects.get(pk=article_id)

    tree.locked = unlocked
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = database["OPTIONS"] | {"transaction_mode": "DEFERRED"}


def _pause_between_reading_and_writing(chance: random.Random) -> None:
    from forum.threads import tree

    make_room = tree.make_room

    def slowly(parent, comment):
        time.sleep(chance.uniform(0, LONGEST_PAUSE))
        make_room(parent, comment)

    tree.make_room = slowly


def _connect() -> None:
    from django.db import connection

    connection.ensure_connection()


def _write_one(chance: random.Random, act: str) -> tuple[int, int | None, int]:
    from forum.articles.models import Article
    from forum.threads import tree, writing
    from forum.threads.models import Comment
    from forum.threads.states import State

    article_id = chance.choice(Article.objects.order_by("pk").values_list("pk", flat=True))
    visible = Comment.objects.filter(article=article_id, state=State.VISIBLE).order_by("pk")
    parent_id = chance.choice(visible.values_list("pk", flat=True)) if act == "reply" else None
    with tree.locked(article_id) as article:
        draft = writing.Draft(body=f"Words of process {os.getpid()}.", name="Ann")
        comment = writing.add(article, parent_id, draft, State.VISIBLE)
    return comment.pk, parent_id, article_id


def main(act: str, *words: str) -> dict:
    """Do one act on the database of the environment."""
    django.setup()
    if "--without-lock" in words:
        without_lock()
    numbers = [int(word) for word in words if word.isdigit()]
    return {"prepare": prepare, "write": write, "state": state}[act](*numbers)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])), flush=True)
