"""Bodies as WordPress stores them become HTML (cases B1 to B4, B7, B9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.importing.formats.wxr.bodies import body_of_post, paragraphs
from tests.importing.wxr.samples import article, comment


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("one\n\ntwo", "<p>one</p>\n\n<p>two</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\r\n\r\ntwo\rthree", "<p>one</p>\n\n<p>two<br>\nthree</p>"),
        ("one<br />\ntwo", "<p>one<br />\ntwo</p>"),
        ("a\n \n\n\nb\n", "<p>a</p>\n\n<p>b</p>"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ("<ul>\n<li>a\nb</li>\n</ul>\nc", "<ul>\n<li>a\nb</li>\n</ul>\n\n<p>c</p>"),
        ("x\n<blockquote>a\n\nb</blockquote>", "<p>x</p>\n\n<blockquote>a\n\nb</blockquote>"),
        ("<div><div>a\nb</div>\nc</div>d", "<div><div>a\nb</div>\nc</div>\n\n<p>d</p>"),
        ("<p>a\nb</p>\nc", "<p>a\nb</p>\n\n<p>c</p>"),
        ("a<p>b<p>c", "<p>a</p>\n\n<p>b</p>\n\n<p>c</p>"),
        ("<div>a\n\nb", "<div>\n\n<p>a</p>\n\n<p>b</p>"),
        ('<a\nhref="x">a</a>', '<p><a href="x">a</a></p>'),
        ("<pretty>a\nb", "<p><pretty>a<br>\nb</p>"),
    ],
)
def test_case_b1_blank_lines_and_newlines_outside_of_blocks_are_shown(written, shown):
    assert paragraphs(written) == shown


@given(
    st.lists(st.sampled_from(["a", "\n", "\n\n", "<p>", "</p>", "<ul>", "</ul>", "<br>", "<pre>", "</pre>"]))
)
def test_case_b1_a_second_time_changes_nothing(pieces):
    once = paragraphs("".join(pieces))
    assert paragraphs(once) == once


def test_case_b1_many_open_tags_take_no_time():
    paragraphs("<div>" * 50_000 + "<a " * 50_000 + "[caption]" * 20_000)
    body_of_post("[caption]" * 5_000 + "<!--" * 5_000 + "[embed]" * 5_000)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->", "<p>a</p>"),
        ('<!-- wp:heading {"level":3} --><h3>a</h3><!-- /wp:heading -->\n<p>b</p>', "<h3>a</h3>\n\n<p>b</p>"),
        ("a\n\n<!--more Read on-->\n\nb", "<p>a</p>\n\n<p>b</p>"),
        ("a<!--nextpage-->b", "<p>a</p>\n\n<p>b</p>"),
    ],
)
def test_case_b2_marks_of_blocks_and_pages_are_gone(written, shown):
    assert body_of_post(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('[caption id="x"]<img src="a.png" /> Words[/caption]', '<img src="a.png" /> Words'),
        ('[caption caption="Words"]<img src="a.png" />[/caption]', '<img src="a.png" /> Words'),
        ('[gallery ids="1,2"]', "(gallery)"),
        (
            "[youtube=https://y.example/v?a=1&amp;b]",
            '<a href="{0}">{0}</a>'.format("https://y.example/v?a=1&amp;b"),
        ),
        ("[embed]https://y.example/v[/embed]", '<a href="https://y.example/v">https://y.example/v</a>'),
        (
            '[video src="https://y.example/v.mp4"][/video]',
            '<a href="{0}">{0}</a>'.format("https://y.example/v.mp4"),
        ),
        ("[wpvideo abc w=1]", "(video abc)"),
        ("[polldaddy poll=123]", '<a href="{0}">{0}</a>'.format("https://polldaddy.com/poll/123/")),
        ("[foo bar]", "[foo bar]"),
        ("see [1] and [sic]", "see [1] and [sic]"),
        ("[embed]no address[/embed]", "[embed]no address[/embed]"),
        ("[[gallery]]", "[[gallery]]"),
        ("[video", "[video"),
    ],
)
def test_case_b3_known_shortcodes_become_plain_and_others_stay(written, shown):
    assert body_of_post(written) == f"<p>{shown}</p>"


def test_case_b4_entities_are_decoded_once(tmp_path):
    found = article(
        tmp_path, comment(content="It&#8217;s &amp;lt;script&amp;gt;"), title="A &amp;amp; &#8217;B"
    )
    assert found.comments[0].body == "<p>It&#8217;s &amp;lt;script&amp;gt;</p>"
    assert found.title == "A &amp; ’B"
    assert article(tmp_path, title="<![CDATA[A &amp; B]]>").title == "A & B"
    assert article(tmp_path, title="<![CDATA[A &amp;lt;b&amp;gt;]]>").title == "A &lt;b&gt;"


@pytest.mark.parametrize("typed", ["I <3 you", "<EDSS 4", "p<0.05", "JC<1:10", "a < b > c"])
def test_case_b7_what_patients_type_stays_to_the_letter(typed):
    assert paragraphs(typed) == f"<p>{typed}</p>"


@pytest.mark.parametrize("written", ["", "  \n\n ", "\xa0"])
def test_case_b9_white_space_alone_is_nothing(written):
    assert paragraphs(written) in {"", "<p>\xa0</p>"}


def test_case_b9_emoji_marks_and_long_bodies_are_kept_whole(tmp_path):
    text = "👩‍🔬 z\u0335\u0301 \u2067abc\u2069 " + "x" * 100_000
    assert article(tmp_path, comment(content=text)).comments[0].body == f"<p>{text}</p>"
