"""The words of cleaned HTML, as somebody reads them."""

import pytest

from forum.text.clean import clean_html
from forum.text.words import of_html


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("one viagra<br>two", "one viagra\ntwo"),
        ("<p>buy viagra</p><p>Now</p>", "buy viagra\nNow"),
        ("<p>buy</p>\n<ul><li>one</li> <li>two</li></ul>", "buy\none\ntwo"),
        ("first<blockquote>second</blockquote>third", "first\nsecond\nthird"),
        ("<p>via<b>gra</b> and <em>via</em>gra</p>", "viagra and viagra"),
        ('<p>via<abbr title="a > b <p>">gra</abbr></p>', "viagra"),
        (
            "a &lt;br&gt; b &amp;lt; c, p&lt;0.05 and 3 &lt; 4&nbsp;mg",
            "a <br> b &lt; c, p<0.05 and 3 < 4\xa0mg",
        ),
        ("no markup & no harm", "no markup & no harm"),
        ('<a href="https://a.example/?b=1&amp;c=2">here</a>.', "here.\nhttps://a.example/?b=1&c=2"),
        ('<a href="https://a.example/long">https://a.example/…</a>', "https://a.example/…"),
        ('<a href="https://a.example/"><b>www.a.example</b></a>', "www.a.example"),
        ('via<a href="https://a.example/">gra</a>', "viagra\nhttps://a.example/"),
        ("", ""),
    ],
)
def test_blocks_end_lines_other_tags_are_nothing_and_hidden_addresses_stand_below(html, words):
    assert of_html(html) == words


def test_control_it_reads_what_cleaning_makes_of_other_tags():
    typed = '<DIV>buy viagra</DIV>Now<font size="7">!</font><br />3 < 4 <a name="x">there</a>'
    assert of_html(clean_html(typed)) == "buy viagra\nNow!\n3 < 4 there"


def test_much_markup_takes_no_time_that_grows_faster_than_it():
    for html in ("<p>" * 20_000, '<a href="' * 5_000, "<br>\n" * 20_000 + "x", "<p title='" * 10_000):
        assert isinstance(of_html(html), str)
