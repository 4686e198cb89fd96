"""Trees of Blogger comments: case G2, and C4 to C13 as far as a reader meets them."""

import time

import pytest

from tests.importing.blogger.samples import (
    BLOG,
    articles,
    codes,
    comment,
    comments,
    old_comment,
    old_entry,
    old_feed,
    old_post,
    skipped,
    tree,
)


def test_case_g2_the_answered_comment_is_the_related_link_and_not_what_in_reply_to_names() -> None:
    feed = old_feed(old_post(), old_comment(2), old_comment(3, parent=2), old_comment(4))
    assert tree(comments(feed)) == [("2", None), ("3", "2"), ("4", None)]


def test_case_g2_a_comment_without_in_reply_to_finds_its_post_by_its_own_feed() -> None:
    link = "<link rel='self' href='https://www.blogger.com/feeds/77/1/comments/default/5'/>"
    (article,) = articles(old_feed(old_post(), old_entry("comment", 5, link)))
    assert [each.key for each in article.comments] == ["5"]


def test_case_c4_a_parent_may_stand_later_and_have_the_higher_id() -> None:
    feed = old_feed(old_comment(2, parent=9), old_comment(3, parent=2), old_comment(9), old_post())
    assert tree(comments(feed)) == [("9", None), ("2", "9"), ("3", "2")]


def test_comments_stand_by_date_and_equal_dates_by_the_size_of_the_id() -> None:
    early = "2012-05-01T01:00:00Z"
    feed = old_feed(
        old_post(), old_comment(100), old_comment(20), old_comment(3), old_comment(999, published=early)
    )
    found = comments(feed)
    assert [each.key for each in found] == ["999", "3", "20", "100"]
    assert [each.position for each in found] == [1, 2, 3, 4]


def test_case_c5_a_comment_whose_parent_is_missing_is_a_root_that_says_so() -> None:
    (article,) = articles(old_feed(old_post(), old_comment(3, parent=2)))
    (found,) = article.comments
    assert (found.parent_key, found.parent_certain, found.confidence) == (None, False, 0.0)
    assert found.hints["parent_as_written"] == "2"
    assert [(r.code, r.source_id) for r in article.remarks] == [("parent_missing", "3")]


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ({2: 2}, [("2", None)]),
        ({2: 10, 10: 2}, [("2", None), ("10", "2")]),
        ({30: 2, 4: 30, 2: 4, 5: 30}, [("2", None), ("30", "2"), ("4", "30"), ("5", "30")]),
    ],
)
def test_case_c7_circles_are_cut_at_the_lowest_id(
    links: dict[int, int], expected: list[tuple[str, str | None]]
) -> None:
    for order in (links, dict(reversed(links.items()))):
        feed = old_feed(old_post(), *(old_comment(key, parent=parent) for key, parent in order.items()))
        (article,) = articles(feed)
        assert tree(article.comments) == expected
        assert [(r.code, r.source_id) for r in article.remarks] == [("parent_circle", "2")]


def test_case_c7_a_parent_under_another_post_is_no_parent() -> None:
    feed = old_feed(old_post(1), old_post(7), old_comment(2, post=7), old_comment(3, post=1, parent=2))
    one, other = articles(feed)
    assert tree(one.comments) == [("3", None)]
    assert tree(other.comments) == [("2", None)]
    assert codes(one.remarks) == ["parent_missing"]
    assert "stands under another post (7)" in one.remarks[0].message


def test_case_c8_other_words_under_the_same_id_are_a_second_comment() -> None:
    later = old_comment(2, body="B", updated="2020-01-01T00:00:00Z")
    feed = old_feed(old_post(), old_comment(2, body="A"), later, old_comment(3, parent=2))
    (article,) = articles(feed)
    assert {(c.key, c.body, c.has_id) for c in article.comments} == {
        ("2", "B", True),
        ("2#2", "A", False),
        ("3", "Words", True),
    }
    assert codes(article.remarks) == ["duplicate_id"]
    assert skipped(feed) == []


def test_case_c10_comments_without_an_id_are_kept_each_under_a_key_of_its_own() -> None:
    bare = old_comment(2).replace(f"<id>{BLOG}.post-2</id>", "").replace("#c2", "")
    found = comments(old_feed(old_post(), bare, bare, old_comment(3)))
    assert {(c.key, c.has_id) for c in found} == {("#1", False), ("#2", False), ("3", True)}


def test_case_c11_two_readers_without_a_name_in_the_same_second_both_stay() -> None:
    feed = old_feed(old_post(), old_comment(2, name="Anonymous"), old_comment(3, name="Anonymous"))
    assert len(comments(feed)) == 2


def test_case_c12_a_chain_of_a_thousand_answers_is_read_whole() -> None:
    chain = [old_comment(n, parent=n - 1 if n > 2 else "") for n in range(2, 1002)]
    found = comments(old_feed(old_post(), *reversed(chain)))
    assert [c.key for c in found] == [str(n) for n in range(2, 1002)]


def test_case_c13_five_thousand_comments_take_seconds() -> None:
    many = (old_comment(n, parent=n - 1 if n % 2 else "") for n in range(2, 5002))
    began = time.monotonic()
    assert len(comments(old_feed(*many, old_post()))) == 5000
    assert time.monotonic() - began < 20


def test_case_c17_answers_of_who_wrote_the_blog_are_marked_by_profile_or_admin_mark() -> None:
    vera = "https://www.blogger.com/profile/9"
    mark = "<gd:extendedProperty name='blogger.itemClass' value='blog-admin pid-5'/>"
    found = comments(
        old_feed(
            old_post(),
            old_comment(2, name="Vera", uri=vera),
            old_comment(3, name="Vera"),
            old_comment(4, more=mark),
        )
    )
    assert [c.by_blog_author for c in found] == [True, False, True]


def test_case_g8_ids_beyond_what_a_float_holds_stay_apart() -> None:
    one, two = 2**53, 2**53 + 1
    found = comments(old_feed(old_post(), old_comment(two, parent=one), old_comment(one)))
    assert tree(found) == [(str(one), None), (str(two), str(one))]
    assert found[0].has_id


def test_case_g8_the_address_of_a_comment_is_kept() -> None:
    found = comment(old_feed(old_post(), old_comment(2)))
    assert found.address == "https://example.blogspot.com/2012/05/post-1.html?showComment=13#c2"


def test_case_d8_a_comment_older_than_what_it_answers_keeps_its_place_and_is_reported() -> None:
    early = old_comment(3, parent=2, published="2012-01-01T00:00:00Z")
    (article,) = articles(old_feed(old_post(), old_comment(2), early))
    assert tree(article.comments) == [("2", None), ("3", "2")]
    assert codes(article.remarks) == ["older_than_parent"]


def test_the_number_that_a_post_announces_is_compared_with_what_is_there() -> None:
    (good,) = articles(old_feed(old_post(1, "<thr:total>1</thr:total>"), old_comment(2)))
    (short,) = articles(old_feed(old_post(1, "<thr:total>3</thr:total>"), old_comment(2)))
    assert (good.declared, codes(good.remarks)) == (1, [])
    assert (short.declared, codes(short.remarks)) == (3, ["count_mismatch"])
