"""Lists of a reading view: their tree, their numbers, and what the numbers tell of lost comments."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.importing.reading_view_samples import codes, page, read_text, shape

Node = tuple[str, list["Node"]]


def test_markers_of_all_kinds_make_one_tree(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  1. a\n\n    • b\n\n      1) c\n\n  2. d\n\n    • e\n\n    • f"))
    expected = [("1", None), ("1.1", "1"), ("1.1.1", "1.1"), ("2", None), ("2.1", "2"), ("2.2", "2")]
    assert shape(article) == expected


@pytest.mark.parametrize("sign", ["*", "-"])
def test_stars_and_dashes_count_where_the_list_begins_so(tmp_path: Path, sign: str) -> None:
    article = read_text(tmp_path, page(f"  {sign} a\n\n    {sign} b\n\n  {sign} c"))
    assert shape(article) == [("1", None), ("1.1", "1"), ("2", None)]
    other = read_text(tmp_path, page(f"  1. a\n\n    {sign} not an answer\n\n  2. c", "2 comments"))
    assert other.comments[0].body == f"a\n\n{sign} not an answer"


def test_paragraphs_and_line_breaks_of_a_comment_stay(tmp_path: Path) -> None:
    article = read_text(
        tmp_path, page("  10. one\n    two\n\n    three\n\n\n    four\n\n  11. b", "2 comments")
    )
    assert [comment.body for comment in article.comments] == ["one\ntwo\n\nthree\n\nfour", "b"]


def test_a_year_at_the_start_of_a_line_is_no_item(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  1. It was in\n    2014. What a year\n\n  2. b", "2 comments"))
    assert article.comments[0].body == "It was in\n2014. What a year"


def test_case_t1_numbers_that_restart_without_indentation_are_flat_and_reported(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("1. a\n\n1. b\n\n2. c", tail="Leave a Reply"))
    assert shape(article) == [("1", None), ("1#2", None), ("2", None)]
    assert [comment.parent_certain for comment in article.comments] == [True, False, False]
    assert codes(article) == ["parent_inferred", "parent_suggested", "parent_suggested"]
    assert article.remarks[0].source_id == "1#2"


def test_case_t1_restarted_numbers_with_indentation_need_no_guess(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  1. a\n\n    1. b\n\n  2. c"))
    assert article.remarks == []


def test_case_t2_a_gap_in_the_numbers_is_reported(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  2. a\n\n  5. b\n\n    2. c", "6 comments"))
    gaps = [(remark.source_id, remark.message) for remark in article.remarks if remark.code == "number_gap"]
    assert gaps == [
        ("2", "1 comment is missing before 2, by the numbers."),
        ("5", "2 comments are missing between 2 and 5, by the numbers."),
        ("5.2", "1 comment is missing before 5.2, by the numbers."),
    ]


def test_case_t2_replies_right_before_a_gap_may_answer_the_lost_comment(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  2. a\n\n    1. b\n\n      1. c\n\n  7. d", "7 comments"))
    assert shape(article) == [("2", None), ("2.1", "2"), ("2.1.1", "2.1"), ("7", None)]
    assert [comment.parent_certain for comment in article.comments] == [True, False, True, True]
    assert article.comments[1].confidence == 0.5
    assert [remark.source_id for remark in article.remarks if remark.code == "parent_inferred"] == ["2.1"]


def test_case_t2_a_list_inside_a_comment_is_not_split(tmp_path: Path) -> None:
    inner = "I say:\n\n    1. knead\n    2. wait\n\n    And bake."
    article = read_text(tmp_path, page(f"  1. {inner}\n\n    1. Yes\n\n  2. No"))
    assert [comment.body for comment in article.comments] == [
        "I say:\n\n1. knead\n2. wait\n\nAnd bake.",
        "Yes",
        "No",
    ]
    assert codes(article) == ["reading_doubtful"]


def test_case_t2_a_list_right_below_a_colon_is_not_split(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  1. I say:\n    1. knead\n    2. wait", "1 comment"))
    assert [comment.body for comment in article.comments] == ["I say:\n1. knead\n2. wait"]


def test_case_t2_a_list_above_the_last_paragraph_is_not_split(tmp_path: Path) -> None:
    article = read_text(
        tmp_path, page("  1. I say\n\n    1. knead\n\n    2. wait\n\n    And bake.\n\n  2. No", "2 comments")
    )
    assert [comment.body for comment in article.comments] == [
        "I say\n\n1. knead\n\n2. wait\n\nAnd bake.",
        "No",
    ]
    assert codes(article) == ["reading_doubtful"]


def test_case_t2_replies_below_a_colon_are_reported_as_doubtful(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  1. I say:\n\n    1. Yes\n\n  2. No"))
    assert shape(article) == [("1", None), ("1.1", "1"), ("2", None)]
    assert codes(article) == ["reading_doubtful"]


def test_case_t3_tabs_and_no_break_spaces_indent_too(tmp_path: Path) -> None:
    article = read_text(
        tmp_path, page("\t1. a\n\n\t\t1. b\n\n\u00a0\u00a0\u00a0\u00a02. c\n\n  2. d", "4 comments")
    )
    assert shape(article) == [("1", None), ("1.1", "1"), ("1.2", "1"), ("2", None)]


def test_case_t3_a_list_without_indentation_is_flat(tmp_path: Path) -> None:
    article = read_text(
        tmp_path,
        page("1. a\nmore of a\n\n2. b\n\nmore of b\n\n3. c", tail="Leave a Reply\n\nContinue reading"),
    )
    assert [comment.body for comment in article.comments] == ["a\nmore of a", "b\n\nmore of b", "c"]
    assert article.remarks == []


def test_a_first_item_that_is_too_deep_has_lost_its_parent(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("      1. a\n\n        1. b\n\n  1. c"))
    assert shape(article) == [("?.1", None), ("?.1.1", "?.1"), ("1", None)]
    first = article.comments[0]
    assert (first.parent_certain, first.confidence) == (False, 0.3)
    assert [(remark.code, remark.source_id) for remark in article.remarks] == [("parent_inferred", "?.1")]


def test_a_leap_in_the_indentation_is_uncertain(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  1. a\n\n      1. b\n\n  2. c"))
    assert shape(article) == [("1", None), ("1.1", "1"), ("2", None)]
    assert not article.comments[1].parent_certain
    assert codes(article) == ["parent_inferred"]


def test_text_at_the_margin_belongs_to_the_comment_when_the_numbers_go_on(tmp_path: Path) -> None:
    article = read_text(
        tmp_path, page("  1. a\n\nstill a\n\n  2. b", "2 comments", "Recent Posts\n\n  • Slicing")
    )
    assert [comment.body for comment in article.comments] == ["a\n\nstill a", "b"]


def test_text_below_the_comments_is_left_out_and_reported(tmp_path: Path) -> None:
    article = read_text(tmp_path, page("  1. a\n\n  2. b", "2 comments on Baking bread", "Something\n\nelse"))
    assert [comment.body for comment in article.comments] == ["a", "b"]
    assert article.hints["after_comments"] == "Something\n\nelse"
    assert codes(article) == ["text_left_out"]


def test_comments_below_author_lines_need_no_list(tmp_path: Path) -> None:
    said = "Evening Writer said...\n\nLovely.\n\nHe said: no.\n\nJo said...\nMine\n\nburned."
    article = read_text(tmp_path, page(said, "2 comments:", "Post a Comment\n\nNewer Post Older Post Home"))
    assert [comment.author_name for comment in article.comments] == ["Evening Writer", "Jo"]
    assert [comment.body for comment in article.comments] == ["Lovely.\n\nHe said: no.", "Mine\n\nburned."]
    assert article.body == "Flour and water.\n\nAnd patience."
    assert article.remarks == []


def test_sixty_levels_are_read(tmp_path: Path) -> None:
    text = page("\n\n".join("  " * level + f"1. level {level}" for level in range(1, 1201)), "1200 comments")
    article = read_text(tmp_path, text)
    assert article.comments[59].key == ".".join(["1"] * 60)
    assert article.comments[1199].parent_key == article.comments[1198].key
    assert article.remarks == []


LINE = st.text("abcdeäß ,.?!'\"“”’\u00a0<>&#*1", min_size=1, max_size=30).map(lambda text: f"x{text}x")
TEXT = st.lists(st.lists(LINE, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=3).map(
    "\n\n".join
)
TREES = st.recursive(
    st.lists(st.tuples(TEXT, st.just([])), min_size=1, max_size=4),
    lambda inner: st.lists(st.tuples(TEXT, st.one_of(st.just([]), inner)), min_size=1, max_size=4),
    max_leaves=25,
)


def written(nodes: list[Node], level: int, bullets: bool) -> list[str]:
    """A tree of comments as a reading view writes it."""
    blocks = []
    for number, (text, replies) in enumerate(nodes, start=1):
        indent = "  " * level
        marker = "•" if bullets and level % 2 == 0 else f"{number}."
        blocks.append(
            f"{indent}{marker} " + text.replace("\n", f"\n{indent}  ").replace(f"\n{indent}  \n", "\n\n")
        )
        blocks.extend(written(replies, level + 1, bullets))
    return blocks


def flattened(nodes: list[Node], stem: str = "") -> list[tuple[str, str | None, str]]:
    """Key, parent and text of all comments of a tree."""
    rows: list[tuple[str, str | None, str]] = []
    for number, (text, replies) in enumerate(nodes, start=1):
        key = f"{stem}.{number}" if stem else str(number)
        rows.append((key, stem or None, text))
        rows.extend(flattened(replies, key))
    return rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    tree=TREES,
    bullets=st.booleans(),
    tail=st.sampled_from(["", "Leave a Reply", "Discover more from Us\n\nContinue reading"]),
)
def test_any_tree_that_is_written_out_is_read_back(
    tmp_path: Path, tree: list[Node], bullets: bool, tail: str
) -> None:
    rows = flattened(tree)
    text = page("\n\n".join(written(tree, 1, bullets)), f"{len(rows)} comments on “Baking bread”", tail)
    article = read_text(tmp_path, text)
    assert [(comment.key, comment.parent_key, comment.body) for comment in article.comments] == rows
    assert article.body == "Flour and water.\n\nAnd patience."
    assert article.remarks == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    lines=st.lists(
        st.sampled_from(
            [
                "",
                "",
                "  1. a",
                "    1. b",
                "  2. c",
                "• d",
                "      3) e",
                "text",
                "    text:",
                "Leave a Reply",
                "\t- f",
                "3 comments",
                "Ann says:",
                "Reply",
                "Continue reading",
                "2 thoughts on “text”",
                "  • Pingback: x",
                "99999. y",
                "References",
            ]
        ),
        max_size=40,
    )
)
def test_no_order_of_lines_breaks_the_reader(tmp_path: Path, lines: list[str]) -> None:
    try:
        article = read_text(tmp_path, "start\n\n" + "\n".join(lines))
    except Exception as error:
        assert type(error).__name__ == "RefusedError", repr(error)  # noqa: PT017
        return
    keys = [comment.key for comment in article.comments]
    assert len(keys) == len(set(keys))
    for place, comment in enumerate(article.comments):
        assert comment.parent_key is None or comment.parent_key in keys[:place]
        assert comment.position == place + 1
