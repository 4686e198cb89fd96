"""Words without a sign of markup take a short way through the cleaner, and come out the same."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.text import clean
from forum.text.clean import clean_html
from forum.text.tidy import plain

TEXTS = st.text(st.characters(exclude_characters="<>&\xa0"), max_size=30)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.lists(TEXTS, min_size=1, max_size=3), max_size=3),
    st.sampled_from(["<br>", "<br/>", "<br />"]),
)
@example([["a\x00\r\nb", "\ufffe\ufdd0 \U0001fffe"]], "<br/>")
@example([[" ", "\t"], [""]], "<br>")
def test_paragraphs_of_plain_words_are_as_the_full_cleaning_leaves_them(paragraphs, line_break):
    html = "\n".join(f"<p>{line_break.join(lines)}</p>" for lines in paragraphs)
    assert clean._PARAGRAPHS.fullmatch(plain(html))
    assert clean_html(html) == clean._cleaned(plain(html))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
@example("\ufeff")
@example("\ufeff\ufeffx")
def test_words_without_any_markup_are_as_the_full_cleaning_leaves_them(words):
    assert clean_html(words) == clean._cleaned(plain(words))


@pytest.mark.parametrize(
    "html", ["<p>a < b</p>", "<p>x<p>y</p>", "<p>&amp;</p>", "\xa0", "<b>x</b>", "<p onclick=x>y</p>"]
)
def test_control_whatever_else_is_cleaned_in_full(html):
    assert not clean._PARAGRAPHS.fullmatch(html)
