"""Real captures, kept outside the project: none holds a post, all records are accounted for."""

import re
from pathlib import Path

import pytest

from forum.importing.formats.warc import reader, wacz
from forum.importing.records import RefusedError
from tests.importing.html.samples import bodies
from tests.importing.warc.samples import capture, found_in, zipped

KNOWN = {
    "bad-non-chunked.warc.gz": {"not_a_response": 4, "revisit": 1, "refused": 1},
    "digest.warc": {"not_a_response": 4},
    "iana.org-chunked.warc": {"not_a_response": 2, "refused": 1},
    "trunc.warc": {"not_a_response": 2, "encoding": 1},
    "wget-bad-target-uri.warc.gz": {"not_a_response": 3, "refused": 1, "not_html": 2},
    "wrong-chunks.warc.gz": {"not_a_response": 1, "refused": 1},
}


def refusal(folder: Path, content: bytes, name: str = "a.warc.gz") -> dict[str, int]:
    """The reasons that the refusal of a file gives, with how many records have each."""
    with pytest.raises(RefusedError, match="is a blog post") as refused:
        found_in(folder, content, name)
    return {code: int(number) for number, code in re.findall(r"(\d+) × ([a-z ]+)", str(refused.value))}


@pytest.mark.parametrize("name", KNOWN)
def test_a_real_file_without_a_post_is_refused_with_the_reasons_of_all_its_records(
    archives: Path, tmp_path: Path, name: str
) -> None:
    content = (archives / "warc" / f"webrecorder__example-{name}").read_bytes()
    assert reader.recognises(content[:65_536], name)
    told = refusal(tmp_path, content)
    assert told == {code.replace("_", " "): number for code, number in KNOWN[name].items()}


@pytest.mark.parametrize(("name", "number"), [("example.warc.gz", 6), ("example.arc.gz", 2)])
def test_gzipped_warc_and_arc_files_are_read(archives: Path, tmp_path: Path, name: str, number: int) -> None:
    content = (archives / "warc" / f"webrecorder__{name}").read_bytes()
    assert reader.recognises(content[:65_536], name)
    assert sum(refusal(tmp_path, content).values()) == number


def test_a_valid_package_is_read_and_an_invalid_one_refused(archives: Path, tmp_path: Path) -> None:
    valid = (archives / "warc" / "webrecorder__valid_example_1.wacz").read_bytes()
    assert wacz.recognises(valid[:65_536], "")
    assert sum(refusal(tmp_path, valid, "a.wacz").values()) == 4
    invalid = (archives / "warc" / "webrecorder__invalid_example_1.wacz").read_bytes()
    with pytest.raises(RefusedError):
        found_in(tmp_path, invalid, "a.wacz")


def test_a_real_page_inside_a_capture_gives_its_comments(archives: Path, tmp_path: Path) -> None:
    text = (archives / "html" / "rete-mirabile.net.15jahre.html").read_text()
    articles, _, _ = found_in(tmp_path, zipped([capture(text, "https://rete-mirabile.net/15jahre/")]))
    assert [comment.key for comment in articles[0].comments] == ["52174", "52175", "52177", "52178"]
    assert all(bodies(articles[0]))
