"""The reading-view reader: what it takes, what it refuses, and what it makes of a whole page."""

import datetime
from pathlib import Path

import pytest

from forum.importing.formats.reading_view.reader import MAX_BYTES, recognises
from forum.importing.records import RefusedError
from tests.importing.reading_view_samples import codes, page, read_text, shape

THREE = "  1. Lovely.\n\n    1. Thanks!\n\n  2. Mine burned."


def test_title_body_and_comments_come_apart(tmp_path: Path) -> None:
    article = read_text(tmp_path, page(THREE))
    assert article.title == "Baking bread"
    assert article.body == "Flour and water.\n\nAnd patience."
    assert [comment.body for comment in article.comments] == ["Lovely.", "Thanks!", "Mine burned."]
    assert shape(article) == [("1", None), ("1.1", "1"), ("2", None)]
    assert [comment.position for comment in article.comments] == [1, 2, 3]
    assert article.declared == 3
    assert article.remarks == []


def test_the_body_keeps_its_lists_line_breaks_and_no_break_spaces(tmp_path: Path) -> None:
    text = page(THREE).replace("Flour and water.", "Flour\u00a0and\nwater:\n\n\n\n  1. rye\n  2. wheat")
    article = read_text(tmp_path, text)
    assert article.body == "Flour\u00a0and\nwater:\n\n  1. rye\n  2. wheat\n\nAnd patience."
    assert len(article.comments) == 3


def test_a_given_title_address_and_date_win(tmp_path: Path) -> None:
    day = datetime.date(2015, 2, 3)
    article = read_text(tmp_path, page(THREE), title="Bread", url="https://example.org/bread", date=day)
    assert (article.title, article.url) == ("Bread", "https://example.org/bread")
    assert article.published_at == datetime.datetime(2015, 2, 3, tzinfo=datetime.UTC)
    assert article.date_precision == "day"
    assert article.hints["title_in_text"] == "Baking bread"
    assert article.body.startswith("Flour")


def test_a_given_title_does_not_hide_the_comment_heading(tmp_path: Path) -> None:
    text = page(THREE, tail="A last word of the theme that nobody knows. " * 5)
    article = read_text(tmp_path, "Crumbs\n\n" + text, title="Something else")
    assert (article.title, len(article.comments)) == ("Something else", 3)
    assert article.body == "Flour and water.\n\nAnd patience."


def test_a_weekday_date_above_the_title_is_the_date(tmp_path: Path) -> None:
    article = read_text(tmp_path, "Friday, 6 December 2013\n\n" + page(THREE))
    assert article.title == "Baking bread"
    assert article.date_as_written == "Friday, 6 December 2013"
    assert article.published_at == datetime.datetime(2013, 12, 6, tzinfo=datetime.UTC)
    assert article.date_precision == "day"


def test_a_date_that_contradicts_its_weekday_is_only_kept_as_written(tmp_path: Path) -> None:
    article = read_text(tmp_path, "Monday, 6 December 2013\n\n" + page(THREE))
    assert article.date_as_written == "Monday, 6 December 2013"
    assert article.published_at is None


def test_the_site_name_above_the_title_is_not_the_title(tmp_path: Path) -> None:
    article = read_text(tmp_path, "Crumbs\n\n" + page(THREE))
    assert article.title == "Baking bread"
    assert article.hints["before_title"] == "Crumbs"


def test_a_line_about_the_author_shows_which_line_is_the_title(tmp_path: Path) -> None:
    text = "Crumbs\n\nBaking bread\n\nPosted in Food by Ann on August 3, 2019\n\nFlour.\n\nWater."
    article = read_text(tmp_path, text)
    assert (article.title, article.author_name) == ("Baking bread", "Ann")
    assert article.date_as_written == "August 3, 2019"
    assert article.published_at == datetime.datetime(2019, 8, 3, tzinfo=datetime.UTC)


def test_flattened_text_is_an_article_without_title_and_comments(tmp_path: Path) -> None:
    text = "A first long paragraph.\nA second one.\nWhat a good read!\n"
    article = read_text(tmp_path, text)
    assert (article.title, article.comments) == ("", [])
    assert codes(article) == ["no_comments"]
    named = read_text(tmp_path, text, title="Reading")
    assert (named.title, named.body) == ("Reading", text.strip())


def test_a_page_of_comments_only_has_neither_title_nor_body(tmp_path: Path) -> None:
    article = read_text(tmp_path, "  • Lovely.\n\n    • Thanks!\n\n  • Mine burned.\n")
    assert (article.title, article.body) == ("", "")
    assert shape(article) == [("1", None), ("1.1", "1"), ("2", None)]
    assert codes(article) == ["reading_doubtful"]


def test_markup_and_odd_signs_stay_letter_by_letter(tmp_path: Path) -> None:
    odd = "<script>alert(1)</script> &amp; #fakeword a)no, b)sky's \" Could “it” ‘be’ | *x* [y](z) caseAnd"
    article = read_text(tmp_path, page(f"  1. {odd}", "1 comment").replace("And patience.", odd))
    assert article.comments[0].body == odd
    assert article.body.endswith(odd)
    assert article.comments[0].hints["glue"] == ["caseAnd"]


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n ", b"\xef\xbb\xbf \n", "\u00a0\n".encode()])
def test_an_empty_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RefusedError, match=r"^“page.txt” is empty\.$"):
        read_text(tmp_path, content)


@pytest.mark.parametrize("content", [b"GIF89a\0\0\1", b"a\x01\x02\x03\x04" * 50])
def test_a_binary_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RefusedError, match=r"^“page.txt” is a binary file and not a text\.$"):
        read_text(tmp_path, content)


def test_other_encodings_are_refused_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(
        RefusedError, match=r"^“page.txt” is not UTF-8 text: byte 3 does not fit; .* save it as UTF-8\.$"
    ):
        read_text(tmp_path, "Café au lait".encode("latin-1"))


def test_too_large_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="larger than 5 MB"):
        read_text(tmp_path, b"a" * (MAX_BYTES + 1))


def test_too_many_lines_and_items_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="300000 lines"):
        read_text(tmp_path, "a\n" * 300_001)
    with pytest.raises(RefusedError, match="20000 comments"):
        read_text(tmp_path, page("  • a\n\n" * 20_001))


def test_comments_that_are_announced_and_missing_are_refused(tmp_path: Path) -> None:
    sentence = r"^The text announces 5 comments and holds none of them, so nothing was imported\.$"
    with pytest.raises(RefusedError, match=sentence):
        read_text(tmp_path, page("", "5 thoughts on “Baking bread", "Leave a Reply"))


def test_comments_in_no_known_form_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="^The text has comments, but not in a form that can be read"):
        read_text(
            tmp_path, page("Blogger Ann (4:17)\n\nLovely.", "Comments on “Baking bread”", "Post a comment")
        )


def test_case_t10_marks_and_line_ends_of_other_systems_are_evened_out(tmp_path: Path) -> None:
    plain = read_text(tmp_path, page(THREE))
    for content in (
        b"\xef\xbb\xbf" + page(THREE).encode(),
        page(THREE).replace("\n", "\r\n").encode(),
        page(THREE).replace("\n", "\r").encode(),
        page(THREE).encode("utf-16"),
        page(THREE).replace("\n\n", "\n\f").encode(),
    ):
        assert read_text(tmp_path, content) == plain


def test_case_t10_stray_control_characters_are_taken_out_and_counted(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  1. Be\x07ll\x1b", "1 comment"))
    assert article.comments[0].body == "Bell"
    assert article.hints["control_characters"] == 2


def test_case_t11_two_posts_in_one_text_are_refused(tmp_path: Path) -> None:
    second = page(THREE).replace("Baking bread", "Slicing bread")
    for text in (page(THREE) + second, page(THREE, tail="Leave a Reply\n\n") + second):
        with pytest.raises(RefusedError, match=r"^“page.txt” holds 2 posts .*one by one\.$"):
            read_text(tmp_path, text)


def test_case_t11_an_article_pasted_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="same page 2 times"):
        read_text(tmp_path, "Baking bread\n\nFlour.\n\nWater.\n" * 2)
    with pytest.raises(RefusedError, match="same page 2 times"):
        read_text(tmp_path, page(THREE) * 2)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"Some title\n\ntext",
        b"\xef\xbb\xbfTitle",
        "Übung".encode(),
        "T".encode("utf-16"),
        b"[link](u) x",
    ],
)
def test_any_plain_text_is_recognised(head: bytes) -> None:
    assert recognises(head, "x")


def test_a_character_cut_at_the_end_of_the_head_does_not_matter() -> None:
    assert recognises("Über uns".encode()[:1], "x")


@pytest.mark.parametrize(
    "head",
    [
        b"<?xml version='1.0'?>",
        b"\xef\xbb\xbf<?xml",
        b"\n <!DOCTYPE html>",
        b"<html>",
        b"<rss>",
        b'{"a": 1}',
        b'[{"a": 1}]',
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"WARC/1.0\r\n",
        b"\xff\xfa\x00",
        b"Caf\xe9 au",
        b"a\0b",
    ],
)
def test_other_formats_and_binary_files_are_not_recognised(head: bytes) -> None:
    assert not recognises(head, "page.txt")
