"""Source text to HTML: paragraphs, bullets, links, and never an exception (figure X6 in small)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.text.render import HTML, TEXT, render
from tests.text.oracle import REL, faults, links, visible

KB64 = 65_536
LADDER = {
    "a": "a" * KB64,
    "less-than": "<" * KB64,
    "ampersand": "&" * KB64,
    "quote": '"' * KB64,
    "nested b": "<b>" * 20_000,
    "nested quotes": "<blockquote>" * 5_000,
    "crossed": "<i><b></i>" * 6_500,
    "lists": "<ul><li>" * 2_000,
    "open tags": "<a href='" * 7_000,
    "comments": "<!--" * 16_000,
    "references": "&#" * 32_000,
    "lines": "\n" * KB64,
    "short paragraphs": "a\n\n" * 21_000,
    "spaces": " " * KB64,
    "bullets": "* x\n" * 16_000,
    "addresses": "http://a " * 7_000,
    "half addresses": "http://" * 9_000,
    "parentheses": "http://a.example/" + "(" * 32_000 + ")" * 32_000,
    "full stops": "http://a.example/" + "." * KB64,
}


def p(inner: str) -> str:
    return f"<p>{inner}</p>"


def a(address: str, shown: str = "") -> str:
    return f'<a href="{address}" rel="{REL}">{shown or address}</a>'


def test_nothing_gives_nothing():
    assert render("") == render("", HTML) == ""
    assert render("\n \n\n") == ""


def test_blank_lines_begin_paragraphs_and_line_ends_stay():
    assert render("one\ntwo\n\nthree\n \t\n\n\nfour\n") == "<p>one<br>\ntwo</p>\n<p>three</p>\n<p>four</p>"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_line_ends(end):
    assert render(f"one{end}two{end}{end}three") == render("one\ntwo\n\nthree")


def test_markup_in_text_is_shown_as_it_was_typed():
    source = '<b>bold</b> & <script>alert("x")</script> &lt; it\'s'
    html = render(source)
    assert visible(html) == source
    assert "<b>" not in html


def test_html_keeps_what_is_safe():
    assert render("<b>bold</b> <i onclick='x()'>x</i>", HTML) == "<b>bold</b> <i>x</i>"


@pytest.mark.parametrize("bullet", ["* ", "• ", "  *  ", "        • "])
def test_lines_that_all_begin_with_a_bullet_are_a_list(bullet):
    assert render(f"{bullet}one\n{bullet}two") == "<ul><li>one</li><li>two</li></ul>"


@pytest.mark.parametrize(
    "text", ["9 * 3", "*bold*", "*not* this", "one\n* two", "* one\ntwo", "**", "- dash"]
)
def test_a_star_elsewhere_is_only_a_star(text):
    html = render(text)
    assert "<ul>" not in html
    assert visible(html).replace("\n", "") == text.replace("\n", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.example/x. Yes", f"see {a('https://a.example/x')}. Yes"),
        ("(http://a.example/x)", f"({a('http://a.example/x')})"),
        ("http://a.example/x_(y)", a("http://a.example/x_(y)")),
        ("(http://a.example/x_(y))", f"({a('http://a.example/x_(y)')})"),
        ("http://a.example/, http://b.example!?", f"{a('http://a.example/')}, {a('http://b.example')}!?"),
        ("“http://a.example”", f"“{a('http://a.example')}”"),
        ("http://a.example/x's", a("http://a.example/x's")),
        ("'http://a.example/x'", f"'{a('http://a.example/x')}'"),
        ("<http://a.example/x>", f"&lt;{a('http://a.example/x')}&gt;"),
        ("http://a.example/?b=1&c=2", a("http://a.example/?b=1&amp;c=2")),
        ("https://ä.example/ö", a("https://ä.example/ö")),
        ("http://a.example:8000/#x;", f"{a('http://a.example:8000/#x')};"),
    ],
)
def test_web_addresses_become_links_without_the_punctuation_after_them(text, expected):
    assert render(text) == p(expected)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "label.MD",
            "www.a.example",
            "a.example/x",
            "ann@a.example",
            "javascript:123",
            "data:1",
            "vbscript:99",
        ),
        *(
            "http://",
            "https://.",
            "http:/a.example",
            "ftp://a.example/",
            "http:// a.example",
            "//a.example/x",
        ),
    ],
)
def test_what_is_no_full_web_address_becomes_no_link(text):
    html = render(text)
    assert links(html) == []
    assert visible(html) == text


def test_address_of_two_thousand_characters_is_one_link():
    address = "https://a.example/" + "b" * (2000 - len("https://a.example/"))
    assert links(render(f"see {address} there")) == [address]


def test_longer_address_is_not_cut_into_a_link_to_somewhere_else():
    address = "https://a.example/" + "b" * 5000
    html = render(address)
    assert links(html) in ([], [address])
    assert visible(html) == address


def test_address_that_a_phone_has_capitalised_is_a_link():
    assert links(render("Https://a.example/x")) == ["Https://a.example/x"]


@pytest.mark.parametrize("source_format", [TEXT, HTML])
@pytest.mark.parametrize("text", ["a\0b", "a\x08b", "a\x7fb", "a\ud800b", "a\udfff\ud800b"])
def test_what_no_database_can_hold_does_not_come_out(text, source_format):
    html = render(text, source_format)
    assert faults(html) == []
    assert visible(html) == "ab"


@pytest.mark.parametrize("source_format", [TEXT, HTML])
@pytest.mark.parametrize("name", LADDER)
def test_figure_x6_long_and_deep_sources_stay_in_bounds(name, source_format):
    source = LADDER[name]
    html = render(source, source_format)
    assert faults(html) == []
    assert len(html) <= max(6 * len(source), 2 * len(source) + a_link_each(source)) + 100


def a_link_each(source: str) -> int:
    """What the tags of links add: each address stands twice, with its `rel`."""
    return source.count("http") * len(a("", "x"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.sampled_from([TEXT, HTML]))
def test_figure_x6_no_text_makes_an_exception_or_more_than_six_times_itself(text, source_format):
    html = render(text, source_format)
    assert len(html) <= 6 * len(text) + a_link_each(text) + 100


@given(
    st.lists(st.sampled_from(["a", "* ", "\n", "\n\n", "http://a.example/", ".", ")", "<b>", "&", " "])).map(
        "".join
    )
)
def test_figure_x6_text_is_safe_stable_and_loses_no_word(text):
    html = render(text)
    assert faults(html) == []
    assert "".join(visible(html).split()).replace("*", "") == "".join(text.split()).replace("*", "")
