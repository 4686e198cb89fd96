"""The tree's index follows from parents and order keys, whatever comes in whatever order."""

import pytest

from forum.threads import tree
from forum.threads.models import Comment
from tests.make import load_comments, make_comment

pytestmark = pytest.mark.django_db


def test_numbers_start_at_ten_million(article):
    assert make_comment(article).pk >= 10_000_000


def test_a_reply_stands_below_its_parent_and_after_earlier_replies(article):
    root = make_comment(article, "root")
    other = make_comment(article, "other root")
    first = make_comment(article, "first", parent=root)
    deep = make_comment(article, "deep", parent=first)
    second = make_comment(article, "second", parent=root)
    order = list(Comment.objects.filter(article=article).in_reading_order())
    assert order == [root, first, deep, second, other]
    assert [c.level for c in order] == [0, 1, 2, 1, 0]
    assert tree.broken(article.pk) == []


def test_a_loaded_archive_stands_in_source_order(article):
    rows = load_comments(article, [None, 0, 1, 0, None, 4])
    assert [c.body_source[-2] for c in rows] == list("012345")
    assert [c.level for c in rows] == [0, 1, 2, 1, 0, 1]
    assert tree.broken(article.pk) == []


def test_live_replies_come_after_undated_archived_ones(article):
    rows = load_comments(article, [None, 0, None])
    live = make_comment(article, "live", parent=rows[0])
    assert list(Comment.objects.filter(article=article).in_reading_order()) == [*rows[:2], live, rows[2]]
    assert tree.broken(article.pk) == []
