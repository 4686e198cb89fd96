"""One measurement on each database: in a process of its own, on a database of its own that goes with it."""

import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent


def on_each(module: str, said: Namespace) -> int:
    """Run a module again with `--here` for each of `said.databases`, its other options as they were given.

    The largest exit code of these runs.
    """
    sizes = {name: value for name, value in vars(said).items() if name not in {"databases", "here"}}
    options = [word for name, value in sizes.items() for word in (f"--{name}", str(value))]
    codes = []
    for database in said.databases:
        server = [] if database == "sqlite" else [sys.executable, str(TOP / "tests/with_postgres.py")]
        again = [sys.executable, "-m", module, "--here", "--databases", database, *options]
        codes.append(subprocess.run([*server, *again], cwd=TOP, check=False).returncode)
    return max(codes)


@contextmanager
def prepared(database: str) -> Iterator[None]:
    """Django set up on a migrated database; PostgreSQL's is the one that the environment names."""
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as folder:
        os.environ |= {"DEBUG": "0", "SECRET_KEY": "bench-" * 10 + "only", "BENCH_FOLDER": folder}
        os.environ |= {"ALLOWED_HOSTS": "testserver", "SITE_URL": "https://bench.example"}
        os.environ |= {"REQUIRE_SECOND_FACTOR": "0", "DJANGO_SETTINGS_MODULE": "bench.settings"}
        if database == "sqlite":
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder, 'bench.sqlite3')}"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
