"""Real reading views, kept outside the project: their counts and trees are the known ones."""

import csv
import json
import os
from pathlib import Path

import pytest

from forum.importing.formats.reading_view.reader import read, recognises
from forum.importing.records import ArchivedArticle, Source
from tests.importing.reading_view_samples import shape

FOLDER = Path(
    os.environ.get("AFTERWORD_ARCHIVES", Path(__file__).parents[2] / "../shared/archives")
).resolve()
EXAMPLE = "lethal-ms-post-natalizumab.txt"
PAGES = [
    "1337kultur.de.picard",
    "damianduchamps.wordpress.com.hbdi",
    "insubordinant.wordpress.com.speed",
    "readability-002",
    "readability-firefox-nightly-blog",
    "rete-mirabile.net.15jahre",
]


@pytest.fixture(autouse=True)
def _archives_are_there() -> None:
    if not (FOLDER / "reading-view").is_dir():
        assert os.environ.get("CI") != "true", f"the archives are missing: {FOLDER}"
        pytest.skip(f"no archives in {FOLDER}")


def article_of(name: str) -> ArchivedArticle:
    """The article in one of the real reading views."""
    path = FOLDER / "reading-view" / name
    assert recognises(path.read_bytes()[:65_536], name)
    (article,) = read(Source(path, name))
    return article


def truth_of(page: str) -> list[dict]:
    """The comments of the page that a reading view was made from."""
    return json.loads((FOLDER / "html" / f"{page}.truth.json").read_text())["comments"]


def counts_of(page: str) -> dict[str, str]:
    """The row of the page in the table of true counts."""
    with (FOLDER / "truth-html.tsv").open() as file:
        return next(row for row in csv.DictReader(file, delimiter="\t") if row["file"] == f"html/{page}.html")


def words(text: str) -> str:
    """Letters and digits only: page and reading view differ in spaces and quotation marks."""
    return "".join(letter for letter in text if letter.isalnum())


def test_the_example_has_its_title_tree_and_one_remark() -> None:
    article = article_of(EXAMPLE)
    assert article.title == "Lethal MS post-natalizumab"
    nested = {"2": 2, "3": 1, "4": 1, "5": 1, "7": 2}
    expected: list[tuple[str, str | None]] = []
    for number in map(str, range(1, 9)):
        expected.append((number, None))
        expected.extend((f"{number}.{reply}", number) for reply in range(1, nested.get(number, 0) + 1))
    assert shape(article) == expected
    assert article.declared == 18
    assert article.site_name == "Prof G's MS Blog Archive"
    assert article.hints["reply_form_name"] == "Vasilis Vasilopoulos"
    assert [(remark.code, remark.source_id) for remark in article.remarks] == [("count_mismatch", "")]
    message = "18 comments were declared and 15 found; 3 are not in the text."
    assert article.remarks[0].message == message


def test_the_example_names_no_author_and_no_date() -> None:
    article = article_of(EXAMPLE)
    assert article.published_at is None
    assert article.date_as_written == article.author_name == ""
    for comment in article.comments:
        assert (comment.author_name, comment.posted_at, comment.posted_as_written) == ("", None, "")
        assert (comment.kind, comment.state, comment.parent_certain) == ("comment", "visible", True)


def test_every_letter_of_the_example_is_in_one_place_only() -> None:
    """Title, body and comments, put together again, are the file up to its tail."""
    article = article_of(EXAMPLE)
    text = (FOLDER / "reading-view" / EXAMPLE).read_text()
    heading = article.hints["comment_heading"]
    body = text[len(article.title) : text.index(heading)].strip("\n").replace("\n\n\n\n", "\n\n")
    assert article.body == body
    assert article.body.count("\u00a0") == 2
    comments = text[text.index(heading) + len(heading) : text.index("Leave a Reply")]
    blocks = [block.split(". ", 1)[1] for block in comments.split("\n\n") if block]
    assert [comment.body for comment in article.comments] == blocks


def test_the_six_glued_places_of_the_example_are_hints() -> None:
    article = article_of(EXAMPLE)
    places = article.hints["glue"] + [
        place for comment in article.comments for place in comment.hints.get("glue", [])
    ]
    assert len(places) == 6


@pytest.mark.parametrize("page", PAGES)
def test_what_the_reading_view_kept_is_read(page: str) -> None:
    article = article_of(f"{page}.resiliparse.txt")
    counts = counts_of(page)
    # Two pages were measured by other words than their reading view has; it holds both comments.
    expected = 2 if page.startswith("readability") else int(counts["kept_by_resiliparse"])
    assert len(article.comments) == expected
    assert article.declared == int(counts["declared"].split()[0])
    truth = truth_of(page)
    for comment in article.comments:
        text = words(comment.body)
        (match,) = [row for row in truth if words(row["text"].removesuffix("LikenLiken")).endswith(text)]
        assert comment.author_name in ("", match["author"])
        assert (comment.parent_key is not None) == (match["parent"] is not None)


def test_lost_comments_of_a_real_page_show_in_the_numbers() -> None:
    article = article_of("insubordinant.wordpress.com.speed.resiliparse.txt")
    assert [remark.code for remark in article.remarks] == ["number_gap", "count_mismatch"]
    assert article.comments[0].author_name == "keloph"


@pytest.mark.parametrize("page", PAGES)
def test_no_comment_is_in_the_body_nor_the_reverse(page: str) -> None:
    for kind in ("resiliparse.txt", "html2text.md"):
        article = article_of(f"{page}.{kind}")
        body = words(article.body)
        assert not any(words(comment.body) in body for comment in article.comments)
        assert "Gedanken zu" not in article.body
        assert all("Antwort abbrechen" not in comment.body for comment in article.comments)


@pytest.mark.parametrize("page", PAGES)
def test_a_markdown_page_gives_every_comment_with_id_and_author(page: str) -> None:
    article = article_of(f"{page}.html2text.md")
    truth = truth_of(page)
    assert len(article.comments) == int(counts_of(page)["comments_in_dom"])
    assert shape(article) == [(row["id"], row["parent"]) for row in truth]
    assert [comment.author_name for comment in article.comments] == [row["author"] for row in truth]
    assert article.remarks == []
    for comment, row in zip(article.comments, truth, strict=True):
        assert words(row["text"].removesuffix("LikenLiken")).endswith(words(comment.body))
        assert comment.posted_as_written
    title = json.loads((FOLDER / "html" / f"{page}.truth.json").read_text())["title"]
    assert words(title).startswith(words(article.title))


@pytest.mark.parametrize("page", PAGES)
def test_flattened_text_is_an_article_without_comments(page: str) -> None:
    article = article_of(f"{page}.trafilatura.txt")
    assert article.title == ""
    assert article.comments == []
    assert [remark.code for remark in article.remarks] == ["no_comments"]
