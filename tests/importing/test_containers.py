"""Packed archives are opened, hostile ones refused in one sentence, and names never become paths."""

import contextlib
import gzip
import io
import json
import stat
import zipfile
from dataclasses import replace

import pytest

from forum.importing.containers import opened
from forum.importing.formats import format_of
from forum.importing.plan import read_archive
from forum.importing.records import DamagedError, Given, RefusedError, SkippedItem, Source
from tests.importing.test_load import TEXT, URL

FEED = (
    "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>"
    "<id>tag:blogger.com,1999:blog-77</id><title>B</title></feed>"
)
SECOND = TEXT.replace("Cups", "Sticks")


def packed(entries: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def source(tmp_path, content: bytes, name: str = "archive.zip", given=Given(url=URL)) -> Source:  # noqa: B008
    path = tmp_path / "given"
    path.write_bytes(content)
    return Source(path, name, given)


def names(tmp_path, content: bytes) -> list[str]:
    folder = tmp_path / "inner"
    folder.mkdir(exist_ok=True)
    return [inside.name for inside in opened(source(tmp_path, content), folder)]


def test_a_gzip_is_read_as_what_it_holds(tmp_path):
    archive = read_archive([source(tmp_path, gzip.compress(TEXT.encode()), "cups.txt.gz")])
    assert [record.title for _format, record in archive.articles] == ["Cups"]


def test_case_w4_a_zip_with_several_files_and_their_sidecars_is_one_archive(tmp_path):
    entries = {
        "a/cups.txt": TEXT,
        "a/cups.meta.json": json.dumps({"url": URL}),
        "b/sticks.txt": SECOND,
        "b/sticks.txt.meta.json": json.dumps({"date": "2011-07-01"}),
        "__MACOSX/a/._cups.txt": b"\x00junk",
        ".DS_Store": b"\x00",
    }
    archive = read_archive([source(tmp_path, packed(entries), given=Given())])
    assert [(r.title, r.url) for _format, r in archive.articles] == [("Cups", URL), ("Sticks", "")]


@pytest.mark.parametrize("name", ["../cups.txt", "/etc/cups.txt", "a/../../cups.txt", "C:\\cups.txt"])
def test_case_w4_a_name_that_leads_out_is_refused(tmp_path, name):
    with pytest.raises(RefusedError, match="leads out of the archive"):
        names(tmp_path, packed({name: TEXT}))
    assert [p.name for p in tmp_path.rglob("cups.txt")] == []


def test_figure_z2_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("cups.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(RefusedError, match="holds a link"):
        names(tmp_path, out.getvalue())


def test_figure_z2_packing_in_packing_is_refused(tmp_path):
    for inner in (packed({"cups.txt": TEXT}), gzip.compress(TEXT.encode())):
        with pytest.raises(RefusedError, match="inside of packed files"):
            names(tmp_path, packed({"inner": inner}))


def test_figure_z2_a_bomb_is_stopped_while_it_unpacks(tmp_path):
    for bomb in (packed({"a.txt": b"\0" * 60_000_000}), gzip.compress(b"\0" * 60_000_000)):
        with pytest.raises(RefusedError, match="far more than it should"):
            names(tmp_path, bomb)
        written = sum(p.stat().st_size for p in (tmp_path / "inner").iterdir())
        assert written < 20_000_000


def test_figure_z2_control_an_honest_archive_of_the_same_size_is_taken(tmp_path):
    words = " ".join(str(n * n) for n in range(1_200_000)).encode()
    assert len(words) > 10_000_000
    assert names(tmp_path, packed({"a.txt": words})) == ["a.txt"]


def test_figure_z2_too_many_entries_are_refused(tmp_path):
    with pytest.raises(RefusedError, match="more than 2000 files"):
        names(tmp_path, packed({f"{n}.txt": "" for n in range(2_001)}))


@pytest.mark.parametrize("content", [packed({}), packed({"folder/": b""}), packed({"__MACOSX/x": b"x"})])
def test_a_zip_without_a_file_is_refused(tmp_path, content):
    with pytest.raises(RefusedError, match="holds no file"):
        names(tmp_path, content)


def test_a_broken_packing_is_damaged(tmp_path):
    whole_zip, whole_gzip = packed({"cups.txt": TEXT}), gzip.compress(TEXT.encode())
    for broken in (whole_zip[:60], whole_gzip[:40], whole_zip[:40] + b"\xff" * 8 + whole_zip[48:]):
        with pytest.raises(DamagedError):
            names(tmp_path, broken)


TAKEOUT = {
    "Takeout/archive_browser.html": "<!DOCTYPE html><html><body><h1>Takeout</h1></body></html>",
    "Takeout/Blogger/Blogs/One: a blog/feed.atom": FEED,
    "Takeout/Blogger/Blogs/One: a blog/settings.csv": "blog_name,blog_description\nOne,Words\n",
    "Takeout/Blogger/Blogs/One: a blog/theme-classic.html": "<html><body><Blogger>x</Blogger></body></html>",
    "Takeout/Blogger/Blogs/One: a blog/theme-layouts.xml": "<?xml version='1.0'?><!DOCTYPE html><html/>",
    "Takeout/Blogger/Blogs/Two/feed.atom": FEED.replace("blog-77", "blog-88"),
    "Takeout/Blogger/Albums/a.jpg": b"\xff\xd8\xff\xe0" + bytes(60),
}


def left_out(tmp_path, content: bytes, **more) -> tuple[list[str], dict[str, str]]:
    skipped: list[SkippedItem] = []
    given = replace(source(tmp_path, content), **more)
    read = [inside.name for inside in opened(given, tmp_path, skipped)]
    return read, {item.source_id.rpartition("/")[2]: item.code for item in skipped}


def test_of_takeout_the_feeds_are_read_and_all_else_is_accounted_for(tmp_path):
    read, skipped = left_out(tmp_path, packed(TAKEOUT))
    assert read == ["feed.atom", "feed.atom"]
    assert skipped == {
        "archive_browser.html": "beside_feed",
        "settings.csv": "beside_feed",
        "theme-classic.html": "beside_feed",
        "theme-layouts.xml": "beside_feed",
        "a.jpg": "unknown_format",
    }


def test_control_without_a_feed_such_names_say_nothing(tmp_path):
    read, skipped = left_out(
        tmp_path, packed({"x/settings.csv": TEXT, "x/theme-a.html": "<html><p>x</html>"})
    )
    assert (read, skipped) == (["settings.csv", "theme-a.html"], {})


def test_a_file_of_no_known_kind_is_left_out_beside_one_that_is_read(tmp_path):
    read, skipped = left_out(tmp_path, packed({"cups.txt": TEXT, "scan.pdf": b"%PDF-1.4\n\xff\xfe\x00"}))
    assert (read, skipped) == (["cups.txt"], {"scan.pdf": "unknown_format"})


def test_control_a_zip_with_nothing_to_read_is_refused(tmp_path):
    with pytest.raises(RefusedError, match="no file in a format that we read; “scan.pdf” is a PDF"):
        left_out(tmp_path, packed({"scan.pdf": b"%PDF-1.4\n\xff\xfe\x00"}))


def test_a_hostile_file_is_refused_though_others_could_be_read(tmp_path):
    with pytest.raises(RefusedError, match="leads out"):
        left_out(tmp_path, packed({"cups.txt": TEXT, "../a.jpg": b"\xff\xd8\xff"}))


def test_a_damaged_file_is_left_out_when_damage_is_accepted(tmp_path):
    content = packed({"cups.txt": TEXT, "sticks.txt": SECOND})
    place = content.index(b"sticks.txt") + len("sticks.txt")
    content = content[:place] + b"\xff" * 20 + content[place + 20 :]
    with pytest.raises(DamagedError, match="“sticks.txt” in “archive.zip” cannot be read"):
        left_out(tmp_path, content)
    assert left_out(tmp_path, content, accept_damaged=True) == (["cups.txt"], {"sticks.txt": "damaged"})


def test_names_of_windows_and_of_the_mac_are_names(tmp_path):
    entries = {"blog\\cups.txt": TEXT, "blog\\": b"", "Re: sticks.txt": SECOND, "__MACOSX/._cups.txt": b"x"}
    assert left_out(tmp_path, packed(entries)) == (["cups.txt", "Re: sticks.txt"], {})


@pytest.mark.parametrize("make", [gzip.compress, lambda text: packed({"cups.txt": text})])
def test_figure_z2_damaged_packing_is_refused_or_read_and_nothing_else(tmp_path, make):
    content = make(TEXT.encode() * 20)
    for place in range(0, len(content), 3):
        for damaged in (content[:place] + b"\xff" + content[place + 1 :], content[:place]):
            (tmp_path / "given").write_bytes(damaged)
            # Only these two may come, whatever the packing's own library raises.
            with contextlib.suppress(DamagedError, RefusedError):
                list(opened(Source(tmp_path / "given", "a.zip"), tmp_path))


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        (b"bplist00\xd1\x01\x02_\x10\x0fWebMainResource\x00\xff", "web archive of Safari"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "unpack it first"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "copy its text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Microsoft Office"),
    ],
)
def test_what_is_known_and_not_read_is_refused_by_its_name(tmp_path, begins, words):
    with pytest.raises(RefusedError, match=words):
        format_of(source(tmp_path, begins))


def test_of_several_files_what_nobody_can_read_is_left_out_and_named(tmp_path):
    (tmp_path / "b").mkdir()
    photo = source(tmp_path, b"\xff\xd8\xff\xe0" + bytes(100), "photo.jpg", Given())
    page = source(tmp_path / "b", TEXT.encode(), "cups.txt")
    archive = read_archive([photo, page])
    assert (len(archive.articles), archive.comments, archive.items) == (1, 3, 5)
    assert [(s.kind, s.source_id, s.code) for s in archive.skipped] == [
        ("file", "photo.jpg", "unknown_format")
    ]
    with pytest.raises(RefusedError, match=r"photo\.jpg"):
        read_archive([photo])
