"""Make sure that Chromium and PostgreSQL are there for the tests; install them with apt when we may."""

import glob
import os
import shutil
import subprocess
import sys
from pathlib import Path


def chromium() -> str | None:
    """Where the browser is."""
    return shutil.which("chromium")


def postgres() -> Path | None:
    """The folder of initdb and pg_ctl, of the newest server that is installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl")) or filter(None, [shutil.which("pg_ctl")])
    return next((Path(path).parent for path in reversed(list(found))), None)


NEEDED = ((chromium, ["chromium", "fonts-liberation"]), (postgres, ["postgresql"]))


def main() -> int:
    """0 when both are there or may be missing, 1 where CI=true and one is missing."""
    wanted = [package for find, packages in NEEDED if not find() for package in packages]
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], check=False, stdout=subprocess.DEVNULL)
        install = ["apt-get", "install", "-y", "--no-install-recommends", *wanted]
        subprocess.run(install, check=False, stdout=subprocess.DEVNULL)
    missing = [packages[0] for find, packages in NEEDED if not find()]
    for name in missing:
        print(f"There is no {name} here and none could be installed; its tests cannot run.")
    return 1 if missing and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
