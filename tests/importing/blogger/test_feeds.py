"""Whole Blogger feeds: which files are one, damaged ones, real ones, and any order of their entries."""

import csv
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.importing.formats.blogger.reader import read, recognises
from forum.importing.records import ArchivedArticle, DamagedError, RefusedError, SkippedItem, Source
from tests.importing.blogger.samples import (
    NAMESPACES,
    articles,
    new_entry,
    new_feed,
    old_comment,
    old_entry,
    old_feed,
    old_post,
)

REAL = [
    "blogger/cheshrkat__test-blog-with-simple-default-theme.xml",
    "blogger/dimaslanjaka__test.xml",
    "blogger/prayagverma__blogger-sample2.xml",
    "blogger/prayagverma__blogger.goldenfile.1.xml",
    "made/takeout2018-modelled.feed.atom",
]


def test_both_kinds_of_feed_are_recognised_by_their_content() -> None:
    for feed in (old_feed(old_post()), new_feed(new_entry("POST", 1))):
        assert recognises(feed.encode(), "anything.bin")
        assert recognises(feed.replace("UTF-8", "UTF-16").replace("utf-8", "utf-16").encode("utf-16"), "x")


@pytest.mark.parametrize(
    "text",
    [
        f"<feed {NAMESPACES}><title>News of tag:blogger.com</title></feed>",
        f"<feed {NAMESPACES}><entry><id>tag:blogger.com,1999:blog-1.post-2</id></entry></feed>",
        f"<feed {NAMESPACES}><entry><content>&lt;generator&gt;Blogger&lt;</content></entry></feed>",
        "<rss version='2.0'><channel><generator>Blogger</generator></channel></rss>",
        "tag:blogger.com,1999:blog-1",
        "",
    ],
)
def test_other_feeds_and_texts_are_not_recognised(text: str) -> None:
    assert not recognises(text.encode(), "feed.atom")


def test_other_real_archives_are_not_recognised(archives: Path) -> None:
    for folder in ("wxr", "disqus", "html", "other", "reading-view", "warc"):
        for path in (archives / folder).iterdir():
            assert not recognises(path.read_bytes()[:65_536], path.name), path


def test_a_feed_that_breaks_off_is_refused_unless_the_damage_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "feed.atom"
    path.write_text(old_feed(old_post(), old_comment(2), old_comment(3))[:-300])
    with pytest.raises(DamagedError):
        list(read(Source(path, "feed.atom")))
    article, *remarks = read(Source(path, "feed.atom", accept_damaged=True))
    assert [comment.key for comment in article.comments] == ["2"]
    assert [remark.code for remark in remarks] == ["damaged", "lost_items"]


def test_a_feed_with_a_dtd_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.atom"
    path.write_text("<!DOCTYPE feed [<!ENTITY a 'b'>]>" + old_feed(old_post()).partition("?>")[2])
    with pytest.raises(RefusedError):
        list(read(Source(path, "feed.atom")))


def _read_real(archives: Path, name: str) -> tuple[dict[str, str], list[ArchivedArticle], Counter[str]]:
    path = archives / name
    assert recognises(path.read_bytes()[:65_536], path.name)
    found = list(read(Source(path, path.name)))
    with (archives / "truth.tsv").open() as file:
        truth = next(row for row in csv.DictReader(file, delimiter="\t") if row["file"] == name)
    left_out = Counter(item.kind for item in found if isinstance(item, SkippedItem))
    return truth, [each for each in found if isinstance(each, ArchivedArticle)], left_out


def _depths(article: ArchivedArticle) -> list[int]:
    depths: dict[str | None, int] = {None: 0}
    for comment in article.comments:
        depths[comment.key] = depths[comment.parent_key] + 1
    return [depths[comment.key] for comment in article.comments]


@pytest.mark.parametrize("name", REAL)
def test_real_archives_have_their_true_counts(archives: Path, name: str) -> None:
    truth, found, left_out = _read_real(archives, name)
    posts = [article for article in found if "post_missing" not in article.hints]
    status = {"published": "live", "draft": "draft"}
    by_kind = Counter(f"{a.kind}/{status[a.state]}" for a in posts)
    depths = Counter(depth for article in found for depth in _depths(article))
    assert len(posts) == int(truth["posts_total"])
    assert by_kind == _counted(truth["posts_by_type_status"].lower())
    assert sum(bool(article.comments) for article in posts) == int(truth["posts_with_comments"])
    assert sum(depths.values()) == int(truth["comments"])
    assert max(depths) == int(truth["max_depth"])
    assert depths == Counter({int(k): n for k, n in _counted(truth["depth_hist"]).items()})
    assert sum(len(article.comments) for article in found if article not in posts) == int(truth["orphans"])
    named = _counted(truth["by_type"].removeprefix("entries: ")) if "entries" in truth["by_type"] else {}
    assert left_out == Counter({kind: named[kind] for kind in ("settings", "template") if kind in named})


@pytest.mark.parametrize("name", REAL)
def test_real_archives_have_their_true_states_and_dates(archives: Path, name: str) -> None:
    truth, found, _ = _read_real(archives, name)
    comments = [comment for article in found for comment in article.comments]
    names = {"LIVE": "visible", "LIVE+trashed": "removed", "PENDING": "held", "SPAM_COMMENT": "spam"}
    expected = {names[k]: n for k, n in _counted(truth["by_status"]).items() if k in names}
    assert Counter(comment.state for comment in comments) == (expected or {"visible": len(comments)})
    dates = sorted((comment.posted_at, comment.posted_as_written) for comment in comments)
    assert (dates[0][1], dates[-1][1]) == (truth["first_date"], truth["last_date"])
    assert not any(remark.code == "count_mismatch" for article in found for remark in article.remarks)


def _counted(text: str) -> Counter[str]:
    pairs = (part.rpartition("=") for part in text.split("; ") if part)
    return Counter({name: int(number) for name, _, number in pairs})


def _any_comment(number: int, source: random.Random) -> str:
    day = f"2012-05-0{source.randint(1, 3)}T10:00:00Z"
    parent = source.choice(["", *range(10, 22)])
    return old_comment(number, source.choice([1, 2, 5]), parent, published=day, body=source.choice("ab"))


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 14))
def test_the_order_of_the_entries_changes_nothing(source: random.Random, many: int) -> None:
    entries = [_any_comment(source.randint(10, 20), source) for _ in range(many)]
    entries += [old_post(1), old_post(2), old_post(2, body="Other"), old_entry("settings", 90)]
    shuffled = source.sample(entries, len(entries))
    one, other = articles(old_feed(*entries)), articles(old_feed(*shuffled))
    assert sorted(one, key=lambda a: a.source_id) == sorted(other, key=lambda a: a.source_id)
    for article in one:
        seen: set[str | None] = {None}
        for comment in article.comments:
            assert comment.parent_key in seen
            seen.add(comment.key)
