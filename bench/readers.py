"""Measures what readers feel of an import at low priority, on SQLite and on PostgreSQL.

    python -m bench.readers [--comments N] [--databases sqlite postgresql]

A server with one worker process serves articles of 10 comments to a reader who asks for one after the
other; the same is measured in peace and while `nice -n 19 manage.py import_archive` runs. The ratio of
the 95th percentiles counts.
"""

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench import corpus

TOP = Path(__file__).resolve().parent.parent
READ, PER_ARTICLE = 100, 10  # articles that are there to be read, comments under each
REQUESTS = 400
PAUSE = 0.02  # seconds between an answer and the next request


def main() -> None:
    """Measure on each database, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.here:
        measure(said.databases[0], said.comments)
        return
    head = f"{'in peace':>16}{'during import':>16}{'ratio':>8}"
    print(f"{'database':12}{head}  (p95, ms; {said.comments} comments imported)", flush=True)
    for database in said.databases:
        server = [] if database == "sqlite" else [sys.executable, str(TOP / "tests/with_postgres.py")]
        again = [sys.executable, "-m", "bench.readers", "--here", "--databases", database]
        subprocess.run([*server, *again, "--comments", str(said.comments)], cwd=TOP, check=True)


def measure(database: str, comments: int) -> None:
    """Measure on the database of the environment and print a line."""
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as folder:
        env = os.environ | {"DEBUG": "0", "SECRET_KEY": "bench-" * 10 + "only", "BENCH_FOLDER": folder}
        env |= {"ALLOWED_HOSTS": "127.0.0.1", "SITE_URL": "https://bench.example"}
        env["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        if database == "sqlite":
            env["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        few, many = Path(folder, "few.xml"), Path(folder, "many.xml")
        corpus.write(few, READ, READ * PER_ARTICLE)
        corpus.write(many, max(comments // 20, 1), comments, first=READ + 1)
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "migrate", "-v", "0"], env=env, cwd=TOP, check=True)
        quiet = {"env": env, "cwd": TOP, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*manage, "import_archive", str(few)], **quiet, check=True)
        with serving(env) as port:
            read(port, 50, lambda: False)
            peace = read(port, REQUESTS, lambda: False)
            importing = subprocess.Popen(["nice", "-n", "19", *manage, "import_archive", str(many)], **quiet)
            try:
                busy = read(port, 100_000, lambda: importing.poll() is not None)
            finally:
                importing.kill()
            if importing.wait():
                raise SystemExit("The import failed.")
    one, other = p95(peace), p95(busy)
    print(
        f"{database:12}{one:16.1f}{other:16.1f}{other / one:8.2f}  ({len(busy)} requests meanwhile)",
        flush=True,
    )


@contextmanager
def serving(env: dict[str, str]) -> Iterator[int]:
    """A server with one worker; tells its port."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [
        gunicorn,
        "config.wsgi",
        "--workers",
        "1",
        "--bind",
        f"127.0.0.1:{port}",
        "--no-control-socket",
    ]
    server = subprocess.Popen([*map(str, command), "--log-level", "error"], env=env, cwd=TOP)
    try:
        for _ in range(100):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def read(port: int, most: int, over: Callable[[], bool]) -> list[float]:
    """Times in milliseconds of requests for articles, one after the other, until it is over."""
    chance, times = random.Random(1), []  # noqa: S311
    while len(times) < most and not over():
        n = chance.randint(1, READ)
        day = corpus.FIRST_DAY + corpus.datetime.timedelta(hours=7 * n)
        start = time.perf_counter()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.request("GET", f"/{day:%Y/%m/%d}/post-{n}/")
            answer = connection.getresponse()
            answer.read()
        times.append(1000 * (time.perf_counter() - start))
        if answer.status != 200:
            raise SystemExit(f"A reader got {answer.status}.")
        time.sleep(PAUSE)
    return times


def p95(times: list[float]) -> float:
    """The time that 19 of 20 requests did not exceed."""
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
