"""Real saved pages, kept outside the project: each gives exactly the comments that are known to be on it."""

import datetime
import html
import json
import random
import re
from contextlib import suppress
from pathlib import Path

import pytest

from forum.importing.formats.html.mhtml import root_of
from forum.importing.formats.html.reader import read, read_page, recognises
from forum.importing.formats.reading_view.dates import day_in
from forum.importing.records import ArchivedArticle, RefusedError, Source
from forum.text.clean import clean_html

PAGES = [
    "1337kultur.de.picard",
    "damianduchamps.wordpress.com.hbdi",
    "insubordinant.wordpress.com.speed",
    "readability-002",
    "readability-firefox-nightly-blog",
    "rete-mirabile.net.15jahre",
]


def article_of(path: Path) -> ArchivedArticle:
    """The article of a real page."""
    assert recognises(path.read_bytes()[:65_536], path.name)
    (article,) = read(Source(path, path.name))
    return article


def words(text: str) -> str:
    """Letters and digits only: spaces, tags and quotation marks differ."""
    plain = "".join(part.split(">", 1)[-1] for part in text.split("<"))
    return "".join(letter for letter in plain.replace("&amp;", "&") if letter.isalnum())


@pytest.mark.parametrize("name", PAGES)
def test_a_real_page_gives_exactly_its_comments(archives: Path, name: str) -> None:
    article = article_of(archives / "html" / f"{name}.html")
    truth = json.loads((archives / "html" / f"{name}.truth.json").read_text())
    found = [(c.key, c.parent_key, c.kind, c.author_name, c.by_blog_author) for c in article.comments]
    known = [(c["id"], c["parent"], c["type"], c["author"], c["bypostauthor"]) for c in truth["comments"]]
    assert found == known
    levels: dict[str | None, int] = {None: 0}
    for comment, true in zip(article.comments, truth["comments"], strict=True):
        levels[comment.key] = levels[comment.parent_key] + 1
        assert levels[comment.key] == true["depth"]
        assert comment.has_id
        assert comment.parent_certain
        assert words(comment.body)
        assert words(comment.body) in words(true["text"])
        # The truth's text has the header and the like button of some themes around the words.
        assert len(words(true["text"])) - len(words(comment.body)) < 60
    assert article.declared == len(truth["comments"])
    assert article.remarks == []


@pytest.mark.parametrize("name", PAGES)
def test_a_real_page_gives_its_dates(archives: Path, name: str) -> None:
    article = article_of(archives / "html" / f"{name}.html")
    truth = json.loads((archives / "html" / f"{name}.truth.json").read_text())
    for comment, true in zip(article.comments, truth["comments"], strict=True):
        written = true["date"] or ""
        if "T" in written:
            assert comment.posted_at == datetime.datetime.fromisoformat(written)
        elif written:
            assert comment.posted_at is None
            assert comment.posted_as_written in written or day_in(comment.posted_as_written) == day_in(
                written
            )
        assert comment.posted_as_written


@pytest.mark.parametrize("name", PAGES)
def test_a_real_page_gives_its_post(archives: Path, name: str) -> None:
    article = article_of(archives / "html" / f"{name}.html")
    truth = json.loads((archives / "html" / f"{name}.truth.json").read_text())
    assert truth["title"].startswith(article.title)
    assert article.site_name not in article.title or article.title == "15 Jahre rete-mirabile.net"
    assert article.url.startswith("https://")
    assert article.source_id.isdecimal()
    assert article.language in {"de-DE", "en-US"}
    assert len(words(article.body)) > 1500
    for furniture in (
        "<img",
        "<div",
        "<span",
        "<script",
        "gravatar",
        "Share this",
        "Ähnliche Beiträge",
        "Gefällt mir",
    ):
        assert furniture not in article.body


def test_links_into_the_wayback_machine_stay_where_the_page_is_no_capture(archives: Path) -> None:
    article = article_of(archives / "html" / "rete-mirabile.net.15jahre.html")
    assert article.body.count("https://web.archive.org/web/") == 2
    assert "captured_at" not in article.hints


def test_the_mhtml_file_gives_what_its_page_gives(archives: Path) -> None:
    page = article_of(archives / "html" / "rete-mirabile.net.15jahre.html")
    same = article_of(archives / "made" / "rete-mirabile.mhtml")
    assert same.comments == page.comments
    assert (same.title, same.body, same.url) == (page.title, page.body, page.url)
    assert same.addresses == ["https://rete-mirabile.net/15jahre/"]


def test_figure_z4_damaged_pages_are_read_or_refused_and_never_crash(archives: Path) -> None:
    chance = random.Random(4)
    files = [*sorted((archives / "html").glob("*.html")), archives / "made" / "rete-mirabile.mhtml"]
    for number in range(60):
        content = bytearray(files[number % len(files)].read_bytes())
        for _ in range(50):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        for damaged in (bytes(content), bytes(content[: chance.randrange(len(content))])):
            with suppress(RefusedError):
                if damaged.startswith(b"From:"):
                    damaged = root_of(damaged, "x").text
                list(read_page(damaged, "", "x"))


@pytest.mark.parametrize("name", PAGES)
def test_no_markup_of_a_real_page_ends_up_as_text(archives: Path, name: str) -> None:
    article = article_of(archives / "html" / f"{name}.html")
    for body in (article.body, *(comment.body for comment in article.comments)):
        written = html.unescape(re.sub(r"<[^>]*>", "", clean_html(body)))
        assert written.split() == html.unescape(re.sub(r"<[^>]*>", "", body)).split()
