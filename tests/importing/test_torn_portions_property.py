"""Portions that tear replies off what they answer: with the whole all is as it is in one go."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.articles.models import Article
from forum.importing.records import AS_WRITTEN, ArchivedArticle, ArchivedComment
from forum.sources.models import SourceItem
from forum.threads.models import Comment
from tests.importing.test_portions_property import articles, give, some, stands, undone_afterwards

pytestmark = pytest.mark.django_db
__all__ = ["give"]


@st.composite
def torn(draw: st.DrawFn) -> tuple[list[ArchivedArticle], list[list[ArchivedArticle]]]:
    """An archive whose comments have ids, and portions of it; each lacks what nobody drew for it."""
    whole = [article for number in (1, 2) if has_ids(article := draw(articles(number)))]
    portions = []
    for _ in range(draw(st.integers(1, 3))):
        portions.append([replace(a, comments=cut(draw, a)) for a in whole if draw(st.booleans())])
    return whole, portions


def has_ids(article: ArchivedArticle) -> bool:
    return all(comment.has_id for comment in article.comments)


def cut(draw: st.DrawFn, article: ArchivedArticle) -> list:
    """Some of the comments; a reply whose parent is not among them says so as a reader would."""
    kept = [comment for comment in article.comments if draw(st.booleans())]
    keys = {comment.key for comment in kept}
    return [
        comment
        if comment.parent_key is None or comment.parent_key in keys
        else replace(comment, parent_key=None, parent_certain=False, hints={AS_WRITTEN: comment.parent_key})
        for comment in kept
    ]


def rows() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Article, Comment, SourceItem)]


@some
@given(drawn=torn())
def test_whatever_was_torn_the_whole_mends_and_no_portion_tears_again(give, drawn):
    whole, portions = drawn
    with undone_afterwards():
        give(whole)
        at_once = stands()
        before = rows()
        for portion in portions:
            counts = give(portion)
            assert (counts["created"], counts["updated"]) == (0, 0)
        assert rows() == before
    with undone_afterwards():
        for portion in portions:
            give(portion)
            stands()
            counts = give(portion)
            assert (counts["created"], counts["updated"]) == (0, 0)
        give(whole)
        assert stands() == at_once
        before = rows()
        for again in (whole, *portions, whole):
            counts = give(again)
            assert (counts["created"], counts["updated"]) == (0, 0)
        assert rows() == before


def test_the_placeholder_of_spam_goes_under_its_parent_when_nothing_else_is_new(give):
    root, spam, reply = (
        ArchivedComment(key=str(n), position=n, body="Thanks!", has_id=True, parent_key=parent, state=state)
        for n, parent, state in ((1, None, "visible"), (2, "1", "spam"), (3, "2", "visible"))
    )
    torn_off = replace(spam, parent_key=None, parent_certain=False, hints={AS_WRITTEN: "1"})
    post = ArchivedArticle(title="Post", body="Words.", url="https://blog.example/2011/06/14/post/")
    for comments in ([torn_off, reply], [root], [root, spam, reply]):
        give([replace(post, comments=comments)])
    rows = Comment.objects.order_by("level").values_list("kind", "level", "parent_certain")
    assert list(rows) == [("comment", 0, True), ("placeholder", 1, True), ("comment", 2, True)]
    before = list(Comment.objects.order_by("pk").values())
    give([replace(post, comments=[root, spam, reply])])
    assert list(Comment.objects.order_by("pk").values()) == before
