"""Dates, bodies, addresses and authors in Blogger feeds: D5, D6, D7, D10, B4, B9, C14, C15, G5, G10."""

import datetime
import time

import pytest

from forum.importing.records import Given
from tests.importing.blogger.samples import (
    articles,
    author,
    codes,
    comment,
    new_entry,
    new_feed,
    old_comment,
    old_entry,
    old_feed,
    old_post,
    records,
)


def test_case_d6_a_date_is_the_same_instant_in_every_zone_of_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    found = comment(old_feed(old_post(), old_comment(2, published="2012-05-01T23:30:15.250-07:00")))
    monkeypatch.undo()
    time.tzset()
    assert found.posted_at == datetime.datetime(2012, 5, 2, 6, 30, 15, 250_000, tzinfo=datetime.UTC)
    assert found.posted_at.utcoffset() == datetime.timedelta(0)
    assert found.posted_as_written == "2012-05-01T23:30:15.250-07:00"


@pytest.mark.parametrize("written", ["", "yesterday", "2014-02-30T10:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_case_d5_a_date_that_is_none_stays_as_it_was_written(written: str) -> None:
    (article,) = articles(old_feed(old_post(), old_comment(2, published=written)))
    assert (article.comments[0].posted_at, article.comments[0].posted_as_written) == (None, written)
    assert codes(article.remarks) == ["date_unreadable"]


@pytest.mark.parametrize("written", ["1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z"])
def test_case_d5_a_date_that_cannot_be_is_kept_and_reported(written: str) -> None:
    (article,) = articles(old_feed(old_post(), old_comment(2, published=written)))
    assert article.comments[0].posted_at == datetime.datetime.fromisoformat(written)
    assert codes(article.remarks) == ["date_doubtful"]


def test_case_d2_a_date_without_a_zone_is_marked() -> None:
    found = comment(old_feed(old_post(), old_comment(2, published="2012-05-01T10:00:00")))
    assert found.posted_at == datetime.datetime(2012, 5, 1, 10, tzinfo=datetime.UTC)
    assert found.hints["zone_unknown"] is True


def test_case_d10_the_date_is_the_day_of_publishing_and_not_of_the_last_change() -> None:
    for feed in (old_feed(old_post(), old_comment(2)), new_feed(new_entry("POST", 1))):
        (article,) = articles(feed)
        assert (article.published_at.year, article.published_at.month) == (2012, 5)
        assert article.date_precision == "second"


def test_case_b4_a_body_is_decoded_exactly_once() -> None:
    body = "a &amp;lt;script&amp;gt; &amp;#8217; b<br />c &nbsp;"
    found = comment(old_feed(old_post(), old_comment(2, body=body)))
    assert (found.body, found.body_format) == (body, "html")


def test_a_body_of_plain_text_is_text_and_one_of_xhtml_is_html() -> None:
    plain = old_post(1).replace("<content type='html'>Words", "<content type='text'>1 &lt; 2")
    xhtml = old_post(2).replace(
        "<content type='html'>Words",
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a &amp; b<br/><b>c</b></div>",
    )
    one, two = articles(old_feed(plain, xhtml))
    assert (one.body, one.body_format) == ("1 < 2", "text")
    assert (two.body, two.body_format) == ("a &amp; b<br><b>c</b>", "html")


def test_a_title_of_html_becomes_text_and_one_of_text_stays() -> None:
    html = old_post(1, title="A &lt;b&gt; &amp;amp; <i>B</i>").replace(
        "<title type='text'", "<title type='html'"
    )
    assert [a.title for a in articles(old_feed(html, old_post(2, title="A &amp; <B>")))] == [
        "A <b> &amp; B",
        "A &amp; <B>",
    ]


@pytest.mark.parametrize("body", ["", "   ", "💊👩‍⚕️ \u202e", "<3 and p<0.05"])
def test_case_b9_odd_bodies_are_kept(body: str) -> None:
    assert comment(old_feed(old_post(), old_comment(2, body=body))).body == body.strip()


@pytest.mark.parametrize(
    ("body", "kept", "cut"),
    [
        ("Good.<br />ReplyDelete", "Good.", ["ReplyDelete"]),
        ("One<br>ReplyDelete<br>Two", "One<br>Two", ["ReplyDelete"]),
        ("Yes.\nReplyDelete\nReplies\nAdd comment\nLoad more…", "Yes.", None),
        ("Press ReplyDelete twice.", "Press ReplyDelete twice.", []),
        ("Replies<br>are welcome", "Replies<br>are welcome", []),
        ("Add comment", "Add comment", []),
        ("He said: Load more...", "He said: Load more...", []),
    ],
)
def test_case_g10_control_words_go_only_where_they_are_a_line(
    body: str, kept: str, cut: list[str] | None
) -> None:
    found = comment(old_feed(old_post(), old_comment(2, body=body)))
    assert found.body == kept
    if cut is not None:
        assert found.hints.get("control_lines", []) == cut


@pytest.mark.parametrize("name", ["Anonymous", "Unknown", "Blogger", "Anónimo", "anonym"])
def test_case_g5_a_name_that_stands_for_none_is_no_name(name: str) -> None:
    found = comment(old_feed(old_post(), old_comment(2, name=name)))
    assert (found.author_name, found.author_key) == ("", "")
    assert found.hints["author_as_written"] == name


@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("https://www.blogger.com/profile/0123", "profile:0123"),
        ("http://draft.blogger.com/profile/55/", "profile:55"),
        ("https://plus.google.com/114020517704693241828", "google:114020517704693241828"),
        ("https://www.blogger.com/profile/", ""),
        ("https://www.blogger.com.evil.example/profile/5", ""),
        ("https://evil.example/?https://www.blogger.com/profile/5", ""),
        ("noreply@blogger.com", ""),
    ],
)
def test_case_g5_only_a_real_profile_identifies_an_author(uri: str, key: str) -> None:
    assert comment(old_feed(old_post(), old_comment(2, uri=uri))).author_key == key


def test_case_g5_the_profile_that_an_anonymous_writer_types_is_no_identity() -> None:
    typed = author("Vera", "https://www.blogger.com/profile/9", "ANONYMOUS")
    feed = new_feed(new_entry("POST", 1), new_entry("COMMENT", 2, parent=1, author=typed))
    assert comment(feed).author_key == ""


def test_case_g5_no_record_holds_an_address_of_e_mail() -> None:
    feed = old_feed(
        old_entry("settings", 9, title="Permission", body="vera@example.org"),
        old_post(),
        old_comment(2, name="jo@example.org", uri="mailto:jo@example.org"),
    )
    assert "example.org" not in repr(records(feed))
    assert "noreply" not in repr(records(feed))


@pytest.mark.parametrize(
    ("uri", "url"),
    [
        ("javascript:alert(1)", ""),
        ("www.example.net/me", "http://www.example.net/me"),
        ("//example.net", "http://example.net"),
        ("http://example.net/" + "x" * 2000, ""),
        ("https://photos.example.net/12@N00/", "https://photos.example.net/12@N00/"),
    ],
)
def test_case_c15_addresses_of_authors_are_of_the_web_or_dropped(uri: str, url: str) -> None:
    assert comment(old_feed(old_post(), old_comment(2, uri=uri))).author_url == url


def test_case_c14_a_name_with_markup_and_spaces_is_kept_as_one_line_of_text() -> None:
    found = comment(old_feed(old_post(), old_comment(2, name=" <b>Jo</b> \n Doe ")))
    assert found.author_name == "<b>Jo</b> Doe"


def test_a_post_has_the_address_that_the_feed_gives_and_the_names_of_its_blog() -> None:
    (article,) = articles(old_feed(old_post(4)))
    assert article.url == "https://example.blogspot.com/2012/05/post-4.html"
    assert (article.source_id, article.blog_id, article.site_name) == ("4", "77", "Our blog")


def test_the_path_of_takeout_needs_the_blogs_address_which_may_be_given() -> None:
    feed = new_feed(new_entry("POST", 1, title="A", filename="/2012/05/a.html"))
    found = records(feed)
    assert found[0].url == ""
    assert found[0].hints["filename"] == "/2012/05/a.html"
    assert found[-1].code == "blog_address_missing"
    (article,) = articles(feed, Given(url="https://blog.example.net/any/"))
    assert article.url == "https://blog.example.net/2012/05/a.html"


def test_the_language_of_the_settings_is_the_language_of_the_posts() -> None:
    locale = old_entry("settings", "0", body="pt_BR").replace("post-0", "settings.BLOG_LOCALE")
    (article,) = articles(old_feed(old_post(), locale))
    assert article.language == "pt-BR"


def test_a_draft_without_title_and_address_can_still_be_told() -> None:
    (article,) = articles(old_feed(old_entry("post", 1, title="")))
    assert (article.title, article.hints["title_made"]) == ("Untitled post", True)


def test_labels_of_a_post_are_hints_for_the_staff() -> None:
    label = "<category scheme='http://www.blogger.com/atom/ns#' term='News'/>"
    assert articles(old_feed(old_post(1, label)))[0].hints["labels"] == ["News"]
