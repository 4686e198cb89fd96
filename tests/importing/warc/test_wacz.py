"""WACZ packages: their captures together, and the rules for zip files from strangers."""

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from forum.importing.formats.warc import wacz
from forum.importing.records import RefusedError
from tests.importing.html.samples import URL, shape
from tests.importing.warc.samples import OTHER, capture, codes, found_in, package, post, record, zipped

ONE = zipped([capture(post(1), date="2014-01-01T00:00:00Z")])
TWO = zipped([capture(post(1, 2), date="2015-01-01T00:00:00Z"), capture(post(3, url=OTHER), OTHER)])


def test_captures_of_all_files_are_united(tmp_path: Path) -> None:
    content = package({"archive/1.warc.gz": ONE, "pages/pages.jsonl": b"{}", "archive/2.warc.gz": TWO})
    assert wacz.recognises(content[:65_536], "x.zip")
    articles, skipped, remarks = found_in(tmp_path, content, "a.wacz")
    assert [article.url for article in articles] == [URL, OTHER]
    assert shape(articles[0]) == [("1", None), ("2", None)]
    assert (skipped, remarks) == ([], [])


def test_a_damaged_file_leaves_the_others(tmp_path: Path) -> None:
    content = package({"archive/1.warc.gz": ONE, "archive/2.warc.gz": TWO[:-30], "archive/3.warc": b""})
    articles, _, remarks = found_in(tmp_path, content, "a.wacz")
    assert [article.url for article in articles] == [URL]
    assert codes(remarks) == ["damaged"]
    assert "archive/2.warc.gz" in remarks[0].message


def test_other_zip_files_are_not_recognised() -> None:
    assert not wacz.recognises(package({"export.xml": b"<rss/>"}), "export.zip")
    assert not wacz.recognises(b"PK\x05\x06" + b"\0" * 18, "a.wacz")


def test_names_in_a_package_are_no_paths(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    content = package(
        {"archive/../../outside/a.warc": b"x", "/archive/b.warc": b"x", "archive/1.warc.gz": ONE}
    )
    articles, _, _ = found_in(tmp_path, content, "a.wacz")
    assert len(articles) == 1
    assert not outside.exists()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.wacz"]


def test_a_package_inside_a_package_is_not_opened(tmp_path: Path) -> None:
    inner = package({"archive/2.warc.gz": TWO})
    _, skipped, _ = found_in(tmp_path, package({"archive/1.warc.gz": ONE, "b.wacz": inner}), "a.wacz")
    assert [(each.kind, each.source_id, each.code) for each in skipped] == [("file", "b.wacz", "nested")]


def linked() -> bytes:
    """A package with a symbolic link."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("archive/1.warc")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def encrypted() -> bytes:
    """A package that says it is encrypted."""
    content = bytearray(package({"archive/1.warc.gz": ONE}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def miscounted() -> bytes:
    """A package whose end names far more entries than it has."""
    content = bytearray(package({"archive/1.warc.gz": ONE}))
    at = content.rfind(b"PK\x05\x06")
    content[at + 8 : at + 12] = struct.pack("<HH", 60_000, 60_000)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (package({f"{number}.txt": b"" for number in range(2001)}), "more than 2000 files"),
        (miscounted(), "more than 2000 files"),
        (
            package({"archive/1.warc": record("resource", b"\0" * 9_000_000)}, zipfile.ZIP_DEFLATED),
            "100 times",
        ),
        (linked(), "a link"),
        (encrypted(), "encrypted"),
        (package({"datapackage.json": b"{}"}), "no WARC file"),
        (package({"archive/1.warc": b""}), "no records"),
        (package({"archive/1.warc.gz": ONE})[:-30], "breaks off"),
        (b"PK\x03\x04" + b"\0" * 100, "breaks off"),
    ],
)
def test_hostile_and_broken_packages_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        found_in(tmp_path, content, "a.wacz")
