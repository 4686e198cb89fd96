"""Packed archives are opened, hostile ones refused in one sentence, and names never become paths."""

import gzip
import io
import json
import stat
import zipfile

import pytest

from forum.importing.containers import opened
from forum.importing.plan import read_archive
from forum.importing.records import DamagedError, Given, RefusedError, Source
from tests.importing.test_load import TEXT, URL

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
