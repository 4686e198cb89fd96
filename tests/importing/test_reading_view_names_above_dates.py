"""Comments below a plain heading are read where name and date stand above them, or refuse the text."""

from pathlib import Path

import pytest

from forum.importing.records import RefusedError
from tests.importing.reading_view_samples import read_text

TOP = "Baking bread\n\nFlour and water.\n\nAnd patience.\n\n2 Comments\n\n"
TIGHT = (
    "Mary Miller\nMarch 5, 2014 at 10:31 am\nLovely.\n\nTwice.\nReply\n"
    "Bob\n6 March 2014, 11:02\nYes.\nReply\n"
)
APART = TIGHT.replace("\n", "\n\n")


@pytest.mark.parametrize("comments", [APART, TIGHT, APART + "\nLeave a Reply\n\nYour name\n"])
def test_case_t4_a_name_above_a_date_with_its_time_begins_a_comment(tmp_path: Path, comments: str) -> None:
    article = read_text(tmp_path, TOP + comments)
    assert article.body == "Flour and water.\n\nAnd patience."
    assert [(c.author_name, c.posted_as_written, c.body) for c in article.comments] == [
        ("Mary Miller", "March 5, 2014 at 10:31 am", "Lovely.\n\nTwice."),
        ("Bob", "6 March 2014, 11:02", "Yes."),
    ]
    assert article.declared == 2


@pytest.mark.parametrize(
    "comments",
    [
        "Mary Miller\n\nLovely.\n\nReply\n\nBob\n\nYes.\n\nReply\n",
        "mary from the long valley behind the hill\n\nMarch 5, 2014 at 10:31 am\n\nLovely.\n",
        "Sort by newest\n\nMary Miller says:\n\nLovely.\n\nBob says:\n\nYes.\n",
    ],
)
def test_case_m8_comments_that_cannot_be_split_refuse_the_text(tmp_path: Path, comments: str) -> None:
    with pytest.raises(RefusedError, match=r"^The text announces 2 comments and holds none of them"):
        read_text(tmp_path, TOP + comments)


def test_control_a_line_of_the_article_that_counts_ideas_is_its_own(tmp_path: Path) -> None:
    text = "Baking bread\n\nFlour.\n\n2 ideas\n\nWater.\n\nWe met on March 5, 2014.\n\nAnd patience.\n"
    article = read_text(tmp_path, text)
    assert (article.comments, article.declared) == ([], None)
    assert "2 ideas" in article.body
