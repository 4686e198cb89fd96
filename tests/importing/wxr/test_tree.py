"""Who answers whom in a WXR file, whatever the order and however broken (cases C4 to C7, C12, C13, D8)."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.importing.records import Remark
from tests.importing.wxr.samples import article, articles, codes, comment, item, read_all, tree, wxr


def test_case_c4_a_child_before_its_parent_and_with_a_lower_id_hangs_on_it(tmp_path):
    found = article(tmp_path, comment("1", "9"), comment("10", "1"), comment("9"))
    assert tree(found.comments) == [("9", None), ("1", "9"), ("10", "1")]
    assert [one.position for one in found.comments] == [1, 2, 3]


def test_brothers_stand_by_date_and_then_by_number(tmp_path):
    found = article(
        tmp_path,
        comment("10"),
        comment("9"),
        comment("3", date_gmt="2014-03-05 12:00:00"),
        comment("4", date="", date_gmt=""),
    )
    assert [one.key for one in found.comments] == ["9", "10", "3", "4"]


def test_case_c5_an_answer_to_what_is_not_there_is_a_root_and_told(tmp_path):
    found = article(tmp_path, comment("1"), comment("2", "77"), comment("3", "2"))
    assert tree(found.comments) == [("1", None), ("2", None), ("3", "2")]
    assert [one.parent_certain for one in found.comments] == [True, False, True]
    assert codes(found.remarks) == ["parent_missing"]


@pytest.mark.parametrize("state", ["spam", "trash", "0"])
def test_case_c6_an_answer_to_what_is_not_public_stays_below_it(tmp_path, state):
    found = article(tmp_path, comment("1", approved=state), comment("2", "1"))
    assert tree(found.comments) == [("1", None), ("2", "1")]
    assert found.comments[1].state == "visible"


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ({"3": "3"}, [("3", None)]),
        ({"3": "4", "4": "3"}, [("3", None), ("4", "3")]),
        ({"5": "6", "6": "7", "7": "5"}, [("5", None), ("7", "5"), ("6", "7")]),
        ({"2": "4", "3": "4", "4": "3"}, [("3", None), ("4", "3"), ("2", "4")]),
    ],
)
def test_case_c7_a_circle_is_broken_at_its_lowest_number(tmp_path, parents, expected):
    found = article(tmp_path, *(comment(key, parent) for key, parent in parents.items()))
    assert tree(found.comments) == expected
    assert codes(found.remarks) == ["parent_circle"]
    assert not found.comments[0].parent_certain


def test_case_c7_a_parent_under_another_post_is_no_parent(tmp_path):
    other = item(comment("1"), post_id="13", link="https://blog.example/13")
    for both in ((item(comment("2", "1")), other), (other, item(comment("2", "1")))):
        records = read_all(tmp_path, wxr(*both))
        (mine,) = (one for one in records if getattr(one, "source_id", "") == "12")
        assert tree(mine.comments) == [("2", None)]
        assert codes(mine.remarks) == ["parent_missing"]
        (told,) = (one for one in records if isinstance(one, Remark))
        assert (told.code, told.source_id) == ("parent_elsewhere", "2")
        assert told.message == "Comment 2 answers 1, which stands under another post (13)."


def test_case_c7_control_a_parent_that_is_nowhere_or_in_a_circle_stands_under_no_other_post(tmp_path):
    mine = item(comment("2", "99"), comment("3", "4"), comment("4", "3"))
    records = read_all(tmp_path, wxr(mine, item(comment("5"), post_id="13", link="https://blog.example/13")))
    assert codes(records) == []
    assert "this article does not hold" in records[0].remarks[0].message


def test_case_c12_a_chain_of_sixty_is_kept_whole(tmp_path):
    found = article(tmp_path, *(comment(str(n), str(n - 1)) for n in range(60, 0, -1)))
    assert tree(found.comments)[-1] == ("60", "59")
    assert len(found.comments) == 60


def test_case_c13_five_thousand_comments_in_one_chain_take_seconds(tmp_path):
    found = article(tmp_path, *(comment(str(n), str(n - 1)) for n in range(1, 5001)))
    assert len(found.comments) == 5000


def test_case_d8_an_answer_older_than_its_parent_stays_its_answer_and_is_told(tmp_path):
    found = article(tmp_path, comment("1"), comment("2", "1", date="", date_gmt="2014-01-01 00:00:00"))
    assert tree(found.comments) == [("1", None), ("2", "1")]
    assert codes(found.remarks) == ["older_than_parent"]


_COMMENTS = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "3", "4", "10", "11"]),
        st.sampled_from(["0", "1", "2", "3", "4", "10", "99"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["2014-03-05 10:31:07", "2014-03-05 10:31:08", "0000-00-00 00:00:00"]),
        st.sampled_from(["1", "0", "spam"]),
    ),
    max_size=12,
)


@given(_COMMENTS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_case_c4_any_order_of_the_file_gives_the_same_tree(made, random):
    written = [
        comment(number, parent, text, date="", date_gmt=date, approved=approved)
        for number, parent, text, date, approved in made
    ]
    shuffled = random.sample(written, len(written))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        ordered, mixed = article(path, *written), article(path, *shuffled)
    assert ordered == mixed
    keys = [one.key for one in ordered.comments]
    assert len(keys) == len(set(keys))
    assert all(one.parent_key is None or one.parent_key in keys[:n] for n, one in enumerate(ordered.comments))


@given(st.permutations(range(6)))
@settings(max_examples=20, deadline=None)
def test_case_c4_any_order_of_the_items_gives_the_same_articles(order):
    made = [
        item(comment(str(n), str(n - 1)), post_id=str(n // 2), link=f"https://blog.example/{n // 2}")
        for n in range(6)
    ]
    with tempfile.TemporaryDirectory() as folder:
        found = articles(Path(folder), wxr(*(made[n] for n in order)))
    by_id = {one.source_id: tree(one.comments) for one in found}
    assert by_id == {
        "0": [("1", None), ("#1", None)],
        "1": [("2", None), ("3", "2")],
        "2": [("4", None), ("5", "4")],
    }
