"""The environment: good values are read, and nonsense is refused at start with one sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

SQLITE, POSTGRES = "django.db.backends.sqlite3", "django.db.backends.postgresql"
RANDOM = "kX9-vQ2_rT7mB4zN8cL1pW6sD3fG5hJ0yU-aE_iOqRtYvBnMxZ"


@pytest.fixture
def given(monkeypatch):
    """Sets the variable GIVEN."""
    return lambda value: monkeypatch.setenv("GIVEN", value)


@pytest.fixture(autouse=True)
def _unset(monkeypatch):
    monkeypatch.delenv("GIVEN", raising=False)


def refused(read, **options) -> None:
    """Fails unless the reader refuses with one sentence that names the variable."""
    with pytest.raises(ImproperlyConfigured) as refusal:
        read("GIVEN", **options)
    message = str(refusal.value)
    assert message.startswith("GIVEN ")
    assert message.endswith(".")
    assert "\n" not in message
    assert ". " not in message


@pytest.mark.parametrize("value", ["1", "true", "TRUE", "Yes", "on", " on "])
def test_flag_reads_yes(given, value):
    given(value)
    assert env.flag("GIVEN", default=False) is True


@pytest.mark.parametrize("value", ["0", "false", "False", "no", "OFF"])
def test_flag_reads_no(given, value):
    given(value)
    assert env.flag("GIVEN", default=True) is False


@pytest.mark.parametrize("default", [True, False])
def test_flag_has_a_default_when_unset_or_empty(given, default):
    assert env.flag("GIVEN", default=default) is default
    given("  ")
    assert env.flag("GIVEN", default=default) is default


@pytest.mark.parametrize("value", ["2", "maybe", "t", "truee", "-1", "[]", "maybe\nnot"])
def test_flag_refuses_what_is_neither(given, value):
    given(value)
    refused(env.flag, default=False)


def test_hosts_are_split_at_commas(given):
    given("forum.example, www.forum.example ,,.blog.example,[::1],127.0.0.1")
    expected = ["forum.example", "www.forum.example", ".blog.example", "[::1]", "127.0.0.1"]
    assert env.hosts("GIVEN", default=[]) == expected


@pytest.mark.parametrize("value", ["", " ", ","])
def test_hosts_have_a_default(given, value):
    given(value)
    assert env.hosts("GIVEN", default=["localhost"]) == ["localhost"]


@pytest.mark.parametrize(
    "value",
    ["https://forum.example", "forum.example/", "forum.example www.forum.example", "good.example,http://bad"],
)
def test_hosts_refuse_schemes_paths_and_spaces(given, value):
    given(value)
    refused(env.hosts, default=[])


@pytest.mark.parametrize(
    "value", ["forum.example:8000", "a;b", "user@forum.example", "a\tb", "https:forum.example"]
)
def test_hosts_refuse_what_no_request_could_match(given, value):
    given(value)
    refused(env.hosts, default=[])


def test_secret_is_read_as_it_is(given):
    given(RANDOM)
    assert env.secret("GIVEN", default=None) == RANDOM


def test_secret_has_a_default_only_where_one_is_given(given):
    assert env.secret("GIVEN", default="for development") == "for development"
    refused(env.secret, default=None)
    given("")
    refused(env.secret, default=None)


def test_short_secret_is_refused_even_where_there_is_a_default(given):
    given("x" * 49)
    refused(env.secret, default="for development")


@pytest.mark.parametrize("value", ["a" * 50, " " * 60, "ab" * 30, "django-insecure-" + RANDOM])
def test_secret_that_is_not_random_is_refused(given, value):
    """As Django's own check says it, which nothing runs when the site starts."""
    given(value)
    refused(env.secret, default=None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ""),
        ("https://forum.example", "https://forum.example"),
        ("https://forum.example/", "https://forum.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        (" https://[::1]:8000 ", "https://[::1]:8000"),
    ],
)
def test_site_url_is_scheme_and_host(given, value, expected):
    given(value)
    assert env.site_url("GIVEN", default="") == expected


@pytest.mark.parametrize(
    "value",
    [
        *("forum.example", "ftp://forum.example", "//forum.example", "https://", "https:forum.example"),
        *("https://forum.example/blog", "https://forum.example?x=1", "javascript://forum.example"),
    ],
)
def test_site_url_refuses_anything_else(given, value):
    given(value)
    refused(env.site_url, default="")


@pytest.mark.parametrize(
    "value",
    [
        *("https://[forum", "https://forum.example:x", "https://forum.example:99999", "https://:443"),
        *("https://forum.example#top", "https://user:secret@forum.example", "https://forum example"),
        *("https://*", "https://forum.example\\"),
    ],
)
def test_site_url_refuses_hosts_that_cannot_be(given, value):
    given(value)
    refused(env.site_url, default="")


@pytest.mark.parametrize(
    ("value", "name"),
    [("sqlite:///var/a.sqlite3", "var/a.sqlite3"), ("sqlite:////srv/a.sqlite3", "/srv/a.sqlite3")],
)
def test_sqlite_takes_its_lock_when_a_transaction_begins(given, value, name):
    given(value)
    config = env.database("GIVEN", default="")
    assert (config["ENGINE"], config["NAME"]) == (SQLITE, name)
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgres_is_read_with_user_host_and_port(given, scheme):
    given(f"{scheme}://ann:p%40ss@db.example:5433/afterword")
    config = env.database("GIVEN", default="")
    assert (config["ENGINE"], config["NAME"]) == (POSTGRES, "afterword")
    assert (config["USER"], config["PASSWORD"]) == ("ann", "p@ss")
    assert (config["HOST"], config["PORT"]) == ("db.example", 5433)
    assert config["CONN_HEALTH_CHECKS"]


def test_postgres_compiles_no_statements_unless_the_address_says_otherwise(given):
    given("postgres://ann:p@db.example.org/forum")
    assert env.database("GIVEN", default="")["OPTIONS"]["options"] == "-c jit=off"
    given("postgres://ann:p@db.example.org/forum?options=-c%20jit%3Don")
    assert env.database("GIVEN", default="")["OPTIONS"]["options"] == "-c jit=on"


def test_database_has_a_default(given):
    assert env.database("GIVEN", default="sqlite:///a.sqlite3")["NAME"] == "a.sqlite3"


@pytest.mark.parametrize(
    "value",
    [
        *("nonsense", "a.sqlite3", "mysql://h/db", "postgis://h/db", "sqlite3:///a", "://", "http://h/db"),
        *("postgres://", "postgres://h", "postgres://h/", "postgres://ann:p@h:5432/"),
    ],
)
def test_database_refuses_other_systems_and_a_missing_name(given, value):
    given(value)
    refused(env.database, default="sqlite:///a.sqlite3")


@pytest.mark.parametrize("value", ["sqlite://", "sqlite:///", "sqlite:///  "])
def test_database_without_a_name_is_not_taken_for_one_in_memory(given, value):
    given(value)
    refused(env.database, default="sqlite:///a.sqlite3")


@pytest.mark.parametrize("value", ["postgres://h:x/db", "postgres://h:99999/db", "postgres://[h/db"])
def test_database_refuses_a_port_or_host_that_cannot_be(given, value):
    given(value)
    refused(env.database, default="sqlite:///a.sqlite3")


def test_cache_is_a_table_that_all_processes_share_when_unset(given):
    assert env.cache("GIVEN")["BACKEND"].endswith("DatabaseCache")


@pytest.mark.parametrize("value", ["0", "1", " 2 "])
def test_number_is_taken(given, value):
    given(value)
    assert env.number("GIVEN", default=7) == int(value)


@pytest.mark.parametrize("value", ["-1", "ten", "1.5", "100", "²"])
def test_number_refuses_nonsense(given, value):
    given(value)
    refused(lambda name: env.number(name, default=0))


@pytest.mark.parametrize("value", ["redis://cache.example:6379/0", "rediss://:secret@cache.example/1"])
def test_cache_is_redis(given, value):
    given(value)
    assert env.cache("GIVEN") == {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": value}


@pytest.mark.parametrize("value", ["nonsense", "locmem://", "memcached://h:11211", "http://h", "://"])
def test_cache_refuses_other_systems(given, value):
    given(value)
    refused(env.cache)


@pytest.mark.parametrize("value", ["redis://", "redis:h", "redis://[", "redis://h:x/0", "redis://h:99999/0"])
def test_cache_refuses_a_host_or_port_that_cannot_be(given, value):
    given(value)
    refused(env.cache)


def test_mail_goes_to_the_console_when_unset(given):
    assert env.email("GIVEN")["EMAIL_BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize(
    ("value", "tls", "ssl"),
    [
        ("smtp://ann:p%40ss@mail.example:587", False, False),
        ("smtp+tls://ann:p%40ss@mail.example:587", True, False),
        ("smtp+ssl://ann:p%40ss@mail.example:587", False, True),
    ],
)
def test_mail_is_read_with_user_host_and_port(given, value, tls, ssl):
    given(value)
    config = env.email("GIVEN")
    assert config["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert (config["EMAIL_HOST"], config["EMAIL_PORT"]) == ("mail.example", 587)
    assert (config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"]) == ("ann", "p@ss")
    assert (config.get("EMAIL_USE_TLS", False), config.get("EMAIL_USE_SSL", False)) == (tls, ssl)


@pytest.mark.parametrize(
    "value", ["nonsense", "mail.example:25", "http://h", "smtp://h:x", "smtp://h:99999", "smtp://[", "://"]
)
def test_mail_refuses_anything_else(given, value):
    given(value)
    refused(env.email)


@pytest.mark.parametrize("value", ["smtp://", "smtp:h", "smtp://:587"])
def test_mail_refuses_a_server_without_host(given, value):
    given(value)
    refused(env.email)


@pytest.mark.parametrize("read", [env.cache, env.email])
def test_refusal_does_not_print_a_password(given, read):
    given("nonsense://ann:secret-word@h:99999/")
    with pytest.raises(ImproperlyConfigured) as refusal:
        read("GIVEN")
    assert "secret-word" not in str(refusal.value)
