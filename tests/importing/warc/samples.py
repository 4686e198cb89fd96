"""Small WARC files and packages, made here for the tests."""

import gzip
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from forum.importing.formats.warc import reader, wacz
from forum.importing.records import ArchivedArticle, Remark, SkippedItem, Source
from tests.importing.html.samples import URL, item, page

OTHER = "https://bread.example.org/2014/04/01/oats/"
Found = tuple[list[ArchivedArticle], list[SkippedItem], list[Remark]]


def record(
    kind: str, block: bytes, uri: str = URL, date: str = "2014-06-01T00:00:00Z", more: str = ""
) -> bytes:
    """One WARC record."""
    target = f"WARC-Target-URI: {uri}\r\n" if uri else ""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: {date}\r\n{more}"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def http(
    body: bytes, status: str = "200 OK", headers: str = "Content-Type: text/html; charset=utf-8"
) -> bytes:
    """One HTTP response."""
    return f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode() + body


def capture(text: str, uri: str = URL, date: str = "2014-06-01T00:00:00Z") -> bytes:
    """A record with a page."""
    return record("response", http(text.encode()), uri, date)


def post(*numbers: int, url: str = URL, heading: str = "") -> str:
    """A page with comments of these numbers."""
    return page("".join(item(number, f"T{number}.") for number in numbers), heading).replace(URL, url)


def zipped(records: Iterable[bytes]) -> bytes:
    """Each record as a gzip member of its own."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)


def found_in(folder: Path, content: bytes, name: str = "a.warc") -> Found:
    """The articles, skipped records and remarks of a file."""
    path = folder / name
    path.write_bytes(content)
    module = wacz if name.endswith(".wacz") else reader
    articles: list[ArchivedArticle] = []
    skipped: list[SkippedItem] = []
    remarks: list[Remark] = []
    for each in module.read(Source(path, name)):
        kinds = {ArchivedArticle: articles, SkippedItem: skipped, Remark: remarks}
        kinds[type(each)].append(each)
    return articles, skipped, remarks


def package(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip file."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def codes(items: Iterable[SkippedItem | Remark]) -> list[str]:
    """The codes of skipped records or remarks."""
    return [each.code for each in items]
