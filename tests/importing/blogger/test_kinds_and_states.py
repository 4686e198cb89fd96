"""What an entry of a Blogger feed is, and in which state: cases G1, G3, G4, G6, G7 and G9."""

import pytest

from forum.importing.records import ArchivedArticle, Remark, SkippedItem
from tests.importing.blogger.samples import (
    articles,
    author,
    codes,
    comment,
    comments,
    new_entry,
    new_feed,
    old_comment,
    old_entry,
    old_feed,
    old_post,
    records,
    skipped,
    tree,
)


def test_case_g1_the_kind_category_tells_posts_pages_and_comments_apart() -> None:
    feed = old_feed(old_post(1), old_entry("page", 2, title="About"), old_comment(3))
    assert [(a.source_id, a.kind, len(a.comments)) for a in articles(feed)] == [
        ("1", "post", 1),
        ("2", "page", 0),
    ]


def test_case_g1_an_entry_without_kind_is_left_out_with_the_reason() -> None:
    (item,) = skipped(old_feed(old_entry("", 5, title="What is this")))
    assert (item.kind, item.code, item.excerpt) == ("entry", "no_kind", "What is this")


def test_case_g1_an_entry_of_a_kind_that_nobody_knows_is_left_out_with_the_reason() -> None:
    (item,) = skipped(old_feed(old_entry("carousel", 5)))
    assert (item.kind, item.code) == ("carousel", "unknown_kind")


def test_case_g3_the_type_of_the_author_is_not_the_type_of_the_entry() -> None:
    typed = new_entry("COMMENT", 2, parent=1, author=author("Vera", kind="POST"))
    untyped = typed.replace("<blogger:type>COMMENT</blogger:type>", "")
    feed = new_feed(new_entry("POST", 1, author=author("Vera", kind="COMMENT")), untyped)
    found = records(feed)
    assert [type(record) for record in found] == [ArchivedArticle, SkippedItem, Remark]
    assert found[0].comments == []


@pytest.mark.parametrize(
    ("status", "trashed", "state"),
    [
        ("LIVE", "", "visible"),
        ("PENDING", "", "held"),
        ("SPAM_COMMENT", "", "spam"),
        ("SPAM_COMMENT", "2020-01-01T00:00:00Z", "spam"),
        ("LIVE", "2020-01-01T00:00:00Z", "removed"),
        ("EMPTIED", "", "removed"),
        ("GHOSTED", "", "held"),
    ],
)
def test_case_g3_the_state_of_a_comment_comes_from_status_and_trash(
    status: str, trashed: str, state: str
) -> None:
    feed = new_feed(new_entry("POST", 1), new_entry("COMMENT", 2, status, parent=1, trashed=trashed))
    assert comment(feed).state == state


def test_case_g3_a_status_that_nobody_knows_is_reported() -> None:
    (article,) = articles(new_feed(new_entry("POST", 1), new_entry("COMMENT", 2, "GHOSTED", parent=1)))
    assert article.comments[0].hints["status"] == "GHOSTED"
    assert [(r.code, r.source_id) for r in article.remarks] == [("status_unknown", "2")]


@pytest.mark.parametrize(
    ("status", "trashed", "state"),
    [
        ("LIVE", "", "published"),
        ("DRAFT", "", "draft"),
        ("SCHEDULED", "", "future"),
        ("LIVE", "2020-01-01T00:00:00Z", "trash"),
        ("ODD", "", "draft"),
    ],
)
def test_case_g3_the_state_of_a_post_comes_from_status_and_trash(
    status: str, trashed: str, state: str
) -> None:
    (article,) = articles(new_feed(new_entry("POST", 1, status, trashed=trashed)))
    assert article.state == state
    assert ("status_unknown" in codes(article.remarks)) == (status == "ODD")


def test_case_g3_parent_and_answer_are_read_and_an_empty_answer_means_none() -> None:
    feed = new_feed(
        new_entry("COMMENT", 3, parent=1, reply=2, published="2012-05-03T10:00:00Z"),
        new_entry("COMMENT", 2, parent=1),
        new_entry("POST", 1, title="One"),
    )
    assert tree(comments(feed)) == [("2", None), ("3", "2")]


@pytest.mark.parametrize(
    "body",
    [
        "This comment has been removed by the author.",
        "This comment has been removed by a blog administrator.",
        '<span class="deleted-comment">This post has been removed by the author.</span>',
        "Dieser Kommentar wurde vom Autor entfernt.",
        "Este comentário foi removido pelo autor.",
        "Ce commentaire a été supprimé par l’auteur.",
    ],
)
def test_case_g4_a_stock_notice_is_a_removed_comment_that_keeps_its_words(body: str) -> None:
    found = comment(old_feed(old_post(), old_comment(2, body=body)))
    assert (found.state, found.kind, found.body) == ("removed", "comment", body)


def test_case_g4_answers_to_a_removed_comment_stay_its_answers() -> None:
    notice = "This comment has been removed by the author."
    found = comments(old_feed(old_post(), old_comment(3, parent=2), old_comment(2, body=notice)))
    assert tree(found) == [("2", None), ("3", "2")]
    assert [each.state for each in found] == ["removed", "visible"]


def test_case_g4_bloggers_own_mark_of_removal_needs_no_language() -> None:
    mark = "<gd:extendedProperty name='blogger.contentRemoved' value='true'/>"
    assert comment(old_feed(old_post(), old_comment(2, more=mark, body="Ez törölve."))).state == "removed"


def test_case_g4_words_that_only_mention_the_notice_are_a_comment() -> None:
    body = "Why does it say “This comment has been removed by the author.” above?"
    assert comment(old_feed(old_post(), old_comment(2, body=body))).state == "visible"


def test_case_g6_comments_of_missing_posts_stay_together_under_a_draft_each() -> None:
    found = articles(old_feed(old_comment(5, post=8), old_comment(6, post=7), old_comment(4, post=8)))
    assert [(a.source_id, a.state, [c.key for c in a.comments]) for a in found] == [
        ("7", "draft", ["6"]),
        ("8", "draft", ["4", "5"]),
    ]
    assert found[0].title == "Comments of a post that is not in the archive"
    assert codes(found[0].remarks) == ["post_missing"]


def test_case_g6_the_comments_of_a_missing_post_tell_its_address() -> None:
    (article,) = articles(old_feed(old_comment(5, post=8)))
    assert article.url == "https://example.blogspot.com/2012/05/post-8.html"


def test_case_g6_a_comment_that_names_no_post_is_not_lost() -> None:
    (article,) = articles(old_feed(old_entry("comment", 5)))
    assert (article.source_id, [c.key for c in article.comments]) == ("", ["5"])


def test_case_g7_a_draft_of_the_old_export_is_a_draft() -> None:
    draft = "<app:control><app:draft>yes</app:draft></app:control>"
    (article,) = articles(old_feed(old_post(1, draft)))
    assert article.state == "draft"


def test_case_g7_settings_and_template_are_left_out_and_only_their_titles_told() -> None:
    feed = old_feed(
        old_entry("settings", 1, title="List of addresses", body="vera@example.org"),
        old_entry("template", 2, title="Template: Our blog", body="<b:skin/>"),
    )
    assert [(i.kind, i.code, i.excerpt) for i in skipped(feed)] == [
        ("settings", "settings", "List of addresses"),
        ("template", "template", "Template: Our blog"),
    ]


def test_case_g9_the_same_comment_on_two_pages_of_the_feed_is_one() -> None:
    feed = old_feed(old_post(), old_comment(2), old_comment(3), old_comment(2))
    assert [each.key for each in comments(feed)] == ["2", "3"]
    assert [(i.code, i.source_id) for i in skipped(feed)] == [("duplicate", "2")]


def test_case_g9_the_same_post_twice_is_one_with_all_its_comments() -> None:
    feed = old_feed(old_post(), old_comment(2), old_post(), old_comment(3))
    (article,) = articles(feed)
    assert [each.key for each in article.comments] == ["2", "3"]
    assert codes(skipped(feed)) == ["duplicate"]


def test_case_g9_of_two_versions_of_a_post_the_later_one_is_kept_and_reported() -> None:
    later = old_post(1, body="New", updated="2020-01-01T00:00:00Z")
    for feed in (old_feed(later, old_post(1, body="Old")), old_feed(old_post(1, body="Old"), later)):
        assert [article.body for article in articles(feed)] == ["New"]
        assert codes([r for r in records(feed) if isinstance(r, Remark)]) == ["duplicate_id"]
