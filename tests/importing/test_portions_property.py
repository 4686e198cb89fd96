"""Whatever an archive holds: in portions, in any order, it becomes what it becomes in one go."""

import datetime
import io
import json
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.articles.models import Article
from forum.importing.formats.afterword.reader import write
from forum.importing.records import ArchivedArticle, ArchivedComment
from forum.sources.models import SourceItem
from forum.threads import check, tree
from forum.threads.models import Comment

pytestmark = pytest.mark.django_db
BEGIN = datetime.datetime(2011, 6, 14, 8, 0, tzinfo=datetime.UTC)
some = settings(
    max_examples=20,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = st.sampled_from(["", "Ann", "ann", "Anonymous"])
STATES = st.sampled_from(["visible", "visible", "visible", "held", "spam", "removed"])
KINDS = st.sampled_from(["comment", "comment", "comment", "pingback"])


@dataclass(frozen=True)
class Cut:
    """An archive and its two portions, which may overlap; `again` says in which order they come."""

    whole: list[ArchivedArticle]
    portions: list[list[ArchivedArticle]]


@st.composite
def articles(draw: st.DrawFn, number: int) -> ArchivedArticle:
    """A post whose comments are all dated or all undated, all with ids of their source or all without.

    No two are of the same moment; without ids, no two say the same.
    """
    count = draw(st.integers(0, 9))
    has_id, dated = draw(st.booleans()), draw(st.booleans())
    minutes = draw(st.permutations(range(count)))
    comments = []
    for place in range(count):
        above = draw(st.sampled_from([None, *(c.key for c in comments)]))
        body = draw(st.sampled_from(["Thanks!", "“So?”", "1 < 2 & <3"])) if has_id else f"Words {place}."
        comments.append(
            ArchivedComment(
                key=str(number * 100 + place),
                position=place + 1,
                body=body,
                has_id=has_id,
                parent_key=above,
                kind=draw(KINDS),
                state=draw(STATES),
                author_name=draw(NAMES),
                author_key=draw(st.sampled_from(["", "login:ann"])),
                posted_at=BEGIN + datetime.timedelta(minutes=minutes[place]) if dated else None,
            )
        )
    return ArchivedArticle(
        title=f"Post {number}",
        body=f"What is said in post {number}.",
        url=f"https://blog.example/2011/06/14/post-{number}/",
        source_id=draw(st.sampled_from(["", str(number)])),
        state=draw(st.sampled_from(["published", "published", "draft"])),
        published_at=BEGIN,
        date_precision="second",
        comments=comments,
    )


@st.composite
def cuts(draw: st.DrawFn) -> Cut:
    """An archive, and two portions that together hold all of it; each reply comes with what it answers."""
    whole = [draw(articles(number)) for number in range(1, draw(st.integers(1, 2)) + 1)]
    portions: list[list[ArchivedArticle]] = [[], []]
    for article in whole:
        there = draw(st.sampled_from([(0,), (1,), (0, 1)]))
        sides = [draw(st.sampled_from([(s,) for s in there] + [there])) for _ in article.comments]
        for side in there:
            wanted = {c.key for c, its in zip(article.comments, sides, strict=True) if side in its}
            portions[side].append(replace(article, comments=closed(article.comments, wanted)))
    if draw(st.booleans()):
        portions.reverse()
    return Cut(whole, portions)


def closed(comments: list[ArchivedComment], wanted: set[str]) -> list[ArchivedComment]:
    """The wanted comments with all that they answer."""
    for comment in reversed(comments):
        if comment.key in wanted and comment.parent_key is not None:
            wanted.add(comment.parent_key)
    return [comment for comment in comments if comment.key in wanted]


@contextmanager
def undone_afterwards():
    """Whatever is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def give(tmp_path):
    """Import records as a file of Afterword's own."""

    def given(records: list[ArchivedArticle]) -> dict:
        path = tmp_path / "archive.json"
        with path.open("w", encoding="utf-8") as file:
            write(records, file)
        out = io.StringIO()
        call_command("import_archive", str(path), json=True, stdout=out, stderr=io.StringIO())
        counts = json.loads(out.getvalue())
        assert counts["format"] == "afterword"
        return counts

    return given


def stands() -> list:
    """Articles, and comments in reading order with place and words, by their keys and not by numbers."""
    for number in Article.objects.values_list("pk", flat=True):
        assert tree.broken(number) == []
        assert check.examine(number) == []
    keys = dict(SourceItem.objects.filter(kind="comment").values_list("comment_id", "key"))
    said = ("kind", "state", "level", "lft", "rght", "body_source", "body_html", "name_shown", "posted_at")
    rows = Comment.objects.order_by("article__path", "root_key", "tree_id", "lft")
    comments = [
        (path, keys[number], keys.get(parent), *rest)
        for number, parent, path, *rest in rows.values_list("pk", "parent_id", "article__path", *said)
    ]
    told = ("path", "title", "state", "body_html", "comment_count", "root_count")
    return [list(Article.objects.order_by("path").values_list(*told)), comments]


@some
@given(cut=cuts())
def test_in_two_portions_in_any_order_an_archive_becomes_what_it_becomes_in_one_go(give, cut):
    with undone_afterwards():
        give(cut.whole)
        at_once = stands()
    with undone_afterwards():
        for portion in cut.portions:
            give(portion)
        assert stands() == at_once
        rows = [list(model.objects.order_by("pk").values()) for model in (Article, Comment, SourceItem)]
        counts = give(cut.whole)
        assert (counts["created"], counts["updated"]) == (0, 0)
        assert rows == [
            list(model.objects.order_by("pk").values()) for model in (Article, Comment, SourceItem)
        ]


@some
@given(cut=cuts())
def test_the_same_portion_twice_in_between_changes_nothing(give, cut):
    first, second = cut.portions
    with undone_afterwards():
        give(cut.whole)
        at_once = stands()
    with undone_afterwards():
        for portion in (first, first, second, first):
            give(portion)
        assert stands() == at_once
