"""Real Disqus exports give what an independent script counted in them."""

import csv
import gzip
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from forum.importing.formats.disqus import reader
from forum.importing.records import ArchivedArticle, ArchivedComment, DamagedError, SkippedItem, Source

STATES = {(False, False): "visible", (False, True): "spam", (True, False): "removed"}
FILES = [
    "benbalter__comments.xml",
    "isso-comments__disqus.redacted.xml",
    "ray5273__disqus-ok-empty.xml.gz",
    "ray5273__disqus-ok-single.xml.gz",
]


def source_of(archives: Path, name: str, folder: Path) -> Source:
    """The file, taken out of its container if it is in one."""
    path = archives / "disqus" / name
    if path.suffix == ".gz":
        content = gzip.decompress(path.read_bytes())
        path = folder / "disqus.xml"
        path.write_bytes(content)
    return Source(path, name)


def expected_states(text: str) -> Counter:
    """From `deleted=false spam=true approved=-=33; …`."""
    found = Counter()
    for part in filter(None, text.split("; ")):
        words, number = part.rsplit("=", 1)
        found[STATES["deleted=true" in words, "spam=true" in words]] += int(number)
    return found


def depths(comments: list[ArchivedComment]) -> Counter:
    levels: dict[str | None, int] = {None: 0}
    for one in comments:
        levels[one.key] = levels[one.parent_key] + 1
    return Counter(levels[one.key] for one in comments)


@pytest.mark.parametrize("name", FILES)
def test_a_real_export_has_the_threads_and_comments_that_were_counted(archives, tmp_path, name):
    with (archives / "truth.tsv").open(newline="") as file:
        (row,) = [row for row in csv.DictReader(file, delimiter="\t") if row["file"] == f"disqus/{name}"]
    source = source_of(archives, name, tmp_path)
    assert reader.recognises(source.path.read_bytes()[:65_536], name)
    records = list(reader.read(source))
    posts = [one for one in records if isinstance(one, ArchivedArticle)]
    comments = [one for post in posts for one in post.comments]
    present = [post for post in posts if post.state != "pending"]
    assert len(posts) == int(row["posts_with_comments"])
    assert len(present) + sum(isinstance(one, SkippedItem) for one in records) == int(row["posts_total"])
    assert len(comments) == int(row["comments"])
    assert Counter(one.state for one in comments) == expected_states(row["by_status"])
    levels = sum((depths(post.comments) for post in posts), Counter())
    assert "; ".join(f"{level}={levels[level]}" for level in sorted(levels)) == row["depth_hist"]
    assert max(levels, default=0) == int(row["max_depth"])
    if row["first_date"]:
        dates = sorted(one.posted_at for one in comments)
        assert f"{dates[0]:%Y-%m-%dT%H:%M:%SZ}" == row["first_date"]
        assert f"{dates[-1]:%Y-%m-%dT%H:%M:%SZ}" == row["last_date"]
    # What somebody wrote into a text for all to read is the text.
    found = repr([replace(one, body="") for one in comments])
    assert "example.invalid" not in found
    assert "192.0.2." not in found


def test_a_real_export_that_breaks_off_is_refused_with_its_place(archives, tmp_path):
    source = source_of(archives, "ray5273__disqus-bad-format.xml.gz", tmp_path)
    with pytest.raises(DamagedError, match="damaged at line"):
        list(reader.read(source))
