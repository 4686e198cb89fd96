"""Whole pages: captures of the Wayback Machine, encodings, addresses, lists of posts, MHTML, hostility."""

import datetime
from pathlib import Path

import pytest

from forum.importing.formats.html.decoding import decode
from forum.importing.formats.html.reader import MAX_BYTES, read_page, recognises
from forum.importing.records import Given, RefusedError
from tests.importing.html.samples import URL, bodies, codes, item, page, read_file, read_html

ARCHIVE = "https://web.archive.org/web/20140601101500"


def captured(text: str) -> str:
    """A page as the Wayback Machine gives it out."""
    text = text.replace("https://bread", f"{ARCHIVE}/https://bread").replace(
        "https://a.ex", f"{ARCHIVE}/https://a.ex"
    )
    banner = (
        f'<script src="https://web-static.archive.org/_static/js/bundle.js"></script>'
        f'<script>__wm.wombat("{URL}","20140601101500","https://web.archive.org/");</script>'
    )
    bar = '<div id="wm-ipp-base"><h1>Wayback Machine</h1><a href="/">3 captures</a></div>'
    return text.replace("<head>", f"<head>{banner}").replace('postid-7">', f'postid-7">{bar}')


def test_case_h7_a_wayback_capture_gives_the_page_as_it_was() -> None:
    link = '<a class="url" href="https://a.example/">Mary</a>'
    text = page(item(1, 'See <a href="https://a.example/b">this</a>.', link), "1 Comment")
    article = read_html(captured(text))
    assert article.url == URL
    assert article.hints["captured_at"] == "2014-06-01T10:15:00+00:00"
    assert article.comments[0].author_url == "https://a.example/"
    assert bodies(article) == ['<p>See <a href="https://a.example/b">this</a>.</p>']
    assert article.comments[0].address == f"{URL}#comment-1"
    assert "archive.org" not in repr(article)
    assert "captures" not in article.body


def test_case_h7_a_link_to_an_old_capture_loses_the_outer_layer_only() -> None:
    old = "https://web.archive.org/web/2005/http://a.example/"
    text = captured(page(item(1, "Hm."), content=f'<p><a href="{ARCHIVE}/{old}">old</a></p>'))
    assert read_html(text).body == f'<p><a href="{old}">old</a></p>'


def test_the_saved_from_mark_gives_the_address() -> None:
    text = f"<!-- saved from url=(0040){URL} -->\n<html><body><ol>{item(1, 'Hm.')}</ol></body></html>"
    assert read_html(text).url == URL


@pytest.mark.parametrize(
    "variant", [f"{URL}comment-page-2/", f"{URL}?replytocom=5#respond", f"{URL}#comment-9"]
)
def test_pages_of_comments_have_the_address_of_their_post(variant: str) -> None:
    article = read_html(
        page(item(1, "Hm.")).replace(f'canonical" href="{URL}"', f'canonical" href="{variant}"')
    )
    assert article.url == URL


def test_what_the_admin_says_wins(tmp_path: Path) -> None:
    given = Given(url="https://b.example/rye/", date=datetime.date(2015, 2, 3), title="Bread")
    article = read_file(tmp_path, page(item(1, "Hm.")).encode(), given)
    assert (article.title, article.url, article.addresses) == ("Bread", "https://b.example/rye/", [URL])
    assert article.published_at == datetime.datetime(2015, 2, 3, tzinfo=datetime.UTC)


def test_a_post_has_its_title_date_author_ids_and_language() -> None:
    article = read_html(page(item(1, "Hm.")))
    assert (article.title, article.author_name, article.site_name) == ("Rye bread", "Ann", "Crumbs")
    assert article.published_at == datetime.datetime(2014, 3, 5, 8, tzinfo=datetime.UTC)
    assert (article.date_precision, article.language, article.source_id) == ("second", "en-GB", "7")
    assert article.body == "<p>Flour and water.</p>"


def test_the_title_of_the_document_loses_the_sites_name() -> None:
    text = f"<title>Crumbs » Blog Archive » Rye - with seeds</title><h1 id='logo'>Crumbs</h1>{item(1, 'Hm.')}"
    assert read_html(f"<html><body>{text}</body></html>").title == "Rye - with seeds"


def test_only_known_tags_are_written_and_text_is_escaped() -> None:
    content = (
        "<h1>A</h1><div>p&lt;0.05</div><table><tr><td>1</td><td>2</td></tr></table><script>x()</script>"
        '<p onclick="x()">B <font>C</font> <a href="javascript:x()">D</a></p>'
        '<iframe src="https://v.example/1"></iframe>'
    )
    article = read_html(page(item(1, "Hm."), content=content))
    assert article.body == "<h2>A</h2>\n<p>p&lt;0.05</p>\n<p>1 2</p>\n<p>B C D</p>"
    assert article.hints["embeds"] == ["https://v.example/1"]


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("\ufeffGrüße „hier“".encode(), ""),
        ("Grüße „hier“".encode("utf-16"), "iso-8859-1"),
        ("Grüße „hier“".encode(), "iso-8859-1"),
        ("Grüße „hier“".encode("cp1252"), ""),
        ("Grüße „hier“".encode("cp1252"), "utf-8"),
        (b'<meta charset="windows-1252">' + "Grüße „hier“".encode("cp1252"), "utf-8"),
        (
            b'<meta http-equiv="x" content="text/html; charset=ISO-8859-1">'
            + "Grüße „hier“".encode("cp1252"),
            "",
        ),
        (b'<meta charset="base64"><meta charset="utf-7">' + "Grüße „hier“".encode("cp1252"), "unknown-8"),
    ],
)
def test_every_encoding_gives_the_same_letters(content: bytes, charset: str) -> None:
    assert decode(content, charset).endswith("Grüße „hier“")


def test_a_page_in_another_alphabet_follows_its_own_declaration() -> None:
    content = '<meta charset="windows-1251">Привет'.encode("cp1251")
    assert decode(content, "").endswith("Привет")
    assert decode("Привет".encode("koi8-r"), "koi8-r") == "Привет"


@pytest.mark.parametrize(
    "text",
    [
        "<html><body><h1>Example</h1><p>This domain is for use in examples.</p></body></html>",
        page("", body_class="home blog", content="<p>One</p></div><div class='entry-content'>Two"),
        "<html><body><div class='post-body'>One</div><div class='post-body'>Two</div></body></html>",
        "<html></html>",
        "   ",
    ],
)
def test_pages_that_are_no_post_are_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        list(read_page(text, "", "page.html"))
    assert str(refused.value).count(".") in {1, 2}
    assert "page.html" in str(refused.value)


def test_a_post_without_comments_is_a_post() -> None:
    article = read_html(page("", "No Comments"))
    assert (article.comments, article.declared, codes(article)) == ([], 0, ["no_comments"])


def test_bombs_of_depth_size_and_number_are_refused_quickly(tmp_path: Path) -> None:
    attributes = " ".join(f"a{number}=1" for number in range(100_000))
    for text in (
        f"<div {attributes}>",
        "<div>" * 200_000 + item(1, "Hm."),
        "<b>" * 1_000_001,
        "<p>" + "x" * MAX_BYTES,
    ):
        with pytest.raises(RefusedError):
            list(read_page(text, "", "page.html"))
    path = tmp_path / "page.html"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(RefusedError, match="larger than 20 MB"):
        read_file(tmp_path, b"<html>" + b" " * MAX_BYTES)


def test_five_thousand_comments_are_read_in_seconds() -> None:
    article = read_html(
        page("".join(item(number, f"T{number}.") for number in range(1, 5001)), "5,000 Comments")
    )
    assert (len(article.comments), article.remarks) == (5000, [])


def test_control_characters_and_lone_surrogates_are_taken_out() -> None:
    article = read_html(page(item(1, "A\x00B\x1bC\ud800D")))
    assert bodies(article) == ["<p>ABCD</p>"]


def mhtml(body: str, location: str = URL) -> bytes:
    """An MHTML file as browsers write it."""
    head = 'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="b1"'
    style = "Content-Type: text/css\r\n\r\np {}"
    root = f'Content-Type: text/html; charset="utf-8"\r\nContent-Location: {location}'
    return (
        f"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n{head}\r\n\r\n--b1\r\n{style}\r\n--b1\r\n"
        f"{root}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n--b1--\r\n"
    ).encode()


def test_an_mhtml_file_is_read_as_its_page(tmp_path: Path) -> None:
    content = mhtml(page(item(1, "Grüße.")), "https://b.example/")
    assert recognises(content, "x.mhtml")
    article = read_file(tmp_path, content)
    assert bodies(article) == ["<p>Grüße.</p>"]
    assert (article.url, article.addresses) == (URL, ["https://b.example/"])


@pytest.mark.parametrize(
    "content", [mhtml("").replace(b"text/html", b"image/png"), mhtml("  "), mhtml("x")[:150]]
)
def test_an_mhtml_file_without_a_page_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RefusedError):
        read_file(tmp_path, content)
