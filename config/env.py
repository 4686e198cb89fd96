"""Typed readers of environment values; nonsense is refused at start with one sentence."""

import os
import warnings
from urllib.parse import urlsplit

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


def flag(name: str, *, default: bool) -> bool:
    """A yes-or-no value. Raises ImproperlyConfigured for anything that is neither."""
    raw = os.environ.get(name, "").strip().lower()
    if not raw:
        return default
    if raw in TRUE | FALSE:
        return raw in TRUE
    raise ImproperlyConfigured(f"{name} must be one of true, false, 1, 0, yes, no, on or off, not “{raw}”.")


def hosts(name: str, *, default: list[str]) -> list[str]:
    """A comma-separated list of host names. Raises ImproperlyConfigured for one with a scheme or path."""
    names = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    for host in names:
        if "/" in host or " " in host:
            raise ImproperlyConfigured(f"{name} takes host names without scheme or path, not “{host}”.")
    return names or default


def secret(name: str, *, default: str | None) -> str:
    """A secret of at least 50 characters; `default` None means that it has to be set."""
    raw = os.environ.get(name, "")
    if not raw and default is not None:
        return default
    if len(raw) < 50:
        raise ImproperlyConfigured(f"{name} must be set to a random text of at least 50 characters.")
    return raw


def site_url(name: str, *, default: str) -> str:
    """The site's own address, scheme and host only, without a trailing slash."""
    raw = os.environ.get(name, "").strip().rstrip("/") or default
    parts = urlsplit(raw)
    if raw and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query):
        raise ImproperlyConfigured(f"{name} must look like https://forum.example.org, not “{raw}”.")
    return raw


def database(name: str, *, default: str) -> dict:
    """Django's settings for the database at an address `sqlite:///path` or `postgres://…`."""
    raw = os.environ.get(name, "").strip() or default
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = Env.db_url_config(raw) or {}
    if config.get("ENGINE") not in DATABASES or not config.get("NAME"):
        raise ImproperlyConfigured(f"{name} must begin with sqlite:/// or postgres:// and name a database.")
    if config["ENGINE"].endswith("sqlite3"):
        return config | {"OPTIONS": SQLITE_OPTIONS}
    return config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def cache(name: str) -> dict:
    """Django's settings for the cache at an address such as `redis://host/0`; in memory when unset."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if urlsplit(raw).scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured(f"{name} must begin with redis:// or rediss://, not “{raw}”.")
    return Env.cache_url_config(raw)


def email(name: str) -> dict:
    """Django's EMAIL_… settings for an address such as `smtp://user:password@host:587`."""
    raw = os.environ.get(name, "").strip() or "consolemail://"
    try:
        return Env.email_url_config(raw)
    except (ImproperlyConfigured, ValueError):
        raise ImproperlyConfigured(
            f"{name} must look like smtp://user:password@mail.example.org:587."
        ) from None
