"""Pages in Markdown: the comments come with their ids, authors and dates."""

from pathlib import Path

import pytest

from forum.importing.records import RefusedError
from tests.importing.reading_view_samples import codes, read_text, shape

SITE = "https://crumbs.example"
PICTURE = "![](https://pictures.example/avatar/abc?s=56)"


def entry(marker: str, number: int, name: str, text: str) -> str:
    """One comment as html2text writes it."""
    return (
        f"{marker} {PICTURE} **{name}** says:\n\n"
        f"[ March 5\\, 2014 at 10:31 am  ]({SITE}/bread/#comment-{number})\n\n{text}\n\n"
        f"[Reply]({SITE}/bread/?replytocom={number}#respond)\n"
    )


def page(*entries: str, heading: str = '## 3 thoughts on "Baking bread"') -> str:
    """A page of a blog with navigation, article, comments, form and side column."""
    return (
        f"Skip to content\n\n# [Crumbs]({SITE}/)\n\n  * [Home]({SITE}/)\n  * [About]({SITE}/about)\n\n"
        "# Baking *bread*\n\nFlour and **water**.\n\n  1. knead\n  2. wait\n\n"
        f"{heading}\n\n"
        + "\n".join(entries)
        + f"\n\n\n### Leave a Reply [Cancel reply]({SITE}/bread/#respond)\n\n"
        f"Name *\n\n### Recent Comments\n\n  * [Ann]({SITE}/a) on [Slicing]({SITE}/slicing/#comment-9)\n"
    )


ANN = entry("  1.", 117, f"[Ann Lee]({SITE}/ann)", "Lovely.\n\n  1. first  \n  2. second")
JO = entry("     1.", 119, "Jo", "# not a heading of ours? \\*")
AL = entry("  2.", 118, "Al", "Mine burned.")


def test_ids_names_dates_and_tree_of_comments_are_read(tmp_path: Path) -> None:
    article = read_text(tmp_path, page(ANN, entry("     1.", 119, "Jo", "Thanks!"), AL))
    assert shape(article) == [("117", None), ("119", "117"), ("118", None)]
    assert [comment.author_name for comment in article.comments] == ["Ann Lee", "Jo", "Al"]
    assert [comment.author_url for comment in article.comments] == [f"{SITE}/ann", "", ""]
    assert {comment.posted_as_written for comment in article.comments} == {"March 5\\, 2014 at 10:31 am"}
    assert {comment.posted_at for comment in article.comments} == {None}
    bodies = [comment.body for comment in article.comments]
    assert bodies == ["Lovely.\n\n  1. first\n  2. second", "Thanks!", "Mine burned."]
    assert article.remarks == []


def indented(text: str, columns: int) -> str:
    """A comment as writers set it that indent what belongs to a list item."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"{' ' * columns}{line}" if line else "" for line in rest)])


def test_the_indentation_of_a_list_item_is_no_part_of_the_words(tmp_path: Path) -> None:
    ann = indented(entry("1. ", 117, "Ann", "Lovely.\n\n    code\n\n1.  first\n2.  second\n\nSo."), 4)
    jo = indented(entry("    1. ", 119, "Jo", "Thanks!\nTwice."), 8)
    article = read_text(tmp_path, page(ann, jo, indented(AL.strip(), 4)))
    assert shape(article) == [("117", None), ("119", "117"), ("118", None)]
    assert [comment.body for comment in article.comments] == [
        "Lovely.\n\n    code\n\n1.  first\n2.  second\n\nSo.",
        "Thanks!\nTwice.",
        "Mine burned.",
    ]


def test_an_indented_comment_without_an_author_keeps_its_first_line(tmp_path: Path) -> None:
    text = f"1.  Lovely bread [#]({SITE}/bread/#comment-5)\n\n    Really.\n\n    > Quoted.\n"
    article = read_text(tmp_path, page(text, heading="## 1 comment"))
    (comment,) = article.comments
    assert (comment.author_name, comment.body.split("\n")[1:]) == ("", ["", "Really.", "", "> Quoted."])


def test_the_article_lies_between_its_heading_and_the_comments(tmp_path: Path) -> None:
    article = read_text(tmp_path, page(ANN, AL, heading="2 thoughts on “Baking bread”\n-----"))
    assert article.title == "Baking *bread*"
    assert article.body == "Flour and **water**.\n\n  1. knead\n  2. wait"
    assert article.declared == 2


def test_lists_marked_by_bullets_and_names_with_dates_are_read(tmp_path: Path) -> None:
    date = f"[3:12 pm]({SITE}/bread#comment-5)"
    line = f"  * {PICTURE} **[Ann]({SITE}/ann)** said, on August 3, 2019 at {date} **\n\nYes.\n"
    article = read_text(tmp_path, page(line, heading="### 1 comment"))
    comment = article.comments[0]
    assert (comment.key, comment.author_name, comment.posted_as_written) == (
        "5",
        "Ann",
        "August 3, 2019 at 3:12 pm",
    )
    assert (comment.body, comment.author_url) == ("Yes.", f"{SITE}/ann")


def test_a_theme_that_quotes_every_comment_does_not_show_in_them(tmp_path: Path) -> None:
    quoted = [entry("  1.", 1, "Ann", "> Lovely.\n>\n> Really."), entry("  2.", 2, "Jo", "> Yes.")]
    article = read_text(tmp_path, page(*quoted, heading="## 2 comments"))
    assert [comment.body for comment in article.comments] == ["Lovely.\n\nReally.", "Yes."]
    mixed = read_text(tmp_path, page(quoted[0], AL, heading="## 2 comments"))
    assert mixed.comments[0].body == "> Lovely.\n>\n> Really."


def test_lost_comments_are_reported_here_too(tmp_path: Path) -> None:
    article = read_text(tmp_path, page(entry("  2.", 118, "Al", "Mine burned.")))
    assert codes(article) == ["number_gap", "count_mismatch"]


@pytest.mark.parametrize("heading", ["## Thoughts", "## 3 comments"])
def test_a_page_without_a_list_of_comments_is_refused(tmp_path: Path, heading: str) -> None:
    with pytest.raises(RefusedError, match=r"^“page.txt” is a page in Markdown without a list of comments"):
        read_text(tmp_path, page("Nothing here.", heading=heading))


def test_signs_of_markdown_in_a_plain_page_stay_text(tmp_path: Path) -> None:
    lines = "# loud\n\n[a](http://a.example) [b](http://b.example)"
    text = f"Baking bread\n\n{lines}\n\n{lines}\n\n{lines}\n\n1 thought on “Baking bread”\n\n  1. # loud [a](http://a.example)"
    article = read_text(tmp_path, text)
    assert article.body == f"{lines}\n\n{lines}\n\n{lines}"
    assert article.comments[0].body == "# loud [a](http://a.example)"
