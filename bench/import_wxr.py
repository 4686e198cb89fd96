"""Measures the import of a WordPress export against its floor, on SQLite and on PostgreSQL.

    python -m bench.import_wxr [--posts N] [--comments N] [--rounds N] [--databases sqlite postgresql]

Each measurement is a process of its own with an empty database; rounds alternate between floor and
Afterword, and medians are printed. Ratios count: single times move with the machine, and those of
processor time move least.
"""

import argparse
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django
from django.core.management import call_command

TOP = Path(__file__).resolve().parent.parent
WAYS = ("floor", "afterword")


def main() -> None:
    """Make the export, measure on each database, print the table."""
    said = _arguments()
    if said.measure:
        measure(said.measure, Path(said.file))
        return
    posts = said.posts or max(said.comments // 20, 1)
    if said.file:
        compare(said.databases[0], Path(said.file), said.rounds)
        return
    from bench import corpus

    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as folder:
        path = Path(folder, "export.xml")
        corpus.write(path, posts, said.comments)
        size = path.stat().st_size / 1e6
        print(f"{posts} posts, {said.comments} comments, {size:.0f} MB, {said.rounds} rounds", flush=True)
        times = f"{'seconds':>9}{'x floor':>9}{'CPU':>9}{'x floor':>9}"
        print(f"{'database':12}{'way':11}{times}{'peak MiB':>10}  rounds", flush=True)
        for database in said.databases:
            server = [] if database == "sqlite" else [sys.executable, str(TOP / "tests/with_postgres.py")]
            again = [sys.executable, "-m", "bench.import_wxr", "--databases", database]
            command = [*server, *again, "--file", str(path), "--rounds", str(said.rounds)]
            subprocess.run(command, cwd=TOP, check=True)


def compare(database: str, path: Path, rounds: int) -> None:
    """Measure both ways in turn on one database and print a line for each."""
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            found[way].append(_measured(database, way, path))
    floor = _medians(found["floor"])
    for way in WAYS:
        seconds, cpu = _medians(found[way])
        peak = max(one["peak_mib"] for one in found[way])
        times = " ".join(f"{one['seconds']:.1f}" for one in found[way])
        wall = f"{seconds:9.2f}{seconds / floor[0]:9.2f}"
        print(f"{database:12}{way:11}{wall}{cpu:9.2f}{cpu / floor[1]:9.2f}{peak:10.0f}  {times}", flush=True)


def _medians(measured: list[dict[str, float]]) -> tuple[float, float]:
    """Wall time, and processor time of the process alone, which other work on the machine moves less."""
    return statistics.median(m["seconds"] for m in measured), statistics.median(m["cpu"] for m in measured)


def measure(way: str, path: Path) -> None:
    """Do one import in this process, or make the tables ready, and print time and peak as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    # What is given is kept; the bench's files are not for the site.
    settings.IMPORT_DIR = Path(os.environ["BENCH_FOLDER"], "imports")
    settings.LOCK_DIR = Path(os.environ["BENCH_FOLDER"], "locks")
    if way == "prepare":
        call_command("migrate", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
        return
    from bench import floor

    start, busy = time.perf_counter(), time.process_time()
    if way == "floor":
        floor.run(path)
    else:
        call_command("import_archive", str(path), json=True, stdout=io.StringIO(), stderr=io.StringIO())
    seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mib": peak}))


def _measured(database: str, way: str, path: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as folder:
        # DEBUG off: with it on Django keeps every statement.
        env = os.environ | {"BENCH_FOLDER": folder, "DEBUG": "0", "SECRET_KEY": "bench-" * 10 + "only"}
        env |= {"ALLOWED_HOSTS": "localhost", "SITE_URL": "https://bench.example"}
        if database == "sqlite":
            env["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        command = [sys.executable, "-m", "bench.import_wxr", "--file", str(path), "--measure"]
        subprocess.run([*command, "prepare"], env=env, cwd=TOP, check=True)
        done = subprocess.run([*command, way], env=env, cwd=TOP, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--posts", type=int, default=0, help="a twentieth of the comments")
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--file", default="", help=argparse.SUPPRESS)
    parser.add_argument("--measure", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
