"""Real captures, kept outside the project: none holds a post, all records are accounted for."""

from collections import Counter
from pathlib import Path

import pytest

from forum.importing.formats.warc import reader, wacz
from forum.importing.records import RefusedError
from tests.importing.html.samples import bodies
from tests.importing.warc.samples import capture, codes, found_in, zipped

KNOWN = {
    "bad-non-chunked.warc.gz": ({"not_a_response": 4, "revisit": 1, "refused": 1}, ["no_articles"]),
    "digest.warc": ({"not_a_response": 4}, ["no_articles"]),
    "iana.org-chunked.warc": ({"not_a_response": 2, "refused": 1}, ["no_articles"]),
    "trunc.warc": ({"not_a_response": 2, "encoding": 1}, ["damaged", "no_articles"]),
    "wget-bad-target-uri.warc.gz": ({"not_a_response": 3, "refused": 1, "not_html": 2}, ["no_articles"]),
    "wrong-chunks.warc.gz": ({"not_a_response": 1, "refused": 1}, ["damaged", "no_articles"]),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_records_of_a_real_file_are_all_skipped_for_known_reasons(
    archives: Path, tmp_path: Path, name: str
) -> None:
    content = (archives / "warc" / f"webrecorder__example-{name}").read_bytes()
    assert reader.recognises(content[:65_536], name)
    articles, skipped, remarks = found_in(tmp_path, content)
    counts, told = KNOWN[name]
    assert articles == []
    assert Counter(codes(skipped)) == counts
    assert codes(remarks) == told


@pytest.mark.parametrize(("name", "number"), [("example.warc.gz", 6), ("example.arc.gz", 2)])
def test_gzipped_warc_and_arc_files_are_read(archives: Path, tmp_path: Path, name: str, number: int) -> None:
    content = (archives / "warc" / f"webrecorder__{name}").read_bytes()
    assert reader.recognises(content[:65_536], name)
    articles, skipped, remarks = found_in(tmp_path, content)
    assert (articles, len(skipped), codes(remarks)) == ([], number, ["no_articles"])
    assert "http://example.com/" in {each.source_id for each in skipped}


def test_a_valid_package_is_read_and_an_invalid_one_refused(archives: Path, tmp_path: Path) -> None:
    valid = (archives / "warc" / "webrecorder__valid_example_1.wacz").read_bytes()
    assert wacz.recognises(valid[:65_536], "")
    _, skipped, remarks = found_in(tmp_path, valid, "a.wacz")
    assert (len(skipped), codes(remarks)) == (4, ["no_articles"])
    invalid = (archives / "warc" / "webrecorder__invalid_example_1.wacz").read_bytes()
    with pytest.raises(RefusedError):
        found_in(tmp_path, invalid, "a.wacz")


def test_a_real_page_inside_a_capture_gives_its_comments(archives: Path, tmp_path: Path) -> None:
    text = (archives / "html" / "rete-mirabile.net.15jahre.html").read_text()
    articles, _, _ = found_in(tmp_path, zipped([capture(text, "https://rete-mirabile.net/15jahre/")]))
    assert [comment.key for comment in articles[0].comments] == ["52174", "52175", "52177", "52178"]
    assert all(bodies(articles[0]))
