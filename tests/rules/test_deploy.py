"""As deployed: no warning of Django's, and a missing secret is one sentence."""

import os
import secrets
import subprocess
import sys

from django.conf import settings

from tests.rules.sources import PROJECT

# Not inherited from the tests' own environment, which also allows what a browser test needs.
OURS = {
    *("DEBUG", "SECRET_KEY", "DATABASE_URL", "CACHE_URL", "EMAIL_URL", "SITE_URL", "ALLOWED_HOSTS"),
    "DJANGO_ALLOW_ASYNC_UNSAFE",
}


def _check(**environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command,
        cwd=PROJECT,
        env=inherited | {"PYTHONPATH": str(PROJECT)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_deployed_site_passes_every_check():
    done = _check(SECRET_KEY=secrets.token_urlsafe(60))
    assert done.returncode == 0, done.stderr


def test_control_a_site_with_debug_on_fails_the_check():
    done = _check(DEBUG="1", SECRET_KEY=secrets.token_urlsafe(60))
    assert done.returncode == 1
    assert "security.W" in done.stderr


def test_missing_secret_is_refused_with_one_sentence():
    done = _check()
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert done.stderr.strip().splitlines() == [
        "SECRET_KEY must be set to a random text of at least 50 characters."
    ]


def test_no_check_is_silenced_but_the_one_for_preloading():
    assert settings.SILENCED_SYSTEM_CHECKS == ["security.W021"]
