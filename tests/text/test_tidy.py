"""What no page can hold goes, and nothing else; names fit on one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.text.tidy import one_line, plain

anything = st.text(st.characters(), max_size=200)
FAMILY = "\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\r\r\nb", "a\n\nb"),
        ("a\0b\x07c\x7fd\x85e", "abcde"),
        ("a\x0bb\x0cc", "abc"),
        ("a\ud800b\udfff", "ab"),
        ("a\tb  c\n", "a\tb  c\n"),
        (f"<b>&amp; ü 漢 {FAMILY}\u202e\u200b", f"<b>&amp; ü 漢 {FAMILY}\u202e\u200b"),
        ("", ""),
    ],
)
def test_plain_takes_out_controls_and_surrogates_only(text, expected):
    assert plain(text) == expected


@given(anything)
def test_plain_text_can_be_stored_and_stays_as_it_is(text):
    once = plain(text)
    assert plain(once) == once
    assert once.encode().decode() == once
    assert not {"\0", "\r"} & set(once)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Ann \n of\tthe  hill ", "Ann of the hill"),
        ("Ann\u202e nnA\u200b\ufeff\u00ad", "Ann nnA"),
        ("A\ue000nn\ud800", "Ann"),
        (FAMILY, FAMILY),
        ("José 漢字 Åsa", "José 漢字 Åsa"),
        ("\u200b\u2060\n", ""),
        ("<b>Ann</b>", "<b>Ann</b>"),
    ],
)
def test_one_line_is_a_name_without_anything_invisible(text, expected):
    assert one_line(text, 80) == expected


def test_one_line_is_cut_and_ends_in_no_space():
    assert one_line("Ann of the hill", 4) == "Ann"
    assert one_line("a" * 100, 80) == "a" * 80


@given(anything, st.integers(min_value=0, max_value=100))
def test_one_line_always_fits_and_stays_as_it_is(text, limit):
    once = one_line(text, limit)
    assert len(once) <= limit
    assert len(once.splitlines()) <= 1
    assert one_line(once, limit) == once


@pytest.mark.parametrize("name", ["\u200d", "\u200dAnn", "An\u200dn"])
def test_joiner_stays_only_inside_of_a_picture(name):
    """Between letters it is invisible, and makes one name look like another (figure U1)."""
    assert one_line(name, 80) == name.replace("\u200d", "")
