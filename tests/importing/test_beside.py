"""What stands beside posts and holds none is left out and named, and never stops or hides anything."""

import pytest

from forum.importing import files
from forum.importing.formats import format_of
from forum.importing.plan import Archive, read_archive
from forum.importing.records import DamagedError, Given, RefusedError, Source
from tests.importing.test_containers import FEED, packed
from tests.importing.test_load import TEXT

PAGE = (
    "<!DOCTYPE html><html><head><title>Nice Post</title></head><body><article class='post hentry'>"
    "<h1 class='entry-title'>Nice Post</h1><div class='entry-content'><p>Words of a post.</p></div></article>"
    "<ol class='commentlist'><li class='comment' id='comment-1'><cite class='fn'>Ann</cite>"
    "<p>A comment.</p></li></ol></body></html>"
)
CSS = "body { color: red }\n"
NOTHING = "just a line of words that goes on and on without any title to it, " * 8 + "\n"
ANNOUNCING = "Pots\n\nText.\n\n3 thoughts on “Pots”\n\nLeave a Reply\n"


def given(tmp_path, name: str, content: str | bytes) -> Source:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Source(path, path.name, Given())


def zipped(tmp_path, entries: dict[str, str | bytes]) -> Archive:
    return read_archive([given(tmp_path, "all.zip", packed(entries))])


def told(archive: Archive) -> tuple[list[str], dict[str, str]]:
    """The titles that were read, and the codes of the files that were left out."""
    titles = [record.title for _format, record in archive.articles]
    return titles, {item.source_id: item.code for item in archive.skipped if item.kind == "file"}


def test_the_folder_of_a_page_saved_complete_is_left_out_untried(tmp_path):
    entries = {
        "in/Nice Post.html": PAGE,
        "in/Nice Post_files/style.css": CSS,
        "in/Nice Post_files/ads/frame.html": PAGE.replace("Nice", "Frame"),
        "in/Nice Post_files/packed.gz": b"\x1f\x8b\x08broken",
    }
    titles, skipped = told(zipped(tmp_path, entries))
    assert (titles, set(skipped.values()), len(skipped)) == (["Nice Post"], {"beside_page"}, 3)


def test_in_a_folder_the_page_is_read_and_not_what_was_saved_with_it(tmp_path):
    for name, content in {"Nice Post.html": PAGE, "Nice Post_files/frame.html": PAGE, "a.css": CSS}.items():
        given(tmp_path, f"in/{name}", content)
    archive = read_archive(files.sources([str(tmp_path / "in")], Given()))
    assert told(archive) == (["Nice Post"], {"a.css": "no_post"})


def test_control_such_a_folder_without_its_page_is_read(tmp_path):
    titles, skipped = told(zipped(tmp_path, {"Nice Post_files/frame.html": PAGE, "cups.txt": TEXT}))
    assert (titles, skipped) == (["Nice Post", "Cups"], {})


@pytest.mark.parametrize("name", ["LICENSE", "README.txt", "style.css", "app.js", "LICENSE.txt"])
def test_a_text_beside_an_export_is_left_out_by_its_name(tmp_path, name):
    entries = {"cups.txt": TEXT, name: "A title\n\nAnd words that would make a post.\n"}
    assert told(zipped(tmp_path, entries)) == (["Cups"], {name: "no_post"})
    sources = [given(tmp_path, file, content) for file, content in entries.items()]
    assert told(read_archive(sources)) == (["Cups"], {name: "no_post"})


def test_a_text_that_holds_no_post_is_left_out_beside_others(tmp_path):
    for order in (["a.txt", "feed.atom"], ["feed.atom", "z.txt"]):
        sources = [given(tmp_path, name, FEED if name == "feed.atom" else CSS) for name in order]
        archive = read_archive(sources)
        assert (archive.format, [item.code for item in archive.skipped]) == ("blogger", ["no_post"])
        assert archive.items == 1


def test_a_page_that_holds_no_post_is_left_out_beside_others(tmp_path):
    bare = "<html><head></head><body></body></html>"
    titles, skipped = told(zipped(tmp_path, {"bare.html": bare, "cups.txt": TEXT, "empty.txt": " "}))
    assert (titles, skipped) == (["Cups"], {"bare.html": "no_post", "empty.txt": "no_post"})


def test_control_a_single_file_without_a_post_stays_refused(tmp_path):
    with pytest.raises(RefusedError, match=r"^“style\.css” gives no title for its post"):
        read_archive([given(tmp_path, "style.css", CSS)])
    with pytest.raises(RefusedError, match=r"^“style\.css” gives no title for its post"):
        zipped(tmp_path, {"style.css": CSS})


def test_control_a_single_readme_is_read(tmp_path):
    assert told(read_archive([given(tmp_path, "README.txt", TEXT)])) == (["Cups"], {})


def test_where_nothing_can_be_read_the_first_refusal_is_given(tmp_path):
    with pytest.raises(RefusedError, match=r"^“a\.txt” gives no title"):
        read_archive([given(tmp_path, name, CSS) for name in ("a.txt", "b.txt")])


def test_case_m8_a_text_that_announces_comments_and_has_none_refuses_the_run(tmp_path):
    with pytest.raises(RefusedError, match="announces 3 comments"):
        zipped(tmp_path, {"cups.txt": TEXT, "pots.txt": ANNOUNCING})


def test_comments_of_a_text_without_a_title_are_not_left_out_unseen(tmp_path):
    untitled = "  1. First words.\n\n  2. Second words.\n\nLeave a Reply\n"
    with pytest.raises(RefusedError, match=r"^“b\.txt” gives no title"):
        read_archive([given(tmp_path, "cups.txt", TEXT), given(tmp_path, "b.txt", untitled)])


def test_a_damaged_file_stops_the_run_beside_others(tmp_path):
    with pytest.raises(DamagedError):
        read_archive([given(tmp_path, "cups.txt", TEXT), given(tmp_path, "b.txt.gz", b"\x1f\x8b\x08\0\0")])


def test_a_text_of_windows_is_refused_with_its_remedy(tmp_path):
    old = given(tmp_path, "old.txt", TEXT.replace("Cups", "Café “cups”").encode("cp1252"))
    with pytest.raises(RefusedError, match=r"“old\.txt” .*looks like Windows-1252, please save it as UTF-8"):
        format_of(old)


@pytest.mark.parametrize(
    "content",
    [b"\xff\xd8\xff\xe0" + bytes(60), bytes(range(128, 256)) * 9, b"<?xml version='1.0'?><x>Caf\xe9 au</x>"],
)
def test_control_what_is_no_text_of_windows_is_not_called_one(tmp_path, content):
    with pytest.raises(RefusedError, match="in none of the formats"):
        format_of(given(tmp_path, "a.bin", content))


def test_a_text_with_a_stray_control_byte_is_read_without_it(tmp_path):
    archive = read_archive([given(tmp_path, "cups.txt", TEXT.replace("Cups", "Cu\0ps") + "\x07")])
    ((_format, article),) = archive.articles
    assert (article.title, article.hints["control_characters"]) == ("Cups", 3)
