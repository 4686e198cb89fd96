"""Figure Z4: damaged, hostile and oversized captures never crash; what is good before the damage stays."""

import base64
import gzip
import hashlib
import random
import socket
import tracemalloc
from pathlib import Path

import pytest

from forum.importing.formats.warc import stream
from forum.importing.formats.warc.http import MOST_IN_BODY
from forum.importing.records import RefusedError
from tests.importing.html.samples import URL
from tests.importing.warc.samples import OTHER, capture, codes, found_in, http, package, post, record, zipped

RECORDS = [capture(post(1)), capture(post(2, url=OTHER), OTHER)]
GOOD = {
    "a.warc": b"".join(RECORDS),
    "a.warc.gz": zipped(RECORDS),
    "a.wacz": package({"archive/data.warc.gz": zipped(RECORDS), "datapackage.json": b"{}"}),
}


def survives(folder: Path, content: bytes, name: str) -> bool:
    """Whether a damaged file gave something; the only error that may come is a refusal."""
    try:
        found_in(folder, content, name)
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize("name", GOOD)
def test_figure_z4_two_hundred_truncations(tmp_path: Path, name: str) -> None:
    chance, content = random.Random(4), GOOD[name]
    kept = [survives(tmp_path, content[: chance.randrange(len(content))], name) for _ in range(200)]
    assert any(kept) or name == "a.wacz"


@pytest.mark.parametrize("name", GOOD)
def test_figure_z4_two_hundred_bit_flips(tmp_path: Path, name: str) -> None:
    chance = random.Random(4)
    kept = []
    for _ in range(200):
        content = bytearray(GOOD[name])
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        kept.append(survives(tmp_path, bytes(content), name))
    assert sum(kept) > 50


def test_figure_z4_real_files_truncated_and_flipped(archives: Path, tmp_path: Path) -> None:
    chance = random.Random(4)
    files = sorted((archives / "warc").iterdir())
    for number in range(200):
        path = files[number % len(files)]
        content = bytearray(path.read_bytes())
        name = "a.wacz" if path.suffix == ".wacz" else "a.warc"
        survives(tmp_path, bytes(content[: chance.randrange(len(content))]), name)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        survives(tmp_path, bytes(content), name)


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_figure_z4_records_before_the_damage_are_read_and_its_place_is_told(
    tmp_path: Path, name: str
) -> None:
    first = len(RECORDS[0]) if name == "a.warc" else len(zipped(RECORDS[:1]))
    articles, _, remarks = found_in(tmp_path, GOOD[name][:-200], name)
    assert [article.url for article in articles] == [URL]
    assert codes(remarks) == ["damaged"]
    assert f"byte {first} " in remarks[0].message
    assert remarks[0].source_id == f"{name}@{first}"


def test_figure_z4_a_record_that_contradicts_its_checksum_is_remarked_on(tmp_path: Path) -> None:
    block = http(post(1).encode())
    digest = base64.b32encode(hashlib.sha1(block).digest()).decode()
    good = record("response", block, more=f"WARC-Block-Digest: sha1:{digest}\r\n")
    assert found_in(tmp_path, good)[2] == []
    articles, _, remarks = found_in(tmp_path, good.replace(b"T1.", b"T7."))
    assert (len(articles), codes(remarks)) == (1, ["damaged"])


def test_figure_z4_a_gzip_bomb_is_stopped_at_the_limit(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(stream, "MOST_IN_RECORD", 20_000_000)
    bomb = gzip.compress(record("response", b"\0" * 60_000_000))
    tracemalloc.start()
    articles, _, remarks = found_in(tmp_path, zipped(RECORDS[:1]) + bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(articles) == 1
    assert codes(remarks) == ["damaged"]
    assert "unpacks to more" in remarks[0].message
    assert peak < 150_000_000


def test_figure_z4_all_records_together_have_a_limit_too(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(zipped([record("resource", b"\0" * 1_000_000)] * 3))

    def read_all() -> None:
        with path.open("rb") as file:
            limited = stream.WarcStream(file, stream.Budget(2_000_000))
            while limited.begin_record():
                limited.begin_block()
                limited.read(1_000_100)

    with pytest.raises(stream.BrokenError, match="1 GB"):
        read_all()


@pytest.mark.parametrize(
    "content",
    [
        b"WARC/1.0\r\n" + b"A: b\r\n" * 300_000,
        b"WARC/1.0\r\nA: " + b"x" * 2_000_000,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: five\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"http://a 1.2.3.4 99999999999999 text/html 12\nHTTP/1.1 200\n",
        gzip.compress(gzip.compress(b"WARC/1.0\r\n", mtime=0), mtime=0),
    ],
)
def test_figure_z4_hostile_headers_end_in_a_remark(tmp_path: Path, content: bytes) -> None:
    articles, _, remarks = found_in(tmp_path, RECORDS[0] + content)
    assert len(articles) == 1
    assert codes(remarks) == ["damaged"]


def test_figure_z4_bombs_inside_responses_are_skipped(tmp_path: Path) -> None:
    def packed(body: bytes, headers: str) -> bytes:
        return record("response", http(body, headers=f"Content-Type: text/html\r\n{headers}"))

    large = b"\0" * (MOST_IN_BODY + 10)
    records = [
        packed(gzip.compress(large), "Content-Encoding: gzip"),
        packed(gzip.compress(gzip.compress(large)), "Content-Encoding: gzip, gzip"),
        packed(b"x", "Content-Encoding: gzip, gzip, gzip, gzip"),
        packed(b"7fffffff\r\nab", "Transfer-Encoding: chunked"),
        packed(gzip.compress(post(1).encode())[:-20], "Content-Encoding: gzip"),
        record("response", http(b"x" * 25_000_001)),
    ]
    _, skipped, remarks = found_in(tmp_path, b"".join(records))
    assert codes(skipped) == ["too_large", "too_large", "encoding", "refused", "encoding", "too_large"]
    assert codes(remarks) == ["no_articles"]


def test_figure_z4_no_address_is_ever_fetched(tmp_path: Path, monkeypatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError(f"the network was used: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    dtd = (
        '<!DOCTYPE html SYSTEM "http://127.0.0.1:1/x.dtd"><link rel="stylesheet" href="http://127.0.0.1:1/">'
    )
    articles, _, _ = found_in(tmp_path, capture(dtd + post(1)))
    assert len(articles) == 1
