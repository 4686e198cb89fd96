"""The limit of a network holds for all processes: five replies at once, counted in the database."""

import pytest
from django.core.cache import caches
from django.test import Client

from forum.posting import limits_rates
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from tests.make import make_article, send_reply
from tests.posting.test_double_post import in_thread, shared, together  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared")]


@pytest.fixture(autouse=True)
def _cache_of_the_site(settings):
    """The cache that stands without CACHE_URL: a table of the database."""
    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "afterword_cache"}}
    in_thread(lambda: caches["default"].clear())
    yield
    in_thread(lambda: caches["default"].clear())


def five_at_once() -> list[int]:
    """The answers to five replies of one network to five articles, of which two may come in an hour."""

    def prepared():
        SitePolicy.objects.create(pk=1, network_per_hour=2)
        return [make_article() for _n in range(5)]

    articles = in_thread(prepared)
    home = {"REMOTE_ADDR": "198.51.100.77"}
    return sorted(together([lambda a=a: send_reply(Client(**home), a).status_code for a in articles]))


def test_of_five_at_once_two_are_taken_and_three_wait():
    assert five_at_once() == [303, 303, 429, 429, 429]
    assert in_thread(Comment.objects.count) == 2


def test_control_without_the_count_five_are_taken(monkeypatch):
    monkeypatch.setattr(limits_rates, "count_reply", lambda *args: None)
    assert five_at_once() == [303] * 5
