"""Processes of their own that import, reply and look, each on a database and in a folder of its own.

Run as `python -m tests.importing.importer ACT …`; each act prints one line of JSON:

    state             what the database holds, and what is wrong with it
    reply SEED STOP   say "ready", wait for a line, then reply and remove until the file STOP is there
    resume RUN        go on with a run that broke off
    policy_open       let every reply be visible at once
"""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 60
SETTINGS = """from pathlib import Path
from config.settings import *
IMPORT_DIR = Path({folder!r})
LOCK_DIR = IMPORT_DIR / "locks"
"""


class Place:
    """A migrated database and a folder for kept files, and processes that work there."""

    def __init__(self, address: str, folder: Path) -> None:
        self.folder = folder
        settings = SETTINGS.format(folder=str(folder / "kept"))
        (folder / "own_settings.py").write_text(settings, encoding="utf-8")
        paths = [str(folder), str(PROJECT), os.environ.get("PYTHONPATH", "")]
        self.environment = os.environ | {
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "own_settings",
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "DEBUG": "1",
        }

    def start(self, *words: object) -> subprocess.Popen:
        """A process in the project's folder."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [sys.executable, *map(str, words)]
        return subprocess.Popen(command, cwd=PROJECT, env=self.environment, text=True, **pipes)

    def start_import(self, file: Path) -> subprocess.Popen:
        """The command as an admin gives it."""
        return self.start("manage.py", "import_archive", file, "--json")

    def manage(self, *words: object) -> str:
        """What a command prints, once it is through."""
        return ended(self.start("manage.py", *words))

    def act(self, *words: object) -> dict:
        """The answer of one of this module's acts."""
        return json.loads(self.manage_act(*words).splitlines()[-1])

    def manage_act(self, *words: object) -> str:
        """What an act prints."""
        return ended(self.start("-m", "tests.importing.importer", *words))


def ended(process: subprocess.Popen) -> str:
    """What a process has printed that has to end well."""
    try:
        said, complaint = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0, complaint
    return said


def bare(cell: object) -> object:
    """Words without the paragraph that the reader puts around them."""
    return cell.removeprefix("<p>").removesuffix("</p>") if isinstance(cell, str) else cell


def state() -> dict:
    """Articles, comments with all that is public or decided, ledgers, and what is wrong."""
    from forum.articles.models import Article
    from forum.sources.models import ImportRun, SourceItem
    from forum.threads import check, tree
    from forum.threads.models import Comment

    rows = Comment.objects.order_by("article__path", "root_key", "tree_id", "lft")
    said = ("article__path", "parent__body_source", "body_source", "level", "lft", "rght", "state", "origin")
    items = SourceItem.objects.order_by("kind", "host", "key")
    articles = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    return {
        "comments": [[bare(cell) for cell in row] for row in rows.values_list(*said)],
        "articles": list(Article.objects.order_by("path").values_list("path", "body_html", "comment_count")),
        "items": list(items.values_list("kind", "host", "key", "content_hash", "comment__body_source")),
        "runs": [
            [run.pk, run.state, list(run.ledger.order_by("n").values_list("n", "source_id", "outcome"))]
            for run in ImportRun.objects.order_by("pk")
        ],
        "broken": [number for article in articles for number in tree.broken(article)],
        "faults": [str(fault) for article in articles for fault in check.examine(article)],
    }


def reply(seed: str, stop: str) -> dict:
    """A visitor replies here and there, and now and then a moderator removes; as fast as it goes."""
    from django.db import connection

    chance = random.Random(seed)
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    done: dict[str, list] = {"replied": [], "removed": [], "errors": []}
    while not Path(stop).exists() and len(done["replied"]) < 400:
        try:
            _one_act(chance, done)
        except Exception as error:
            done["errors"].append(f"{type(error).__name__}: {error}".splitlines()[0])
        time.sleep(chance.uniform(0, 0.01))
    return done


def _one_act(chance: random.Random, done: dict[str, list]) -> None:
    from forum.accounts.viewer import Viewer
    from forum.articles.models import Article
    from forum.moderation import decisions
    from forum.posting import replies
    from forum.threads.models import Comment
    from forum.threads.writing import Draft, ParentGoneError

    article = Article.objects.get(pk=chance.choice(Article.objects.values_list("pk", flat=True)))
    there = list(Comment.objects.filter(article=article, state="visible").values_list("pk", flat=True))
    if chance.random() < 0.1:
        # Somebody else may have been quicker; then nothing was promised.
        with contextlib.suppress(decisions.NotPossibleError):
            number = chance.choice(there)
            decisions.decide("remove", number, None)
            done["removed"].append(bare(Comment.objects.get(pk=number).body_source))
        return
    body = f"A live word {chance.getrandbits(64):x}."
    parent = chance.choice([None, *there])
    # What was removed a moment ago may not be answered, and that is told.
    with contextlib.suppress(ParentGoneError):
        sent = replies.submit_reply(
            article, parent, Draft(body=body, name="Vera"), replies.Sender(Viewer(), None)
        )
        above = sent.parent.body_source if sent.parent else None
        done["replied"].append([article.path, bare(above), body])


def resume(run: str) -> dict:
    """Go on with a run from its kept files."""
    from forum.importing import load
    from forum.sources.models import ImportRun

    broken = ImportRun.objects.get(pk=run)
    return load.apply(load.read_again(broken), broken)


def policy_open() -> dict:
    """Let every reply be visible at once."""
    from forum.site.models import Mode, SitePolicy

    SitePolicy.objects.update_or_create(pk=1, defaults={"mode": Mode.OPEN})
    return {}


def main(act: str, *words: str) -> dict:
    """Do one act on the database of the environment."""
    import django

    django.setup()
    acts = {"state": state, "reply": reply, "resume": resume, "policy_open": policy_open}
    return acts[act](*words)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])), flush=True)
