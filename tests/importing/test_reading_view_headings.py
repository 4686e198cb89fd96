"""Comment headings: their many forms, and lines that only look like one."""

from pathlib import Path

import pytest

from forum.importing.formats.reading_view.headings import heading_of, same_title
from tests.importing.reading_view_samples import codes, page, read_text

LIST = "  1. Lovely.\n\n  2. Mine burned."

FORMS = [
    ("18 thoughts on “Bread”", 18, "Bread"),
    ("11 thoughts on “Bread", 11, "Bread"),
    ("One thought on “I’ve been baking! That was quick.”", 1, "I’ve been baking! That was quick."),
    ("One comment", 1, ""),
    ("13 comments on Caption This!", 13, "Caption This!"),
    ("1 comment:", 1, ""),
    ("18 Comments", 18, ""),
    ('18 Responses to "2 loaves – “good” and 3 bad"', 18, "2 loaves – “good” and 3 bad"),
    ("7 responses »", 7, ""),
    ("Comments (12)", 12, ""),
    ("Kommentare 4", 4, ""),
    ("4 Kommentare", 4, ""),
    ("3 Gedanken zu „Brot“", 3, "Brot"),
    ("Ein Gedanke zu „Brot“", 1, "Brot"),
    ("2 Antworten zu “Brot”", 2, "Brot"),
    ("2 Antworten", 2, ""),
    ("Se han publicado 6 comentarios", 6, ""),
    ("3 comentarios en «Pan»", 3, "Pan"),
    ("5 commentaires", 5, ""),
    ("2 réflexions au sujet de « Pain »", 2, "Pain"),
    ("1,204 thoughts on “Bread”", 1204, "Bread"),
    ("18 RESPONSES TO BREAD", 18, "BREAD"),
    ('Comments on "Bread"', None, "Bread"),
    ("No comments:", 0, ""),
]


@pytest.mark.parametrize(("line", "declared", "quoted"), FORMS)
def test_a_heading_tells_number_and_title(line: str, declared: int | None, quoted: str) -> None:
    heading = heading_of(line)
    assert heading is not None
    assert (heading.declared, heading.quoted) == (declared, quoted)


@pytest.mark.parametrize(
    "line",
    ["Top 10 comments on life", "Her comments on bread", "18", "18 loaves of bread", "One",
     "Posted onAuthorAnn4 Kommentare",     "10 comments that made me laugh", "Commentary", "x" * 500],
)  # fmt: skip
def test_other_lines_are_no_headings(line: str) -> None:
    assert heading_of(line) is None


@pytest.mark.parametrize("line", [line for line, declared, _ in FORMS if declared])
def test_every_form_is_found_above_a_list(tmp_path: Path, line: str) -> None:
    article = read_text(tmp_path, page(LIST, line, "Leave a Reply"))
    assert len(article.comments) == 2
    assert article.body == "Flour and water.\n\nAnd patience."
    assert article.declared == heading_of(line).declared  # type: ignore[union-attr]


def test_titles_are_compared_loosely() -> None:
    assert same_title("It’s “Bread” – again", 'it\'s "bread"  -  AGAIN')
    assert same_title("Obligatory apprec", "Obligatory appreciation post")
    assert same_title("!!!", "!!!")
    assert not same_title("Bread", "Breadcrumbs and more")
    assert not same_title("", "")


@pytest.mark.parametrize(
    "title", ["Top 10 comments on life", "2 thoughts on life", "3 “odd” quotes – and dashes"]
)
def test_a_title_that_reads_like_a_heading_stays_the_title(tmp_path: Path, title: str) -> None:
    text = page(LIST, f"2 thoughts on “{title}”", "Leave a Reply").replace("Baking bread", title, 1)
    article = read_text(tmp_path, text)
    assert (article.title, article.declared, len(article.comments)) == (title, 2, 2)
    assert article.body.startswith("Flour")


@pytest.mark.parametrize(
    "line", ["Top 10 comments on bread", "2 thoughts on life", "10 comments", "2 thoughts on “life”"]
)
def test_a_line_of_the_article_that_reads_like_a_heading_stays_in_it(tmp_path: Path, line: str) -> None:
    inner = f"{line}\n\n  1. crust\n  2. crumb\n\nSo much for that."
    article = read_text(
        tmp_path, page(LIST, "2 thoughts on “Baking bread”").replace("Flour and water.", inner)
    )
    assert inner in article.body
    assert len(article.comments) == 2
    alone = read_text(tmp_path, f"Baking bread\n\nFlour and water.\n\n{inner}\n")
    assert inner in alone.body
    assert codes(alone) == ["no_comments"]


def test_the_number_of_comments_below_the_title_is_not_the_heading(tmp_path: Path) -> None:
    text = page(LIST, "2 comments", "Leave a Reply").replace("Flour", "2 responses\n\nFlour", 1)
    article = read_text(tmp_path, text)
    assert article.body.startswith("Flour")
    assert len(article.comments) == 2


def test_a_matching_title_outweighs_a_later_heading(tmp_path: Path) -> None:
    comments = "  1. See\n\n  2. Mine"
    text = page(comments, "2 thoughts on “Baking bread”", "Leave a Reply\n\nRecent Posts\n\n3 comments")
    assert len(read_text(tmp_path, text).comments) == 2


def test_form_lines_may_stand_between_heading_and_list(tmp_path: Path) -> None:
    between = "2 comments\n\nPost a comment\n\nSubscribe to comments with RSS."
    article = read_text(tmp_path, page(LIST, between))
    assert len(article.comments) == 2
    assert article.body.endswith("And patience.")


def test_without_a_heading_the_form_behind_a_list_tells_that_it_holds_comments(tmp_path: Path) -> None:
    for form in (
        "Leave a Reply",
        "Please note that all comments are moderated and may be removed",
        "Post a Comment",
    ):
        article = read_text(tmp_path, page(LIST, "").rstrip() + f"\n\n{form}\n")
        assert [comment.body for comment in article.comments] == ["Lovely.", "Mine burned."]
        assert article.declared is None
        assert codes(article) == ["reading_doubtful"]
        assert article.body == "Flour and water.\n\nAnd patience."


def test_without_a_heading_the_form_may_stand_before_the_list(tmp_path: Path) -> None:
    article = read_text(tmp_path, page(LIST, "Leave a Reply to Mary Ann Cancel reply"))
    assert len(article.comments) == 2
    assert article.hints["reply_form_name"] == "Mary Ann"
    assert article.body == "Flour and water.\n\nAnd patience."


def test_a_form_and_an_author_line_may_enclose_a_list_without_heading(tmp_path: Path) -> None:
    text = page(LIST, "Leave a Reply to Mary\n\nCancel reply", "By Ann\n\nRecent Posts\n\nRecent Comments")
    article = read_text(tmp_path, text)
    assert len(article.comments) == 2
    assert article.hints["reply_form_name"] == "Mary"


@pytest.mark.parametrize("above", ["References", "What you need:", "Quellen"])
def test_case_t9_a_list_that_ends_the_article_is_not_its_comments(tmp_path: Path, above: str) -> None:
    text = page(LIST, above, "Leave a Reply")
    article = read_text(tmp_path, text)
    assert article.comments == []
    assert article.body.endswith("2. Mine burned.")


def test_case_t9_a_plain_list_that_ends_the_article_is_not_its_comments(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  • rye\n  • wheat", "You need", "Leave a Reply"))
    assert article.comments == []
    assert article.body.endswith("  • rye\n  • wheat")
