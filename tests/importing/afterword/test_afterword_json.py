"""Afterword's own JSON: the round trip loses nothing, and what does not fit is refused with its place."""

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.importing.formats.afterword.reader import read, recognises, write
from forum.importing.formats.blogger.reader import read as read_blogger
from forum.importing.records import (
    ArchivedArticle,
    ArchivedComment,
    DamagedError,
    RefusedError,
    Remark,
    SkippedItem,
    Source,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
WHEN = st.none() | st.datetimes(timezones=st.just(datetime.UTC))
HINTS = st.dictionaries(
    TEXT,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
        max_leaves=4,
    ),
    max_size=2,
)
REMARK = st.builds(Remark, TEXT, TEXT, TEXT)
SKIPPED = st.builds(SkippedItem, TEXT, TEXT, TEXT, TEXT)
COMMENT = st.builds(
    ArchivedComment,
    key=TEXT,
    position=st.integers(0, 2**31 - 1),
    body=TEXT,
    has_id=st.booleans(),
    body_format=st.sampled_from(["text", "html"]),
    kind=st.sampled_from(["comment", "pingback", "trackback", "placeholder"]),
    state=st.sampled_from(["visible", "held", "spam", "removed"]),
    author_name=TEXT,
    author_url=TEXT,
    author_key=TEXT,
    by_blog_author=st.booleans(),
    posted_at=WHEN,
    posted_as_written=TEXT,
    address=TEXT,
    parent_certain=st.booleans(),
    confidence=st.floats(0, 1),
    hints=HINTS,
)


@st.composite
def comments(draw: st.DrawFn) -> list[ArchivedComment]:
    """Comments with keys of their own, some of them answers to one above."""
    found = draw(st.lists(COMMENT, max_size=4, unique_by=lambda comment: comment.key))
    for place, comment in enumerate(found):
        comment.parent_key = draw(st.sampled_from([None, *(above.key for above in found[:place])]))
    return found


ARTICLE = st.builds(
    ArchivedArticle,
    title=TEXT,
    body=TEXT,
    body_format=st.sampled_from(["text", "html"]),
    url=TEXT,
    source_id=TEXT,
    blog_id=TEXT,
    kind=st.sampled_from(["post", "page"]),
    state=st.sampled_from(["published", "draft", "private", "pending", "future", "trash"]),
    addresses=st.lists(TEXT, max_size=2),
    author_name=TEXT,
    published_at=WHEN,
    date_precision=st.sampled_from(["unknown", "day", "second"]),
    date_as_written=TEXT,
    declared=st.none() | st.integers(0, 2**31 - 1),
    site_name=TEXT,
    language=TEXT,
    comments=comments(),
    hints=HINTS,
    remarks=st.lists(REMARK, max_size=2),
    skipped=st.lists(SKIPPED, max_size=2),
)


def written(records: list) -> str:
    """What the writer makes of records."""
    file = io.StringIO()
    write(iter(records), file)
    return file.getvalue()


def reread(text: str | bytes, folder: Path) -> list:
    """What the reader makes of a file."""
    path = folder / "archive.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read(Source(path, "archive.json")))


def minimal(**more: Any) -> str:
    """The smallest file with one comment, changed where wanted."""
    comment = {"key": "1", "position": 1, "body": "b"} | more
    return json.dumps({"afterword": 1, "articles": [{"title": "t", "body": "b", "comments": [comment]}]})


@settings(max_examples=60, deadline=None)
@given(
    articles=st.lists(ARTICLE, max_size=3),
    skipped=st.lists(SKIPPED, max_size=2),
    remarks=st.lists(REMARK, max_size=2),
)
def test_what_is_written_is_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, articles: list, skipped: list, remarks: list
) -> None:
    records = [*articles, *skipped, *remarks]
    assert reread(written(records), tmp_path_factory.getbasetemp()) == records


def test_every_field_of_a_record_is_tried_in_the_round_trip() -> None:
    for record, kind in ((COMMENT, ArchivedComment), (ARTICLE, ArchivedArticle)):
        tried = record.wrapped_strategy.kwargs.keys() if hasattr(record, "wrapped_strategy") else set()
        assert kind.__dataclass_fields__.keys() - tried <= {"parent_key"}


def test_a_real_archive_survives_the_round_trip(archives: Path, tmp_path: Path) -> None:
    path = archives / "made/takeout2018-modelled.feed.atom"
    records = list(read_blogger(Source(path, path.name)))
    again = reread(written(records), tmp_path)
    assert sorted(again, key=repr) == sorted(records, key=repr)


def test_the_file_is_recognised_by_its_first_key() -> None:
    assert recognises(written([]).encode(), "x")
    assert recognises(b'\xef\xbb\xbf {\n "afterword" : 7', "x")
    assert not recognises(b'{"version": 3, "afterword": 1}', "afterword.json")
    assert not recognises(b"", "afterword.json")


def test_an_empty_file_of_version_one_holds_nothing(tmp_path: Path) -> None:
    assert reread('{"afterword": 1}', tmp_path) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"afterword": 1,\n "articles": [}', "line 2, column 15"),
        ('{"afterword": 1', "line 1, column 16"),
        (b'{"afterword": "\xff"}', "byte 15"),
        ('{"afterword": NaN}', "NaN"),
        ('{"afterword": ' + "[" * 200_000, "deep"),
        ('{"afterword": ' + "9" * 5000 + "}", "number"),
        ("[1]", "object"),
    ],
)
def test_what_is_no_json_is_damaged_and_says_where(text: str | bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match=said):
        reread(text, tmp_path)


@pytest.mark.parametrize("version", ["2", '"1"', "true", "null", "[]"])
def test_another_version_is_refused(version: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="version") as refusal:
        reread(f'{{"afterword": {version}}}', tmp_path)
    assert not isinstance(refusal.value, DamagedError)


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"state": "odd"}, "articles[0].comments[0].state"),
        ({"position": -1}, "articles[0].comments[0].position"),
        ({"position": True}, "articles[0].comments[0].position"),
        ({"confidence": 2}, "articles[0].comments[0].confidence"),
        ({"has_id": 1}, "articles[0].comments[0].has_id"),
        ({"body": None}, "articles[0].comments[0].body"),
        ({"body": "a\0"}, "articles[0].comments[0].body"),
        ({"body": "\ud800"}, "articles[0].comments[0].body"),
        ({"hints": {"a": ["\0"]}}, "articles[0].comments[0].hints.a[0]"),
        ({"posted_at": "2014-01-01T00:00:00"}, "articles[0].comments[0].posted_at"),
        ({"posted_at": "soon"}, "articles[0].comments[0].posted_at"),
        ({"parent_key": "7"}, "articles[0].comments[0].parent_key"),
        ({"colour": "red"}, "articles[0].comments[0].colour"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_place(
    more: dict[str, Any], place: str, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError) as refusal:
        reread(minimal(**more), tmp_path)
    assert place in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"afterword": 1, "articles": {}}', "articles"),
        ('{"afterword": 1, "articles": [1]}', "articles[0]"),
        ('{"afterword": 1, "articles": [{"title": "t"}]}', "articles[0].body"),
        ('{"afterword": 1, "extra": []}', "extra"),
        ('{"afterword": 1, "remarks": [{"code": "a"}]}', "remarks[0].source_id"),
    ],
)
def test_a_list_or_field_that_does_not_fit_is_refused_with_its_place(
    text: str, place: str, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError) as refusal:
        reread(text, tmp_path)
    assert place in str(refusal.value)


def test_two_comments_under_one_key_are_refused(tmp_path: Path) -> None:
    twice = minimal().replace('[{"key"', '[{"key": "1", "position": 1, "body": "a"}, {"key"')
    with pytest.raises(RefusedError, match="key of its own"):
        reread(twice, tmp_path)
