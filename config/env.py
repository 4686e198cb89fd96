"""Typed readers of environment values; nonsense is refused at start with one sentence."""

import os
import re
import warnings
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
DATABASES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
}
_HOST = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]|\*")


def flag(name: str, *, default: bool) -> bool:
    """A yes-or-no value. Raises ImproperlyConfigured for anything that is neither."""
    raw = os.environ.get(name, "").strip().lower()
    if not raw:
        return default
    if raw in TRUE | FALSE:
        return raw in TRUE
    raise ImproperlyConfigured(
        f"{name} must be one of true, false, 1, 0, yes, no, on or off, not “{_shown(raw)}”."
    )


def hosts(name: str, *, default: list[str]) -> list[str]:
    """A comma-separated list of host names, as Django's ALLOWED_HOSTS takes them.

    Raises ImproperlyConfigured for one that no request could match.
    """
    names = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    for host in names:
        if not _HOST.fullmatch(host):
            raise ImproperlyConfigured(
                f"{name} takes host names without scheme, port or path, not “{_shown(host)}”."
            )
    return names or default


def secret(name: str, *, default: str | None) -> str:
    """A random secret of at least 50 characters; `default` None means that it has to be set.

    The rule is that of Django's own check security.W009, which nothing runs when the site starts.
    """
    raw = os.environ.get(name, "")
    if not raw and default is not None:
        return default
    if len(raw) < 50 or len(set(raw)) < 5 or raw.startswith("django-insecure-"):
        raise ImproperlyConfigured(f"{name} must be set to a random text of at least 50 characters.")
    return raw


def site_of(hosts: list[str]) -> str:
    """The site's address where nobody has said it: https at the first host name that is one, else ""."""
    named = [host for host in hosts if host != "*" and not host.startswith((".", "[", "127.", "localhost"))]
    return f"https://{named[0]}" if named else ""


def site_url(name: str, *, default: str) -> str:
    """The site's own address, scheme and host only, without a trailing slash."""
    raw = os.environ.get(name, "").strip().rstrip("/") or default
    parts = _address(raw, {"http", "https"})
    if raw and (parts is None or parts.username or raw != f"{parts.scheme}://{parts.netloc}"):
        raise ImproperlyConfigured(f"{name} must look like https://forum.example.org, not “{_shown(raw)}”.")
    return raw


def database(name: str, *, default: str) -> dict:
    """Django's settings for the database at an address `sqlite:///path` or `postgres://…`."""
    raw = os.environ.get(name, "").strip() or default
    sqlite_path = raw.partition("sqlite:///")[2].strip()
    if not sqlite_path and _address(raw, {"postgres", "postgresql"}) is None:
        raise _no_database(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = Env.db_url_config(raw) or {}
    if config.get("ENGINE") not in DATABASES or not config.get("NAME"):
        raise _no_database(name)
    if config["ENGINE"].endswith("sqlite3"):
        return config | {"OPTIONS": SQLITE_OPTIONS}
    # Compiling a statement takes PostgreSQL longer than any of ours runs; what an address says comes first.
    options = {"options": "-c jit=off"} | config.get("OPTIONS", {})
    return config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def number(name: str, *, default: int) -> int:
    """A whole number from 0 to 9. Raises ImproperlyConfigured for anything else."""
    raw = os.environ.get(name, "").strip()
    if raw and not re.fullmatch("[0-9]", raw):
        raise ImproperlyConfigured(f"{name} must be a number from 0 to 9, not “{_shown(raw)}”.")
    return int(raw) if raw else default


def cache(name: str, *, table: str = "afterword_cache") -> dict:
    """Django's settings for the cache at an address such as `redis://host/0`; a table when unset.

    Limits on sign-in live in it, so it is one for all processes. Django's own limit of 300 entries
    would let somebody push out the counts that stand against them.
    """
    raw = os.environ.get(name, "").strip()
    if not raw:
        backend = "django.core.cache.backends.db.DatabaseCache"
        return {"BACKEND": backend, "LOCATION": table, "OPTIONS": {"MAX_ENTRIES": 200_000}}
    if _address(raw, {"redis", "rediss"}) is None:
        raise ImproperlyConfigured(f"{name} must look like redis://cache.example.org:6379/0.")
    return Env.cache_url_config(raw)


def email(name: str) -> dict:
    """Django's EMAIL_… settings for an address such as `smtp://user:password@host:587`."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return Env.email_url_config("consolemail://")
    if _address(raw, {"smtp", "smtp+tls", "smtp+ssl"}) is None:
        raise ImproperlyConfigured(f"{name} must look like smtp://user:password@mail.example.org:587.")
    return Env.email_url_config(raw)


def sender(name: str, *, site: str) -> str:
    """The address that letters come from; `noreply@` and the site's host when unset."""
    raw = os.environ.get(name, "").strip() or f"noreply@{urlsplit(site).hostname or 'localhost'}"
    if not re.fullmatch(r"[^@\s<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,253}", raw):
        raise ImproperlyConfigured(f"{name} must be one e-mail address, not “{_shown(raw)}”.")
    return raw


def service(name: str) -> str:
    """The web address of a service outside, "" when none is to be asked, which is the rule."""
    raw = os.environ.get(name, "").strip()
    if raw and _address(raw, {"http", "https"}) is None:
        raise ImproperlyConfigured(f"{name} must look like https://spam.example.org/judge, or be empty.")
    return raw


def _address(raw: str, schemes: set[str]) -> SplitResult | None:
    """The parts of an address of one of these schemes with a possible host and port, else None."""
    try:
        parts = urlsplit(raw)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return None
    bracketed = f"[{host}]" if ":" in host else host
    possible = bool(_HOST.fullmatch(bracketed)) and host != "*" and not host.startswith(".")
    return parts if parts.scheme in schemes and possible else None


def _no_database(name: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} must begin with sqlite:/// or postgres:// and name a database.")


def _shown(raw: str) -> str:
    return " ".join(raw.split())[:60]
