"""The answer to whoever asks about an address leaves at a fixed moment."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from forum.accounts import evenness


@pytest.fixture
def slept(monkeypatch, settings):
    """The waits that were made, on a clock that stands still but for them."""
    waits, clock = [], [0.0]

    def sleep(seconds):
        waits.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(evenness.time, "sleep", sleep)
    monkeypatch.setattr(evenness.time, "monotonic", lambda: clock[0])
    settings.EVEN_ANSWERS = 0.2
    return waits, clock


@pytest.mark.parametrize("work", [0.0, 0.004, 0.2])
def test_figure_a2_quick_and_slow_work_end_at_the_same_moment(slept, work):
    waits, clock = slept

    def view(request):
        clock[0] += work
        return HttpResponse("same")

    assert evenness.evened(view)(RequestFactory().post("/")).content == b"same"
    assert clock[0] == pytest.approx(0.2)


def test_a_page_that_is_only_looked_at_does_not_wait(slept):
    evenness.evened(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert slept[0] == []


def test_reset_and_code_are_evened():
    from django.urls import resolve

    for path in ("/accounts/password/reset/", "/accounts/login/code/"):
        assert resolve(path).func.__code__.co_name == "waiting"
