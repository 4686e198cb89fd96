"""Real archives, imported into a real database, give what an independent script counted in them."""

import csv
import gzip
import json
import os
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from forum.accounts.models import Author
from forum.articles.models import Article
from forum.importing import report
from forum.sources.models import ImportRun, LedgerLine, SourceItem, Witness
from forum.threads import check, tree
from forum.threads.models import Comment
from tests.conftest import PROJECT

pytestmark = pytest.mark.django_db
FOLDER = Path(os.environ.get("AFTERWORD_ARCHIVES", PROJECT / "../shared/archives")).resolve()
POSTS = {"post", "page", "None"}
FEEDS = {"WXR", "BLOGGER", "BLOGGER2018", "DISQUS"}
STATUS = {"1": "visible", "0": "held", "spam": "spam", "trash": "removed", "post-trashed": "removed"}
TAKEOUT = {"LIVE": "visible", "LIVE+trashed": "removed", "PENDING": "held", "SPAM_COMMENT": "spam"}
WRITTEN = (Article, Comment, SourceItem, Witness, LedgerLine, ImportRun, Author)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of truths; none where the real archives are missing."""
    path = FOLDER / name
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


ROWS = table("truth.tsv")
PAGES = table("truth-html.tsv")
OTHERS = table("truth-other.tsv")
MENDED = [row for row in ROWS if "declared missing prefix" in row["notes"]]
SOUND = [row for row in ROWS if row["wellformed"] == "yes"] + MENDED
BROKEN = [row for row in ROWS if row["wellformed"].startswith("NO") and row not in MENDED]
UNREAD = [row for row in OTHERS if row["file"].startswith("other/")]
TWO = [row for row in ROWS if row["file"].endswith("bad-two-files.zip")]
EMPTY = [row for row in ROWS if row["kind"] == "?" and row not in TWO] + UNREAD
MADE = [row for row in OTHERS if row["file"].startswith("made/")]
LONG = [row for row in SOUND if row["kind"] in FEEDS and int(row["posts_total"])]


def each(rows: list[dict[str, str]]) -> pytest.MarkDecorator:
    """A test for each row; without the archives one that the fixture skips, or fails in CI."""
    return pytest.mark.parametrize("row", rows or [None], ids=[row["file"] for row in rows] or ["none"])


def give(capsys, path: Path, **options) -> dict:
    """What `manage.py import_archive PATH --json` prints."""
    capsys.readouterr()
    call_command("import_archive", str(path), json=True, **options)
    return json.loads(capsys.readouterr().out)


def everything() -> dict[str, list[dict]]:
    """Every row of articles and comments, and of what identifies them."""
    models = (Article, Comment, SourceItem, Author)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def counted(text: str) -> Counter:
    """Counts as the table writes them: `a=1; b=2`."""
    pairs = (part.strip().rsplit("=", 1) for part in text.split(";") if "=" in part)
    return Counter({name: int(number) for name, number in pairs})


def expected_articles(row: dict[str, str]) -> int:
    """Posts and pages; of Disqus, threads with comments."""
    if row["kind"] == "DISQUS":
        return int(row["posts_with_comments"])
    kinds = counted(row["posts_by_type_status"])
    return sum(n for name, n in kinds.items() if name.split("/")[0].lower() in {k.lower() for k in POSTS})


def expected_states(row: dict[str, str]) -> Counter:
    """Comments by the states that we give them."""
    said, total = counted(row["by_status"]), int(row["comments"])
    if row["kind"] == "BLOGGER":
        return +Counter(removed=said["removed"], visible=total - said["removed"])
    found: Counter[str] = Counter()
    for name, n in said.items():
        if row["kind"] == "DISQUS":
            state = "removed" if "deleted=true" in name else "spam" if "spam=true" in name else "visible"
        else:
            state = (STATUS if row["kind"] == "WXR" else TAKEOUT)[name]
        found[state] += n
    return +found


def expected_kinds(row: dict[str, str]) -> Counter:
    """Comments by kind: of WordPress also pings, of the others comments only."""
    said = counted(row["by_type"]) if row["kind"] == "WXR" else Counter()
    pings = Counter(pingback=said["pingback"], trackback=said["trackback"])
    return +(pings + Counter(comment=int(row["comments"]) - pings.total()))


def check_sums(counts: dict) -> None:
    """Every item has one line in the ledger, and the outcomes add up to the items."""
    lines = LedgerLine.objects.filter(run=counts["run"])
    assert sum(counts[name] for name in report.OUTCOMES) == counts["items"] == lines.count()
    ended = Counter(lines.values_list("outcome", flat=True))
    assert {name: ended[name] for name in report.OUTCOMES} == {name: counts[name] for name in report.OUTCOMES}
    assert list(lines.order_by("n").values_list("n", flat=True)) == list(range(1, counts["items"] + 1))
    assert not lines.filter(outcome="skipped", code="").exists()
    assert not lines.filter(outcome="needs_review", code="").exists()


def check_threads() -> None:
    """Every thread is sound and every stored number is what can be counted."""
    for number in Article.objects.values_list("pk", flat=True):
        assert tree.broken(number) == []
        assert check.examine(number) == []


def check_told(counts: dict, articles: int, comments: int, depth: int) -> None:
    """The report has the counts of the table, and the database the rows that the report tells of."""
    assert (counts["articles"], counts["comments"], counts["max_depth"]) == (articles, comments, depth)
    states = counts["by_state"]
    taken = states.get("visible", 0) + states.get("held", 0)
    stored = Comment.objects.exclude(kind="placeholder")
    of_trash = LedgerLine.objects.filter(run=counts["run"], code="post_left_out").count()
    assert stored.count() == taken - of_trash
    assert sum(counts["by_state"].values()) == sum(counts["by_kind"].values()) == comments


@each(SOUND)
def test_a_real_export_imports_with_the_counts_of_its_table(archives, capsys, row):
    counts = give(capsys, archives / row["file"])
    check_told(counts, expected_articles(row), int(row["comments"]), int(row["max_depth"]))
    assert counts["by_state"] == expected_states(row)
    assert counts["by_kind"] == expected_kinds(row)
    check_sums(counts)
    check_threads()


@each(PAGES + MADE)
def test_a_real_page_imports_with_the_counts_of_its_table(archives, capsys, row):
    comments = int(row.get("comments_in_dom") or row["comments"])
    counts = give(capsys, archives / row["file"])
    check_told(counts, 1, comments, int(row["max_depth"]))
    pings = int(row.get("pings") or 0)
    assert counts["by_kind"] == +Counter(comment=comments - pings, pingback=pings)
    assert counts["by_state"] == {"visible": comments}
    if row.get("declared"):
        assert counts["declared_comments"] == int(re.match(r"\d+", row["declared"])[0])
    check_sums(counts)
    check_threads()


@each(SOUND + PAGES + MADE)
def test_a_dry_run_tells_the_same_and_writes_nothing_and_a_second_run_changes_no_row(archives, capsys, row):
    path = archives / row["file"]
    dry = give(capsys, path, dry_run=True)
    assert [model.__name__ for model in WRITTEN if model.objects.exists()] == []
    first = give(capsys, path)
    assert dry == {**first, "run": None}
    before = everything()
    second = give(capsys, path)
    assert everything() == before
    assert (second["created"], second["updated"]) == (0, 0)
    for same in ("items", "articles", "comments", "by_kind", "by_state", "max_depth", "declared_comments"):
        assert second[same] == first[same]
    check_sums(second)


@each(SOUND + PAGES + MADE)
def test_undone_and_done_again_a_real_archive_has_the_same_rows_and_numbers(archives, capsys, row):
    first = give(capsys, archives / row["file"])
    before = shape()
    call_command("undo_import", first["run"])
    assert not Comment.objects.exists()
    assert not Article.objects.exists()
    capsys.readouterr()
    call_command("redo_import", first["run"])
    again = json.loads(capsys.readouterr().out)
    assert again == {**first, "run": again["run"]}
    assert shape() == before
    check_sums(again)
    check_threads()


def shape() -> list[tuple]:
    """Comments with their numbers, places, words and people."""
    said = ("pk", "parent_id", "level", "state", "kind", "body_source", "name_shown", "posted_at")
    return list(Comment.objects.order_by("pk").values_list(*said, "article__path"))


@each(MENDED)
def test_what_was_mended_in_a_real_export_is_told(archives, capsys, row):
    assert give(capsys, archives / row["file"])["warnings"]


def refuse(path: Path, **options) -> str:
    """The one sentence with which a file is refused; nothing is written."""
    with pytest.raises(CommandError) as refused:
        call_command("import_archive", str(path), json=True, **options)
    said = str(refused.value)
    assert refused.value.returncode == 1
    assert "\n" not in said
    assert said.endswith(".")
    assert path.name.split("__")[-1].split(".")[0].split("-")[0] in said
    assert [model.__name__ for model in WRITTEN if model.objects.exists()] == []
    return said


@each(BROKEN)
def test_a_damaged_real_export_is_refused_and_accepted_read_as_far_as_it_goes(archives, capsys, row):
    said = refuse(archives / row["file"])
    assert re.search(r"line \d+, column \d+", said)
    counts = give(capsys, archives / row["file"], accept_damaged=True)
    assert counts["comments"] == int(row["comments"])
    assert counts["articles"] <= int(row["posts_total"])
    assert "damaged" in {warning["code"] for warning in counts["warnings"]}
    check_sums(counts)


@each(EMPTY)
def test_a_real_file_without_anything_that_we_read_is_refused(archives, row):
    refuse(archives / row["file"])


@each(TWO)
def test_of_a_real_zip_with_an_empty_feed_beside_an_export_the_feed_is_left_out(archives, capsys, row):
    counts = give(capsys, archives / row["file"])
    assert (counts["articles"], counts["comments"], counts["skipped"]) == (1, 1, 1)


@each(LONG)
def test_a_real_export_that_breaks_off_writes_nothing_unless_it_is_accepted(archives, capsys, tmp_path, row):
    content = plain(archives / row["file"])
    file = tmp_path / "export.xml"
    file.write_bytes(content[: len(content) * 7 // 10])
    assert "export.xml" in refuse(file)
    counts = give(capsys, file, accept_damaged=True)
    assert counts["articles"] <= expected_articles(row)
    assert counts["comments"] <= int(row["comments"])
    assert "damaged" in {warning["code"] for warning in counts["warnings"]}
    check_sums(counts)
    check_threads()


@each(LONG)
def test_a_real_export_packed_in_gzip_or_zip_gives_the_same_report(archives, capsys, tmp_path, row):
    content = plain(archives / row["file"])
    bare = tmp_path / "export.xml"
    bare.write_bytes(content)
    told = give(capsys, bare, dry_run=True)
    with gzip.open(tmp_path / "export.xml.gz", "wb") as file:
        file.write(content)
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("__MACOSX/._export.xml", b"junk")
        packed.writestr("backup/export.xml", content)
    assert give(capsys, tmp_path / "export.xml.gz", dry_run=True) == told
    assert give(capsys, tmp_path / "export.zip", dry_run=True) == told


def plain(path: Path) -> bytes:
    """A file's content, taken out of its container if it is in one."""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            return packed.read(packed.namelist()[0])
    return path.read_bytes()
