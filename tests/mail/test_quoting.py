"""A letter's text: what was answered in bounds, lines wrapped at words, links whole."""

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from forum.mail.quoting import plain, quoted, shortened, wrapped

LINK = "https://forum.example/2011/06/14/a-very-long-path/that-goes-on/?and=on&on=" + "x" * 60


def test_what_was_answered_stands_behind_marks():
    assert quoted("One line.\n\nAnother.") == "> One line.\n>\n> Another."
    assert quoted("> Older words.\nNewer words.") == "> > Older words.\n> Newer words."


def test_quote_has_bounds_and_says_when_it_is_cut():
    rows = quoted("\n".join(f"line {n}" for n in range(50))).split("\n")
    assert (len(rows), rows[11], rows[12]) == (13, "> line 11", "> […]")
    assert quoted("word " * 1000).endswith("\n> […]")
    assert quoted("word " * 1000).count("[…]") == 1
    assert len(quoted("x" * 1_000_000)) < 2100
    assert "[…]" not in quoted("Short.\n")


def test_links_are_never_broken():
    assert LINK in wrapped(f"Read it here, and take your time while you do: {LINK} and answer.").split("\n")
    assert f"> {LINK}" in quoted(f"Read it here, and take your time while you do: {LINK} and more.").split(
        "\n"
    )
    assert LINK[:40] not in shortened(f"{'word ' * 10}{LINK}", 100)


def test_long_lines_are_wrapped_at_words_and_short_and_quoted_ones_stay():
    text = "word " * 40
    assert max(map(len, wrapped(text).split("\n"))) <= 72
    assert wrapped(text).split() == text.split()
    assert wrapped("  indented\n\nnext") == "  indented\n\nnext"
    assert wrapped("> " + text) == "> " + text.rstrip()
    assert wrapped(textwrap.dedent(" ")) == ""


def test_plain_text_has_no_control_characters_and_one_kind_of_line_end():
    assert plain("a\r\nb\rc\u2028d\x85e\x00\x1b[2J\x7f\ud800\tf") == "a\nb\nc\nd\ne[2J\tf"
    assert plain("ﷺ שלום 🏳️‍🌈") == "ﷺ שלום 🏳️‍🌈"


@given(st.text())
def test_whatever_is_quoted_only_quoted_lines_come_out(text):
    rows = quoted(text).split("\n")
    assert all(row.startswith(">") for row in rows)
    assert len(rows) <= 13
    assert len("".join(rows)) < 2200
    assert plain("\n".join(rows)) == "\n".join(rows)
