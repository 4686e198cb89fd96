"""The first words of a text: on one line, never longer than allowed, cut between words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.text.excerpt import excerpt


@pytest.mark.parametrize("text", ["", "Short.", "x" * 140])
def test_what_fits_stays_whole(text):
    assert excerpt(text) == text


def test_line_ends_and_spaces_become_one_space():
    assert excerpt("  one\n\n two\tthree ") == "one two three"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (18, "A stick is a…"),
        (20, "A stick is a third…"),
        (12, "A stick is…"),
    ],
)
def test_cut_is_between_words(limit, expected):
    assert excerpt("A stick is a third leg.", limit) == expected


def test_no_comma_stands_before_the_ellipsis():
    assert excerpt("one, two, three, four", 11) == "one, two…"


def test_one_long_word_is_cut_within():
    assert excerpt("x" * 200, 20) == "x" * 19 + "…"


def test_long_word_after_a_short_one_is_cut_within_and_not_lost():
    assert excerpt("see " + "x" * 200, 40) == "see " + "x" * 35 + "…"


@given(st.text(max_size=400), st.integers(min_value=2, max_value=200))
def test_excerpt_always_fits_on_one_line(text, limit):
    short = excerpt(text, limit)
    assert len(short) <= limit
    assert short == " ".join(short.split())
    assert short.endswith("…") or short == " ".join(text.split())
