"""Start a throw-away PostgreSQL, run a command with DATABASE_URL pointing at it, and stop it again.

    python tests/with_postgres.py pytest -m db

Without a server (tests/packages.py installs it) the command is not run: exit 1 where CI=true, else a plain
note and exit 0.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from packages import postgres

OPTIONS = "-c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c max_connections=60"


def main(command: list[str]) -> int:
    """Run `command` against a fresh server and hand back its exit code."""
    programs = postgres()
    if programs is None:
        print("No PostgreSQL server here; its tests were not run.")
        return 1 if os.environ.get("CI") == "true" else 0
    folder = Path(tempfile.mkdtemp(prefix="afterword-pg-"))
    folder.chmod(0o711)
    try:
        return run_with_server(programs, folder, command)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_with_server(programs: Path, folder: Path, command: list[str]) -> int:
    """Make a cluster in `folder`, start it on a free port, run, stop."""
    data, port = folder / "data", free_port()
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_owner:
        shutil.chown(folder, "postgres")
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(
        [*as_owner, programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"], **quiet
    )
    control = [*as_owner, programs / "pg_ctl", "-D", data, "-w", "-s"]
    options = f"-p {port} -k {folder} {OPTIONS}"
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **quiet)
    try:
        address = f"postgres://postgres@127.0.0.1:{port}/postgres"
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": address}, check=False).returncode
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **(quiet | {"check": False}))


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
