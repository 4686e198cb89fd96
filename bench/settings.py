"""The site as it is served, without the move to https that needs a web server in front."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403

SECURE_SSL_REDIRECT = False
IMPORT_DIR = Path(os.environ["BENCH_FOLDER"], "imports")
LOCK_DIR = Path(os.environ["BENCH_FOLDER"], "locks")
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
