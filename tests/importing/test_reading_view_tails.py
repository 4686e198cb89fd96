"""What surrounds a comment's text: author lines, buttons, forms, pop-ups, side columns."""

import datetime
import itertools
from pathlib import Path

import pytest

from tests.importing.reading_view_samples import codes, page, read_text

LIST = "  1. Lovely.\n\n  2. Mine burned."
TAIL = [
    "Leave a Reply to Jo SmithCancel reply",
    "Discover more from Crumbs",
    "Subscribe now to keep reading and get access to the full archive.",
    "Continue reading",
]
HEADERS = [
    ("Ann says:", "Ann", ""),
    ("Ann Lee said...", "Ann Lee", ""),
    ("keloph schreibt:", "keloph", ""),
    ("Ann sagt:", "Ann", ""),
    ("Anonymous says:", "Anonymous", ""),
    ("Ann Lee wrote on March 11th, 2015 at 02:57:", "Ann Lee", "March 11th, 2015 at 02:57"),
    ("ann said, on August 3, 2019 at 3:12 pm", "ann", "August 3, 2019 at 3:12 pm"),
    ("Ann Lee July 27, 2018 / 12:26 pm", "Ann Lee", "July 27, 2018 / 12:26 pm"),
    ("Ann Lee on March 5, 2014 at 10:31 am", "Ann Lee", "March 5, 2014 at 10:31 am"),
    ("Ann / March 5, 2014 at 10:31 am / Reply", "Ann", "March 5, 2014 at 10:31 am"),
    ("AnnMarch 5, 2014 at 10:31 am", "", ""),
    ("Lee, Ann says:", "Lee, Ann", ""),
    ("Who says Who says:", "", ""),
    ("Ann Lee wrote on", "Ann Lee", ""),
    ("Ann sagt: 12. März 2014 um 10:31 Uhr", "", ""),
    ("My doctor says:", "", ""),
    ("We met on March 5, 2014", "", ""),
    ("He said: no.", "", ""),
]


@pytest.mark.parametrize(("line", "name", "when"), HEADERS)
def test_case_t4_the_line_with_author_and_date_is_read(
    tmp_path: Path, line: str, name: str, when: str
) -> None:
    article = read_text(tmp_path, page(f"  1. {line}\n\n    Lovely.\n\n  2. Mine burned.\n\n  3. No."))
    first = article.comments[0]
    assert (first.author_name, first.posted_as_written) == (name, when)
    assert first.body == ("Lovely." if name else f"{line}\n\nLovely.")
    assert first.posted_at is None


def test_case_t4_a_date_below_the_name_is_read(tmp_path: Path) -> None:
    article = read_text(
        tmp_path, page("  1. JT »\n\n    20 November 2012 · 2:12 pm\n\n    Lovely.", "1 comment")
    )
    first = article.comments[0]
    assert (first.author_name, first.posted_as_written) == ("JT", "20 November 2012 · 2:12 pm")
    assert first.body == "Lovely."


def test_case_t4_a_date_is_a_moment_only_with_its_time_zone(tmp_path: Path) -> None:
    lines = [
        "Ann on March 5, 2014 at 10:31 pm UTC",
        "Jo on 2014-03-05 22:31:00 +02:00",
        "Al on March 35, 2014 at 1:00 UTC",
    ]
    article = read_text(
        tmp_path, page("\n\n".join(f"  {n}. {line}\n\n    x" for n, line in enumerate(lines, start=1)))
    )
    two_hours = datetime.timezone(datetime.timedelta(hours=2))
    assert [comment.posted_at for comment in article.comments] == [
        datetime.datetime(2014, 3, 5, 22, 31, tzinfo=datetime.UTC),
        datetime.datetime(2014, 3, 5, 22, 31, tzinfo=two_hours),
        None,
    ]
    assert article.comments[2].posted_as_written == "March 35, 2014 at 1:00 UTC"


def test_case_t4_a_lone_name_stays_in_the_text(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  1. Ann Lee\n\n    Lovely.\n\n  2. Ann says:", "2 comments"))
    assert [comment.author_name for comment in article.comments] == ["", ""]
    assert article.comments[0].body == "Ann Lee\n\nLovely."
    assert article.comments[1].body == "Ann says:"


def test_case_t12_lines_like_headers_inside_a_comment_stay_text(tmp_path: Path) -> None:
    body = "Look.\n\n    Admin says:\n\n    Buy this!\n\n    2 comments\n\n    Leave a Reply\n\n    Nice."
    article = read_text(tmp_path, page(f"  1. {body}\n\n  2. Admin says: buy\n\n    now", "2 comments"))
    assert [comment.author_name for comment in article.comments] == ["", ""]
    assert article.comments[0].body == body.replace("\n    ", "\n")
    assert article.comments[1].body == "Admin says: buy\n\nnow"


def test_doubtful_headers_count_where_most_comments_have_one(tmp_path: Path) -> None:
    comments = "\n\n".join(
        f"  {n}. {name} says:\n\n    x" for n, name in enumerate(["The Baker", "Ann", "Jo"], start=1)
    )
    article = read_text(tmp_path, page(comments))
    assert [comment.author_name for comment in article.comments] == ["The Baker", "Ann", "Jo"]


@pytest.mark.parametrize(
    "button",
    ["Liked by 1 person", "Liked by 12 people", "Like", "Liken", "Reply", "Antwort", "ReplyDelete",
     "Loading...",     "Like\n\n    Reply", "Liked by 2 people\n    Reply"],
)  # fmt: skip
def test_case_t5_buttons_below_a_comment_are_cut_and_never_inside_it(tmp_path: Path, button: str) -> None:
    article = read_text(
        tmp_path,
        page(
            f"  1. Like\n\n    Reply\n\n    it.\n\n    {button}\n\n    1. Reply\n\n  2. I Like", "3 comments"
        ),
    )
    assert [comment.body for comment in article.comments] == ["Like\n\nReply\n\nit.", "Reply", "I Like"]


def test_a_comment_that_waits_for_approval_is_held(tmp_path: Path) -> None:
    notice = "Your comment is awaiting moderation."
    article = read_text(
        tmp_path, page(f"  1. Ann says:\n\n    {notice}\n\n    Lovely.\n\n  2. {notice}", "2 comments")
    )
    first, second = article.comments
    assert (first.state, first.body, first.author_name) == ("held", "Lovely.", "Ann")
    assert (second.state, second.body) == ("visible", notice)


def test_pingbacks_are_told_from_comments(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  1. a\n\n  2. Pingback: Slicing bread\n\n  3. Trackback: Eating"))
    assert [comment.kind for comment in article.comments] == ["comment", "pingback", "trackback"]
    assert [comment.body for comment in article.comments] == ["a", "Slicing bread", "Eating"]
    assert article.remarks == []


@pytest.mark.parametrize(
    "lines", [*itertools.permutations(TAIL), *itertools.combinations(TAIL, 2), *zip(TAIL, strict=True)]
)
@pytest.mark.parametrize("indent", ["  ", ""])
def test_case_t6_page_ends_vanish_in_every_order(tmp_path: Path, lines: tuple[str, ...], indent: str) -> None:
    comments = f"{indent}1. Lovely.\n\n{indent}2. Mine burned."
    article = read_text(tmp_path, page(comments, "2 comments on “Baking bread”", "\n\n".join(lines)))
    assert [comment.body for comment in article.comments] == ["Lovely.", "Mine burned."]
    assert article.body == "Flour and water.\n\nAnd patience."
    assert article.remarks == []
    assert article.site_name == ("Crumbs" if TAIL[1] in lines else "")
    assert article.hints.get("reply_form_name", "") == ("Jo Smith" if TAIL[0] in lines else "")
    assert all(not comment.author_name for comment in article.comments)


@pytest.mark.parametrize("lines", list(itertools.permutations(TAIL)))
def test_case_t6_page_ends_vanish_from_an_article_without_comments(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    article = read_text(
        tmp_path, "Baking bread\n\nFlour and water.\n\nAnd patience.\n\n" + "\n\n".join(lines)
    )
    assert article.body == "Flour and water.\n\nAnd patience."
    assert codes(article) == ["no_comments"]
    assert (article.site_name, article.hints["reply_form_name"]) == ("Crumbs", "Jo Smith")


@pytest.mark.parametrize("line", TAIL)
def test_case_t6_page_ends_inside_a_sentence_stay(tmp_path: Path, line: str) -> None:
    said = f"Why do I see {line} here?"
    article = read_text(
        tmp_path, page(f"  1. a\n\n  2. {said}\n\n    {line} it says", "2 comments", "Leave a Reply")
    )
    assert article.comments[1].body == f"{said}\n\n{line} it says"
    body = read_text(
        tmp_path, f"Baking bread\n\n{said}\n\n{line}\n\n" + "That was a joke of course, as ever. " * 12
    )
    assert line in body.body


def test_case_t6_a_form_inside_the_list_ends_no_thread(tmp_path: Path) -> None:
    comments = "  1. a\n\n    Leave a Reply to Ann Cancel reply\n\n    1. b\n\n  2. c"
    article = read_text(tmp_path, page(comments))
    assert [comment.body for comment in article.comments] == ["a", "b", "c"]
    assert article.hints["reply_form_name"] == "Ann"


def test_the_side_column_is_no_comment(tmp_path: Path) -> None:
    tail = (
        "By Ann\n\nRecent Posts\n\n  • Slicing bread\n\n  • Eating it\n\nRecent Comments\n\n  • Jo on Slicing"
    )
    article = read_text(tmp_path, page(LIST, "2 comments on “Baking bread”", tail))
    assert [comment.body for comment in article.comments] == ["Lovely.", "Mine burned."]
    none = read_text(
        tmp_path,
        "Baking bread\n\nFlour.\n\nAbout the author\n\nAdd comment\n\n"
        "By Ann\n\nRecent Posts\n\nRecent Comments",
    )
    assert (none.body, none.comments) == ("Flour.", [])


@pytest.mark.parametrize(
    ("declared", "comments", "message"),
    [
        (2, LIST, None),
        (18, LIST, "18 comments were declared and 2 found; 16 are not in the text."),
        (3, LIST, "3 comments were declared and 2 found; 1 is not in the text."),
        (1, LIST, "1 comment was declared and 2 found; 1 more than declared, so a comment may have been"
            " split."),
        (2, LIST + "\n\n  3. Pingback: x", None),
        (1, LIST + "\n\n  3. Pingback: x", "1 comment was declared and 3 found, 1 of them links"
            " from other sites; 2 more than declared."),
    ],
)  # fmt: skip
def test_case_t7_declared_and_found_are_compared(
    tmp_path: Path, declared: int, comments: str, message: str | None
) -> None:
    article = read_text(tmp_path, page(comments, f"{declared} comments"))
    assert article.declared == declared
    expected = [("count_mismatch", "", message)] if message else []
    assert [(remark.code, remark.source_id, remark.message) for remark in article.remarks] == expected


def test_further_pages_of_comments_explain_a_difference(tmp_path: Path) -> None:
    article = read_text(tmp_path, page(LIST, "60 comments", "← Older Comments\n\nLeave a Reply"))
    assert article.remarks[0].message.endswith("The page points to further pages of comments.")
