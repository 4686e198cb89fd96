"""A body that quotes what looks like a header stays one comment, unless the signs of the page agree (T12)."""

from pathlib import Path

import pytest

from forum.importing.formats.reading_view.items import split_said
from tests.importing.reading_view_samples import codes, page, read_text

FORM = "Post a Comment\n\nNewer Post Older Post Home"
QUOTED = "I quote:\n\nAdmin says:\n\nNo more bread.\n\nSo there."


def said(folder: Path, comments: str, heading: str) -> list[tuple[str, str]]:
    article = read_text(folder, page(comments, heading, FORM))
    assert article.body == "Flour and water.\n\nAnd patience."
    return [(comment.author_name, comment.body) for comment in article.comments]


@pytest.mark.parametrize("heading", ["2 comments:", "3 comments:", "Comments"])
def test_case_t12_a_line_of_another_form_than_the_pages_own_stays_body(tmp_path, heading):
    comments = f"Mary said...\n\n{QUOTED}\n\nJo said...\n\nMine burned."
    assert said(tmp_path, comments, heading) == [("Mary", QUOTED), ("Jo", "Mine burned.")]


@pytest.mark.parametrize("stamp", ["March 5, 2014 at 10:31 am", "March 5, 2014 at 10:31 am Reply"])
def test_case_t12_a_line_without_the_date_that_the_others_have_stays_body(tmp_path, stamp):
    comments = f"Mary says:\n\n{stamp}\n\n{QUOTED}\n\nJo says:\n\n{stamp}\n\nMine burned."
    assert said(tmp_path, comments, "3 comments") == [("Mary", QUOTED), ("Jo", "Mine burned.")]


def test_case_t12_more_of_them_than_announced_count_behind_a_button_only(tmp_path):
    quoted = QUOTED.replace("I quote:", "I quote.")
    comments = f"Mary says:\n\n{quoted}\n\nReply\n\nJo says:\n\nMine burned.\n\nReply"
    assert said(tmp_path, comments, "2 comments") == [("Mary", quoted), ("Jo", "Mine burned.")]


@pytest.mark.parametrize("leads", ["I quote:", "He wrote: “", "I quote this:”"])
def test_case_t12_more_of_them_than_announced_stay_body_behind_a_colon(tmp_path, leads):
    quoted = QUOTED.replace("I quote:", leads)
    comments = f"Mary says:\n\n{quoted}\n\nJo says:\n\nMine burned."
    assert said(tmp_path, comments, "2 comments") == [("Mary", quoted), ("Jo", "Mine burned.")]


def test_case_t12_signs_that_do_not_agree_split_and_the_count_tells(tmp_path):
    comments = "Mary says:\n\nLovely.\n\nAdmin says:\n\nNo more.\n\nJo says:\n\nMine burned."
    article = read_text(tmp_path, page(comments, "2 comments", FORM))
    assert [comment.author_name for comment in article.comments] == ["Mary", "Admin", "Jo"]
    assert codes(article) == ["count_mismatch"]


def test_case_t12_control_as_many_as_announced_are_comments_whatever_leads_to_them(tmp_path):
    comments = f"Mary says:\n\n{QUOTED}\n\nJo says:\n\nMine burned."
    assert [name for name, _body in said(tmp_path, comments, "3 comments")] == ["Mary", "Admin", "Jo"]


def test_case_t12_control_a_last_level_without_buttons_is_read_as_announced(tmp_path):
    comments = "Mary says:\n\nLovely.\n\nReply\n\nBob says:\n\nDeep.\n\nJo says:\n\nMine.\n\nReply"
    assert [name for name, _body in said(tmp_path, comments, "3 comments")] == ["Mary", "Bob", "Jo"]


@pytest.mark.timeout(20)
def test_a_hundred_thousand_blank_lines_and_headers_take_no_long_time():
    lines = ["Mary says:", *[""] * 100_000, *["Words.", "", "Jo says:", ""] * 5_000, "End."]
    assert len(split_said(lines, 3)) == 5_001
