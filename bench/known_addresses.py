"""Measures whether the time of an answer betrays which addresses have an account (figure A2).

    python -m bench.known_addresses [--pairs N]

Sign-in, password reset and sign-up are asked for an address that is known and for one that is not, in
turn, each from a network of its own. Printed are the medians, their difference, and the p of a rank test
(Mann and Whitney, normal approximation): below 0.01 somebody could tell them apart.
"""

import argparse
import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.core.management import call_command

PASSWORD = "a-good-pass-77"  # noqa: S105


def main() -> None:
    """Make the accounts, ask, print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", type=int, default=100)
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as folder:
        os.environ |= {"DEBUG": "0", "SECRET_KEY": "bench-" * 10 + "only", "BENCH_FOLDER": folder}
        os.environ |= {"ALLOWED_HOSTS": "testserver", "SITE_URL": "https://bench.example"}
        os.environ |= {"DATABASE_URL": f"sqlite:///{Path(folder, 'bench.sqlite3')}"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        _make_accounts(pairs)
        print(f"{'page':16}{'known':>10}{'unknown':>10}{'difference':>12}{'p':>8}  (ms, {pairs} pairs)")
        for name, fields in PAGES.items():
            _compare(name, fields, pairs)


def _login(address: str) -> dict[str, str]:
    return {"login": address, "password": "a-wrong-pass-77"}


def _reset(address: str) -> dict[str, str]:
    return {"email": address}


def _signup(address: str) -> dict[str, str]:
    return {"username": f"n{time.monotonic_ns()}", "email": address, "password1": PASSWORD}


PAGES: dict[str, Callable[[str], dict[str, str]]] = {
    "login/": _login,
    "password/reset/": _reset,
    "signup/": _signup,
}


def _make_accounts(count: int) -> None:
    from django.contrib.auth.hashers import make_password

    from forum.accounts import writing
    from forum.accounts.models import User

    hashed = make_password(PASSWORD)
    for n in range(count):
        user = User.objects.create(username=f"k{n}", email=f"known{n}@bench.example", password=hashed)
        writing.name_author(user)
        writing.verify_address(user)


def _compare(page: str, fields: Callable[[str], dict[str, str]], pairs: int) -> None:
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for n in range(pairs):
        for kind in ("known", "unknown") if n % 2 else ("unknown", "known"):
            times[kind].append(_asked(page, fields(f"{kind}{n}@bench.example"), n))
    one, other = statistics.median(times["known"]), statistics.median(times["unknown"])
    p = _rank_test(times["known"], times["unknown"])
    print(f"{page:16}{one:10.1f}{other:10.1f}{one - other:12.1f}{p:8.3f}", flush=True)


def _asked(page: str, fields: dict[str, str], n: int) -> float:
    from django.test import Client

    client = Client(REMOTE_ADDR=f"10.{hash(page) % 250}.{n % 250}.{time.monotonic_ns() % 250}")
    begin = time.perf_counter()
    client.post(f"/accounts/{page}", fields)
    return 1000 * (time.perf_counter() - begin)


def _rank_test(one: list[float], other: list[float]) -> float:
    n, m = len(one), len(other)
    wins = sum((a > b) + (a == b) / 2 for a in one for b in other)
    z = (wins - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


if __name__ == "__main__":
    main()
