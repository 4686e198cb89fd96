"""The cases H7 and H8: captures of every kind of body and status, and several of one page."""

import gzip
import zlib
from pathlib import Path

import brotli
import pytest

from forum.importing.formats.warc import http as http_module
from forum.importing.formats.warc.reader import recognises
from forum.importing.records import RefusedError
from tests.importing.html.samples import URL, bodies, item, page, shape
from tests.importing.warc.samples import OTHER, capture, codes, found_in, http, post, record, zipped


def test_case_h8_each_gzip_member_is_a_record(tmp_path: Path) -> None:
    content = zipped(
        [record("warcinfo", b"software: x", ""), capture(post(1)), capture(post(2, url=OTHER), OTHER)]
    )
    assert recognises(content[:65_536], "x")
    articles, skipped, remarks = found_in(tmp_path, content)
    assert [article.url for article in articles] == [URL, OTHER]
    assert codes(skipped) == ["not_a_response"]
    assert remarks == []


def test_case_h8_one_gzip_member_around_all_records_is_read_too(tmp_path: Path) -> None:
    articles, _, _ = found_in(tmp_path, gzip.compress(capture(post(1)) + capture(post(2, url=OTHER), OTHER)))
    assert len(articles) == 2


def chunked(body: bytes) -> bytes:
    """A body in chunks of 1,000 bytes."""
    parts = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    """Deflate without its zlib frame, as some servers send it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("headers", "encode"),
    [
        ("Transfer-Encoding: chunked", chunked),
        ("Content-Encoding: gzip", gzip.compress),
        ("Content-Encoding: x-gzip\r\nTransfer-Encoding: chunked", lambda body: chunked(gzip.compress(body))),
        ("Content-Encoding: deflate", zlib.compress),
        ("Content-Encoding: deflate", raw_deflate),
        ("Content-Encoding: deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
        ("Content-Encoding: gzip", bytes),
        ("Content-Encoding: br", bytes),
        ("Transfer-Encoding: chunked", bytes),
        ("Content-Encoding: identity", bytes),
    ],
)
def test_case_h8_every_body_is_read_as_the_server_meant_it(tmp_path: Path, headers: str, encode) -> None:
    block = http(encode(post(1, 2).encode()), headers=f"Content-Type: text/html\r\n{headers}")
    articles, skipped, _ = found_in(tmp_path, record("response", block))
    assert skipped == []
    assert bodies(articles[0]) == ["<p>T1.</p>", "<p>T2.</p>"]


def test_case_h8_a_brotli_body_is_read_where_the_library_is_there(tmp_path: Path) -> None:
    headers = "Content-Type: text/html\r\nContent-Encoding: br"
    articles, _, _ = found_in(
        tmp_path, record("response", http(brotli.compress(post(1).encode()), headers=headers))
    )
    assert bodies(articles[0]) == ["<p>T1.</p>"]


def test_case_h8_a_brotli_body_is_skipped_where_it_is_not(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(http_module, "brotli", None)
    headers = "Content-Type: text/html\r\nContent-Encoding: br"
    _, skipped, _ = found_in(tmp_path, record("response", http(b"\x1b\x05\x00", headers=headers)))
    assert codes(skipped) == ["encoding"]
    assert "Brotli" in skipped[0].excerpt


def test_case_h8_records_that_are_no_page_are_skipped_with_their_reason(tmp_path: Path) -> None:
    moved = http(b"", "301 Moved Permanently", f"Location: {OTHER}\r\nContent-Type: text/html")
    records = [
        record("request", b"GET / HTTP/1.1\r\n\r\n"),
        record("response", moved),
        record("response", http(post(1).encode(), "404 Not Found")),
        record("response", http(b"\x89PNG", headers="Content-Type: image/png")),
        record("response", http(b"<html>", headers="Content-Type: text/html\r\nContent-Encoding: zstd")),
        record("response", b"no headers at all"),
        record("revisit", http(b"")),
        record("metadata", b"via: x"),
        capture("<html><body><p>Nothing.</p></body></html>"),
        capture(page("", "18 Comments")),
    ]
    articles, skipped, remarks = found_in(tmp_path, b"".join(records))
    assert articles == []
    assert codes(skipped) == [
        *("not_a_response", "redirect", "http_error", "not_html", "encoding", "no_headers", "revisit"),
        *("not_a_response", "refused", "refused"),
    ]
    assert {(each.kind, each.source_id) for each in skipped} == {("record", URL)}
    assert codes(remarks) == ["no_articles"]


def test_case_h8_a_wrong_charset_in_the_header_yields_to_the_page(tmp_path: Path) -> None:
    text = post(1).replace("T1.", "Grüße „hier“").replace('charset="utf-8"', 'charset="windows-1252"')
    block = http(text.encode("cp1252"), headers="Content-Type: text/html; charset=utf-8")
    articles, _, _ = found_in(tmp_path, record("response", block))
    assert bodies(articles[0]) == ["<p>Grüße „hier“</p>"]


def test_case_h7_captures_are_united_by_comment_id_and_the_latest_text_wins(tmp_path: Path) -> None:
    early = page(item(1, "First.", children=item(2, "Gone.", depth="2")) + item(3, "Third."))
    late = page(item(1, "First, corrected.") + item(3, "Third.") + item(4, "Fourth."), "3 Comments")
    records = [
        capture(late, date="2016-01-01T00:00:00Z"),
        capture(early, f"{URL}?replytocom=1", date="2014-06-01T00:00:00Z"),
    ]
    articles, _, _ = found_in(tmp_path, b"".join(records))
    (article,) = articles
    assert shape(article) == [("1", None), ("2", "1"), ("3", None), ("4", None)]
    assert bodies(article) == ["<p>First, corrected.</p>", "<p>Gone.</p>", "<p>Third.</p>", "<p>Fourth.</p>"]
    gone = article.comments[1]
    assert (gone.state, gone.hints) == ("held", {"vanished": "2016-01-01T00:00:00+00:00"})
    assert [comment.position for comment in article.comments] == [1, 2, 3, 4]
    assert codes(article.remarks) == ["vanished"]
    assert article.declared == 3
    assert article.hints["captures"] == ["2014-06-01T00:00:00+00:00", "2016-01-01T00:00:00+00:00"]


def test_case_h7_comments_on_another_page_of_the_post_have_not_vanished(tmp_path: Path) -> None:
    def part(numbers: tuple[int, ...], number: int) -> bytes:
        link = f'<a href="{URL}comment-page-{3 - number}/#comments">Comments</a>'
        text = page("".join(item(each, f"T{each}.") for each in numbers), "4 Comments", after=link)
        address = f"{URL}comment-page-{number}/"
        canonical = f'canonical" href="{address}"'
        return capture(
            text.replace(f'canonical" href="{URL}"', canonical), address, f"2014-06-0{number}T00:00:00Z"
        )

    (article,), _, _ = found_in(tmp_path, part((1, 2), 1) + part((3, 4), 2))
    assert {comment.key for comment in article.comments} == {"1", "2", "3", "4"}
    assert all("vanished" not in comment.hints for comment in article.comments)
    assert article.remarks == []


def test_case_h7_a_parent_on_another_page_takes_its_placeholders_place(tmp_path: Path) -> None:
    reply = f'<p class="in-reply-to">In reply to <a href="{URL}#comment-1">Mary</a></p>'
    second = page(
        item(5, "T5.").replace('<div class="comment-content">', f'{reply}<div class="comment-content">')
    )
    link = f'<a href="{URL}comment-page-1/#comments">Older Comments</a>'
    second = second.replace("</ol>", f"</ol>{link}", 1)
    content = capture(post(1), date="2014-01-01T00:00:00Z") + capture(second, date="2015-01-01T00:00:00Z")
    (article,), _, _ = found_in(tmp_path, content)
    assert [(c.key, c.parent_key, c.kind) for c in article.comments] == [
        ("1", None, "comment"),
        ("5", "1", "comment"),
    ]


def test_case_h7_pingbacks_without_ids_are_told_apart_by_what_they_say(tmp_path: Path) -> None:
    def row(name: str) -> str:
        return f'<li class="pingback"><p>Pingback: <a href="https://x.example/{name}">{name}</a></p></li>'

    early, late = page(item(1, "T.") + row("a") + row("b")), page(item(1, "T.") + row("b") + row("c"))
    content = capture(early, date="2014-01-01T00:00:00Z") + capture(late, date="2015-01-01T00:00:00Z")
    (article,), _, _ = found_in(tmp_path, content)
    assert sorted(c.author_name for c in article.comments if c.kind == "pingback") == ["a", "b", "c"]
    assert len({comment.key for comment in article.comments}) == 4
    assert [c.author_name for c in article.comments if "vanished" in c.hints] == ["a"]


def test_a_resource_record_may_be_a_page(tmp_path: Path) -> None:
    content = record("resource", post(1).encode(), more="Content-Type: text/html\r\n")
    articles, _, _ = found_in(tmp_path, content)
    assert len(articles) == 1


def test_a_file_that_is_no_capture_is_not_recognised_and_refused(tmp_path: Path) -> None:
    assert not recognises(b"<html>", "a.warc")
    assert not recognises(gzip.compress(b"<rss>"), "a.warc.gz")
    assert not recognises(b"\x1f\x8b broken", "a.warc.gz")
    for content in (b"", b"\r\n\r\n", b"nothing of the kind\r\n", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n"):
        with pytest.raises(RefusedError):
            found_in(tmp_path, content)
