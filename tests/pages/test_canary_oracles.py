"""Figure LK3: nothing that a visitor may ask tells two sites apart that differ in what is private only."""

import pytest
from django.http import HttpResponse
from django.urls import path

from forum.threads.models import Comment, Private
from tests.pages.canaries import ASKED, Site, crawl, private_part, public_part, steady
from tests.rules.test_gates import _plant

pytestmark = pytest.mark.django_db
MORE = ("?email=kim@example.org", "?page=99", "?page=x", "?sort=email&ip=203.0.113.77", "?month=2026-10")


@pytest.fixture
def site(db) -> Site:
    """What everybody may read, and nothing else."""
    return public_part()


def answers(site: Site, client, asked: tuple[str, ...] = (*ASKED, *MORE)) -> dict[str, str]:
    """What a visitor is told, but for what no two visits have in common."""
    return steady(crawl(client, site.addresses(asked)))


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The addresses of the second that the first answers otherwise."""
    return [address for address in other if one[address] != other[address]]


def test_figure_lk3_the_same_for_a_visitor_with_and_without_all_that_is_private(site, stranger, mod):
    batch, before = site.batch, answers(site, stranger)
    private_part(site, mod.user)
    site.batch = batch
    assert Comment.objects.count() > 8
    with_it = answers(site, stranger)
    Private.objects.update(email="other@elsewhere.example", ip="198.51.100.4", user_agent="Other/2.0")
    Comment.objects.filter(state="held").update(state="rejected", name_shown="Another", body_source="Others.")
    with_others = answers(site, stranger, ASKED[:1])
    assert different(before, with_it) == []
    assert different(with_it, with_others) == []


def test_figure_lk3_control_one_view_that_counts_too_much_is_found(site, stranger, mod, settings):
    _plant(settings, path("comments/count/", lambda request: HttpResponse(str(Comment.objects.count()))))
    batch, before = site.batch, answers(site, stranger, ())
    private_part(site, mod.user)
    site.batch = batch
    assert different(before, answers(site, stranger, ())) == ["/comments/count/"]
