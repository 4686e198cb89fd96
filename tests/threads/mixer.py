"""One process of figure T2, run as `python -m tests.threads.mixer ACT …` on DATABASE_URL.

    prepare FOLDER            import an archive, put a second article beside it
    reply SEED SECONDS LEAST      visitors send replies through the site's own address
    moderate SEED SECONDS LEAST   the desk approves, removes and restores branches, moves, splits, undoes
    importer SEED SECONDS LEAST FOLDER   newer exports of the archive, one after the other
    checker SEED SECONDS LEAST    check_threads --repair, over and over
    state                     every row, and what the checker finds

All but the first and the last say "ready" and wait for a line; they go on for so many seconds, and on a
busy machine until they have done LEAST. `--without-lock` is the control. Each act
prints one line of JSON.
"""

import contextlib
import io
import json
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.threads import hammer

POSTS, COMMENTS = 2, 6
PATIENCE = 60
AT = re.compile(r"#comment-(\d+)$")


def prepare(folder: str) -> dict:
    """Two imported articles, of which one takes replies at once, and one of live words."""
    from forum.articles.models import Article
    from forum.site.models import Mode, SitePolicy
    from tests.make import load_comments, make_article, make_user

    SitePolicy.objects.update_or_create(pk=1, defaults={"mode": Mode.OPEN})
    make_user("desk", "moderator")
    _import(Path(folder), COMMENTS)
    load_comments(make_article(), [None, 0, 1, None, 0])
    first = Article.objects.order_by("pk").first()
    Article.objects.filter(pk=first.pk).update(mode=Mode.HOLD_ALL)
    return state()


def state() -> dict:
    """What the database holds, and what is wrong with it."""
    from forum.articles.models import ArticleAct
    from forum.threads.models import Comment

    said = hammer.state()
    rows = Comment.objects.values_list("pk", "parent", "placed_at", "body_source", "origin")
    said["comments"] = {pk: [parent, placed is not None, *rest] for pk, parent, placed, *rest in rows}
    said["acts"] = list(ArticleAct.objects.values_list("act", flat=True))
    return said


def repeated(one: Callable[[random.Random, dict], None]) -> Callable[..., dict]:
    """An act that is done again and again until its time is over and it was done often enough."""

    def act(seed: int, seconds: int, least: int, *more: str) -> dict:
        chance, said = random.Random(seed), {"done": [], "told": [], "errors": []}
        hammer._connect()
        _warm_up()
        print("ready", flush=True)
        sys.stdin.readline()
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end or (len(said["done"]) < least and now < end + PATIENCE):
            try:
                one(chance, said, *more)
            except Exception as error:
                said["errors"].append(f"{one.__name__}: {type(error).__name__}: {error}".splitlines()[0])
            # SQLite lets nobody queue: who never rests keeps the others out.
            time.sleep(chance.uniform(0, hammer.LONGEST_PAUSE))
        return said

    return act


def _lock_nothing() -> None:
    """The control for acts on several articles; and SQLite would wait long for what never comes."""
    from django.conf import settings

    from forum.articles.models import Article
    from forum.threads import tree

    @contextlib.contextmanager
    def unlocked(article_ids):
        yield Article.objects.in_bulk(list(article_ids))

    tree.all_locked = unlocked
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = database["OPTIONS"] | {"timeout": 1}


def _warm_up() -> None:
    """The first request of a process loads the whole site, which may take longer than the figure."""
    from django.test import Client

    from forum.articles.models import Article

    path = Article.objects.order_by("pk").values_list("path", flat=True).last()
    Client(headers={"host": "127.0.0.1"}).post(f"{path}reply/", {})


def reply(chance: random.Random, said: dict) -> None:
    """A visitor's browser sends a reply; 422 gives the text back, which loses nothing."""
    from django.test import Client

    from forum.articles.models import Article
    from forum.threads.models import Comment

    article = chance.choice(Article.objects.published())
    there = Comment.objects.public().filter(article=article).values_list("pk", flat=True)
    parent = chance.choice([None, *there])
    body = f"A live word {chance.getrandbits(64):x}."
    values = {"name": "Vera", "body": body} | ({"parent": parent} if parent else {})
    answer = Client(headers={"host": "127.0.0.1"}).post(f"{article.path}reply/", values)
    if answer.status_code == 303:
        said["done"].append([int(AT.search(answer["Location"])[1]), parent, body])
    elif answer.status_code == 422 and body in answer.content.decode():
        said["told"].append(body)
    else:
        said["errors"].append(f"{answer.status_code} for {article.path} under {parent}")


def moderate(chance: random.Random, said: dict) -> None:
    """One act of the desk; that somebody was quicker is told and no error."""
    from forum.accounts.models import User
    from forum.articles.models import Article, ArticleAct
    from forum.moderation import articles_move, articles_undo, decisions
    from forum.moderation.articles import RefusedError
    from forum.moderation.articles_move import Target
    from forum.threads.models import Comment

    user = User.objects.get(username="desk")
    number = chance.choice(Comment.objects.values_list("pk", flat=True))
    what = chance.choice(["approve", "remove", "restore", "move", "move", "split", "split", "undo"])
    try:
        if what in {"approve", "remove", "restore"}:
            _decide(chance, what, number, user)
        elif what == "move":
            under = chance.choice(Comment.objects.public().values_list("pk", flat=True))
            articles_move.move(number, Target(parent=under), user)
        elif what == "split":
            article = chance.choice([None, *Article.objects.published().values_list("pk", flat=True)])
            articles_move.move(number, Target(article=article), user)
        elif acts := list(ArticleAct.objects.order_by("-pk").values_list("pk", flat=True)[:10]):
            articles_undo.undo(chance.choice(acts), user)
        said["done"].append(what)
    except (RefusedError, decisions.NotPossibleError) as told:
        said["told"].append(f"{what}: {told}")


def _decide(chance: random.Random, what: str, number: int, user) -> None:
    """Approve what waits; remove or restore a comment with all its replies, each by a decision."""
    from forum.moderation import decisions
    from forum.threads import moving, tree
    from forum.threads.models import Comment

    if what == "approve":
        waiting = list(Comment.objects.filter(state="held").values_list("pk", flat=True)[:5])
        numbers = [chance.choice(waiting)] if waiting else []
    else:
        article = Comment.objects.values_list("article", flat=True).get(pk=number)
        numbers = moving.branches(article, [number])[:6]
    for one in numbers:
        with contextlib.suppress(decisions.NotPossibleError), tree.locked_around([one]):
            decisions.decide(what, one, user)


def importer(chance: random.Random, said: dict, folder: str) -> None:
    """The next export of the blog, with more words in every post."""
    _import(Path(folder), COMMENTS + len(said["done"]) + 1)
    said["done"].append(COMMENTS + len(said["done"]) + 1)


def _import(folder: Path, comments: int) -> None:
    from forum.importing import files, keep, load, plan
    from forum.importing.records import Given
    from tests.importing import make_wxr

    posts = [post.longer(comments, seed=7) for post in make_wxr.posts(POSTS, 0)]
    file = make_wxr.write(folder / f"export-{comments}.xml", posts)
    archive = plan.read_archive(list(files.sources([str(file)], Given())))
    run = load.start_run(archive, keep.keep_all(files.sources([str(file)], Given())))
    load.apply(archive, run)


def checker(chance: random.Random, said: dict) -> None:
    """What the command finds and mends; where everybody holds the lock there is nothing."""
    from django.core.management import call_command

    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("check_threads", "--repair", stdout=out)
    found = out.getvalue().splitlines()
    said["done"].append(found[-1])
    said["told"] += found[:-1]


def _slowly(chance: random.Random) -> None:
    """Wider gaps between reading and writing, so that a missing lock shows."""
    from forum.threads import moving

    real = moving.branches

    def branches(*args):
        found = real(*args)
        time.sleep(chance.uniform(0, 2 * hammer.LONGEST_PAUSE))
        return found

    moving.branches = branches
    hammer._pause_between_reading_and_writing(chance)


def main(act: str, *words: str) -> dict:
    """Do one act on the database of the environment."""
    import django

    django.setup()
    if "--without-lock" in words:
        hammer.without_lock()
        _lock_nothing()
        _slowly(random.Random(len(words)))
    acts = {"prepare": prepare, "state": state}
    acts |= {one.__name__: repeated(one) for one in (reply, moderate, importer, checker)}
    given = [int(word) if word.isdigit() else word for word in words if not word.startswith("--")]
    return acts[act](*given)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])), flush=True)
