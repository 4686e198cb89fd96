"""How long something lasts and when it was, in words."""

import datetime

import pytest

from forum.text.moments import ago, lasting, span

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("seconds", "length", "moment"),
    [
        (-5, "less than a minute", "just now"),
        (0, "less than a minute", "just now"),
        (59, "less than a minute", "just now"),
        (60, "1 minute", "1 minute ago"),
        (7260, "2 hours, 1 minute", "2 hours, 1 minute ago"),
        (90_000, "1 day, 1 hour", "1 day, 1 hour ago"),
    ],
)
def test_what_has_just_been_is_told_without_zero_minutes(seconds, length, moment):
    then = NOON - datetime.timedelta(seconds=seconds)
    assert lasting(then, NOON).replace("\xa0", " ") == length
    assert ago(then, NOON).replace("\xa0", " ") == moment


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "none"),
        (0, "0 minutes"),
        (61, "1 minute"),
        (7200, "2 hours"),
        (90_000, "25 hours"),
        (260_000, "3 days"),
    ],
)
def test_a_wait_is_told_in_words(seconds, words):
    assert span(seconds) == words
