"""Real WordPress exports give what an independent script counted in them."""

import csv
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from forum.importing.formats.wxr import reader
from forum.importing.records import (
    ArchivedArticle,
    ArchivedComment,
    DamagedError,
    Remark,
    SkippedItem,
    Source,
)
from tests.importing.wxr.samples import codes

STATES = {"publish": "published", "None": "published", "draft": "draft", "trash": "trash"}
FILES = [
    "cc-archive__wordpress.redacted.xml",
    "contentful__wordpress.redacted.xml",
    "contentful__wordpress_empty_dates.redacted.xml",
    "getnikola__wordpress_export_example.redacted.xml",
    "getnikola__wordpress_unicode_export.redacted.xml",
    "hexojs__wordpress.redacted.xml",
    "isso-comments__wordpress.xml",
    "jekyll__sitetitle.wordpress.2025-01-19.000.redacted.xml",
    "mremolt__wordpress_dump.redacted.xml",
    "prayagverma__wordpress-sample.redacted.wxr",
    "prayagverma__wordpress.1.redacted.xml",
    "ray5273__wordpress-ok-long.zip",
    "ray5273__wordpress-ok-single.zip",
]


def source_of(archives: Path, name: str, folder: Path) -> Source:
    """The file, taken out of its container if it is in one."""
    path = archives / "wxr" / name
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as container:
            (member,) = container.namelist()
            content = container.read(member)
        path = folder / "export.xml"
        path.write_bytes(content)
    return Source(path, name)


def articles_of(source: Source) -> list[ArchivedArticle]:
    return [one for one in reader.read(source) if isinstance(one, ArchivedArticle)]


def counted(text: str) -> Counter:
    """Counts as the table of truths writes them: `a=1; b=2`."""
    pairs = (pair.rsplit("=", 1) for pair in text.split("; ") if pair)
    return Counter({name: int(number) for name, number in pairs})


def depths(comments: list[ArchivedComment]) -> Counter:
    levels: dict[str | None, int] = {None: 0}
    for one in comments:
        levels[one.key] = levels[one.parent_key] + 1
    return Counter(str(levels[one.key]) for one in comments)


@pytest.fixture
def truth(archives) -> dict[str, dict[str, str]]:
    with (archives / "truth.tsv").open(newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}


def expected_posts(row: dict[str, str]) -> tuple[Counter, Counter]:
    """Articles by kind and state, and skipped items by kind."""
    made, skipped = Counter(), Counter()
    for name, number in counted(row["posts_by_type_status"]).items():
        kind, status = name.split("/")
        if kind in {"post", "page", "None"}:
            made["post" if kind == "None" else kind, STATES[status]] += number
        else:
            skipped[kind] += number
    return made, skipped


@pytest.mark.parametrize("name", FILES)
def test_a_real_export_has_the_posts_and_comments_that_were_counted(archives, truth, tmp_path, name):
    row = truth[f"wxr/{name}"]
    source = source_of(archives, name, tmp_path)
    assert reader.recognises(source.path.read_bytes()[:65_536], name)
    records = list(reader.read(source))
    posts = [one for one in records if isinstance(one, ArchivedArticle)]
    comments = [one for post in posts for one in post.comments]
    made, skipped = expected_posts(row)
    # The same page stands twice in one of the files.
    copies = {"contentful__wordpress_empty_dates.redacted.xml": {("page", "published"): 1}}.get(name, {})
    assert Counter((one.kind, one.state) for one in posts) == made - Counter(copies)
    assert codes(records).count("post_twice") == len(copies)
    left_out = Counter(one.kind for one in records if isinstance(one, SkippedItem))
    assert left_out == skipped + Counter({kind: number for (kind, _state), number in copies.items()})
    assert len(comments) == int(row["comments"])
    assert sum(bool(post.comments) for post in posts) == int(row["posts_with_comments"])
    assert sum((depths(post.comments) for post in posts), Counter()) == counted(row["depth_hist"])
    assert Counter(one.state for one in comments) == Counter({"visible": counted(row["by_status"])["1"]})
    kinds = counted(row["by_type"])
    assert sum(one.kind == "pingback" for one in comments) == kinds["pingback"]
    assert sum(not one.body for one in comments) == int(row["empty_body"])
    assert sum(not one.author_name for one in comments) == int(row["empty_author"])
    assert sum(bool(one.author_key) for one in comments) == int(row["registered_user"])
    if row["first_date"]:
        dates = sorted(one.posted_at for one in comments)
        assert f"{dates[0]:%Y-%m-%d %H:%M:%S}" == row["first_date"]
        assert f"{dates[-1]:%Y-%m-%d %H:%M:%S}" == row["last_date"]


@pytest.mark.parametrize("name", [name for name in FILES if "redacted" in name])
def test_no_redacted_address_of_a_real_export_gets_into_a_record(archives, name):
    posts = articles_of(Source(archives / "wxr" / name, name))
    comments = [replace(one, body="") for post in posts for one in post.comments]
    # What somebody wrote into a text for all to read is the text.
    found = repr([replace(post, body="", comments=[]) for post in posts] + comments)
    assert "example.invalid" not in found
    assert "192.0.2." not in found


def test_a_real_export_with_an_undeclared_prefix_is_mended_and_told(archives):
    path = archives / "wxr/getnikola__wordpress_unicode_export.redacted.xml"
    remarks = [one for one in reader.read(Source(path, path.name)) if isinstance(one, Remark)]
    assert [one.code for one in remarks] == ["prefixes"]


def test_a_real_export_that_is_broken_is_refused_with_its_place(archives, tmp_path):
    source = source_of(archives, "ray5273__wordpress-bad-format.zip", tmp_path)
    with pytest.raises(DamagedError, match=r"line 1, column 3\d\d"):
        list(reader.read(source))


def test_a_real_feed_without_anything_of_wordpress_is_not_taken(archives, tmp_path):
    source = source_of(archives, "ray5273__wordpress-ok-empty.zip", tmp_path)
    assert not reader.recognises(source.path.read_bytes(), source.name)
    assert list(reader.read(source)) == []
