"""Make sure that Chromium is there for the browser tests; install it with apt when we may."""

import os
import shutil
import subprocess
import sys


def main() -> int:
    """0 when Chromium is there or its absence may be skipped, 1 where CI=true and it is missing."""
    if not shutil.which("chromium") and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = ["chromium", "fonts-liberation"]
        subprocess.run(["apt-get", "update", "-q"], check=False, stdout=subprocess.DEVNULL)
        install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
        subprocess.run(install, check=False, stdout=subprocess.DEVNULL)
    if shutil.which("chromium"):
        return 0
    print("No Chromium here and none could be installed; the browser tests cannot run.")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
