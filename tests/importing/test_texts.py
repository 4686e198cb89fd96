"""What is said of archived texts whatever their format: wrong letters, markup that acts; words stay."""

import json
from pathlib import Path

import pytest

from forum.importing.formats import format_of
from forum.importing.formats.remarks import remark_on
from forum.importing.records import ArchivedArticle, ArchivedComment, Remark, Source
from forum.text.clean import clean_html
from tests.importing.wxr.samples import article, comment


def remarks_on(body: str, *, body_format: str = "html", name: str = "") -> list[Remark]:
    one = ArchivedComment("7", 1, body, body_format=body_format, author_name=name)
    made = ArchivedArticle("A post", "Text.", source_id="12", comments=[one])
    remark_on(made)
    assert body_format == "html" or one.body == body
    return made.remarks


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Itâ€™s the â€œdripâ€\x9d that hurts", "It’s the “drip"),
        ("a cafÃ© in Genf", "a café in Genf"),
        ("naÃ¯ve beside “good” quotes", "naïve beside “good”"),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚ to all", "привет to all"),
        ("β€œWe were there", "“We were there"),
        ("thank you πŸ™‚", "thank you 🙂"),
    ],
)
@pytest.mark.parametrize("body_format", ["html", "text"])
def test_case_b5_wrong_letters_are_told_with_before_and_after_and_stay(words, meant, body_format):
    (remark,) = remarks_on(words, body_format=body_format)
    assert (remark.code, remark.source_id) == ("mojibake", "7")
    assert meant in remark.message
    assert " ".join(words.split())[:12] in remark.message


@pytest.mark.parametrize(
    "words",
    [
        *(
            "NÃO É VERDADE",
            "château, pâté, créée à côté",
            "„Größe“ – Ärzte",
            "„Spaß“, „Ä“",
            "xß“x",
            "xä”“x",
            "l’été « là »",
            "Åse får øl",
        ),
        *("привет, «мир» вёл", "Ο Β’ Παγκόσμιος “Ο”", "日本語のコメント", "β-interferon", "50 µg ± 5 °C"),
        *("u00e9 and uXXXX and u2019s", "emoji 🙂 and 👩\u200d⚕️", "Â", "Ã©"[:1], "naïve café — “ok”…"),
    ],
)
def test_case_b5_rightful_letters_are_left_alone(words):
    assert remarks_on(words) == []
    assert remarks_on("Hello.", name=words) == []


def test_case_b5_a_wrong_name_or_title_is_told_too():
    (remark,) = remarks_on("Hello.", name="JosÃ© GarcÃ\xada")
    assert "“José García”" in remark.message


def test_case_b5_escapes_without_their_backslash_are_no_letters(tmp_path: Path):
    found = article(tmp_path, comment(content="The word u00e9lan and uabcd and menu2013x."))
    assert found.comments[0].body == "<p>The word u00e9lan and uabcd and menu2013x.</p>"
    assert found.remarks == []


def test_case_b4_text_that_was_encoded_twice_is_proposed_and_not_changed(tmp_path: Path):
    found = article(tmp_path, comment(content="It&amp;#039;s &amp;lt;b&amp;gt; 5 &amp; 6"))
    (remark,) = found.remarks
    assert (remark.code, remark.source_id) == ("double_encoded", "1")
    assert "“<p>It&amp;#039;s &amp;lt;b&amp;gt;" in remark.message
    assert "“<p>It's <b>" in remark.message
    assert found.comments[0].body == "<p>It&amp;#039;s &amp;lt;b&amp;gt; 5 &amp; 6</p>"
    assert "<b>" not in clean_html(found.comments[0].body)


@pytest.mark.parametrize("words", ["AT&amp;T", "a &amp; b", "5 &lt; 6", "Q&amp;A &amp;co", "&amp;c;"])
def test_case_b4_control_text_that_was_encoded_once_says_nothing(words):
    assert remarks_on(words) == []


@pytest.mark.parametrize(
    ("body", "kept", "told"),
    [
        ("a <script>evil(1)</script>b", "a b", "1 × script"),
        ('a <SCRIPT src="https://x.example/x.js"></SCRIPT>b', "a b", "1 × script"),
        ("a <script>never ends", "a never ends", "1 × script"),
        ("a <style>p{}</style>b", "a b", "1 × style"),
        ("<b onclick='evil()' onload=evil()>words</b>", "words", "2 × on… attribute"),
        ('<a href="javascript:evil()">words</a>', "words", "1 × address that runs code"),
        ('<a href="data:text/html,evil">words</a>', "words", "1 × address that runs code"),
        ("<form action='/evil'>Your <input name=x> <button>Go</button></form>", "Your Go", "1 × form"),
        ('a <img src="https://t.example/p.gif" width="1" height="1">b', "a b", "1 × tracking pixel"),
        ('a <img src="https://t.example/p" style="width:1px;height:0px">b', "a b", "1 × tracking pixel"),
        ("<svg onload=evil()><g><text>words</text></g></svg>", "words", "1 × svg"),
        ("<math><mtext><style>evil</style></mtext><mi>x</mi></math>", "x", "1 × math"),
        ("<object data='evil.swf'><param name=a><embed src=evil>words</object>", "words", "1 × object"),
    ],
)
def test_case_b6_what_acts_is_removed_and_counted_and_the_words_stay(tmp_path, body, kept, told):
    found = article(tmp_path, comment(content=body))
    shown = clean_html(found.comments[0].body)
    for tag in ("<p>", "</p>", "<b>", "</b>", "<a rel=", "</a>", '"nofollow ugc noopener noreferrer">'):
        shown = shown.replace(tag, "")
    assert " ".join(shown.split()).replace("evil", "").strip() == kept
    (remark,) = found.remarks
    assert (remark.code, remark.source_id) == ("markup_removed", "12")
    assert told in remark.message


def test_case_b6_of_a_frame_a_link_to_what_it_showed_stays():
    one = ArchivedArticle("A", '<iframe src="//www.youtube.com/embed/1?a=1&amp;b=2"></iframe>', "html")
    remark_on(one)
    address = "https://www.youtube.com/embed/1?a=1&amp;b=2"
    assert one.body == f'<a href="{address}">{address}</a>'


def test_case_b6_the_counts_of_an_article_and_its_comments_are_one_remark(tmp_path):
    hostile = "<script>x</script><iframe></iframe>"
    found = article(tmp_path, comment("1", content=hostile), comment("2", content=hostile), body=hostile)
    assert [remark.message.partition(": ")[2] for remark in found.remarks] == ["3 × iframe, 3 × script."]


@pytest.mark.parametrize(
    "body",
    [
        *("<3 and <EDSS 4 and p<0.05 and JC<1:10", "<foo>bar</foo>", "<b>bold</b> <em>on time = now</em>"),
        *(
            "javascript: is a language, data: too",
            '<img src="https://x.example/x.png" width="640" height="480">',
        ),
        *("<a href='https://x.example/?on=1'>only</a>", "<svgs> and <formula>", "the onset=late"),
    ],
)
def test_case_b6_control_what_does_not_act_is_not_touched(body):
    made = ArchivedArticle("A", body, "html")
    remark_on(made)
    assert (made.body, made.remarks) == (body, [])


@pytest.mark.parametrize(
    "content",
    [
        *("<script " * 50_000, "<svg></svg" * 50_000, "<script></script" * 50_000, '<form "' * 50_000),
        *(
            "<a on" * 50_000,
            "<svg>" * 50_000 + "</svg>",
            "<img width " * 50_000,
            "&amp;" * 80_000,
            "Ã" * 400_000,
        ),
    ],
)
@pytest.mark.timeout(20)
def test_case_b6_hostile_texts_take_no_long_time(content):
    remark_on(ArchivedArticle("A", content, "html"))


@pytest.mark.parametrize("name", ["export.xml", "feed.atom", "disqus.xml", "page.html", "page.txt"])
def test_case_b5_every_reader_of_foreign_archives_tells_it(tmp_path, name):
    wrong = "It was the cafÃ© that I liked, and nothing but the coffee there."
    content = {
        "export.xml": '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>A</title>'
        f"<wp:post_id>1</wp:post_id><description>x</description><wp:comment><wp:comment_id>1</wp:comment_id>"
        f"<wp:comment_content>{wrong}</wp:comment_content></wp:comment></item></channel></rss>",
        "feed.atom": '<feed xmlns="http://www.w3.org/2005/Atom"><generator>Blogger</generator><entry>'
        "<id>tag:blogger.com,1999:blog-1.post-2</id><title>A</title><category "
        'scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#post"/>'
        f"<published>2014-01-01T00:00:00Z</published><content>{wrong}</content></entry></feed>",
        "disqus.xml": '<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">'
        f'<thread dsq:id="1"><title>A</title></thread><post dsq:id="2"><message>{wrong}</message>'
        '<thread dsq:id="1"/></post></disqus>',
        "page.html": f'<html><h1 class="entry-title">A</h1><div class="entry-content"><p>{wrong}</p></div>'
        "</html>",
        "page.txt": f"A title\n\n{wrong}\n\nLeave a Reply\n",
    }[name]
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    source = Source(path, name)
    records = list(format_of(source).read(source))
    told = [one for record in records for one in getattr(record, "remarks", [])]
    assert "mojibake" in [one.code for one in told], records


def test_the_own_format_stays_as_it_is(tmp_path):
    path = tmp_path / "own.json"
    article_ = {"title": "A", "body": "<iframe></iframe> cafÃ©", "body_format": "html"}
    path.write_text(json.dumps({"afterword": 1, "articles": [article_]}))
    source = Source(path, path.name)
    (found,) = format_of(source).read(source)
    assert (found.body, found.remarks) == (article_["body"], [])
