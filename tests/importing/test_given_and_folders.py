"""What the admin says of one post, folders in folders, and runs that hold nothing."""

import json
import os

import pytest
from django.core.management import CommandError, call_command

from forum.articles.models import Article
from forum.importing import files
from forum.importing.plan import read_archive
from forum.importing.records import Given, RefusedError, Source
from forum.sources.models import ImportRun
from tests.importing.blogger import samples as blogger
from tests.importing.disqus.test_disqus import post, thread, xml
from tests.importing.html import samples as html
from tests.importing.test_beside import CSS, PAGE
from tests.importing.test_containers import FEED, packed
from tests.importing.test_load import TEXT, URL
from tests.importing.test_upload import upload
from tests.importing.wxr import samples as wxr

EXPORT = wxr.wxr(wxr.item(wxr.comment()))
FEEDS = {
    "wxr": EXPORT,
    "blogger": blogger.old_feed(blogger.old_post(1), blogger.old_comment(2)),
    "disqus": xml(thread(), post()),
}


def written(tmp_path, name: str, content: str | bytes) -> Source:
    path = tmp_path / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Source(path, path.name)


def read(tmp_path, content, name="export.xml", wanted="", **given):
    source = written(tmp_path, name, content)
    return read_archive([Source(source.path, source.name, Given(**given))], wanted)


def codes(archive) -> list[str]:
    return [remark.code for remark in archive.remarks]


def titles(archive) -> list[str]:
    return [record.title for _format, record in archive.articles]


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("given", [{"url": URL}, {"title": "Mine"}, {"date": "2011-06-14"}])
def test_what_is_given_of_one_post_is_not_used_for_a_whole_blog_and_that_is_said(tmp_path, name, given):
    archive = read(tmp_path, FEEDS[name], **{k: v for k, v in vars_of(given).items() if v})
    told = [] if name == "blogger" and "url" in given else ["given_ignored"]
    assert codes(archive) == told
    assert "Mine" not in titles(archive)
    if told:
        assert archive.remarks[0].message.startswith("What was given of one post")
        assert f"“export.xml” is a file of the format {name}" in archive.remarks[0].message


def vars_of(given: dict[str, str]) -> dict:
    checked = files.checked(**given)
    return {"url": checked.url, "date": checked.date, "title": checked.title}


@pytest.mark.parametrize("content", FEEDS.values(), ids=FEEDS)
def test_control_where_nothing_is_given_nothing_is_said(tmp_path, content):
    assert codes(read(tmp_path, content)) == []


def test_control_a_single_page_takes_what_is_given(tmp_path):
    archive = read(tmp_path, TEXT, "cups.txt", url=URL, title="Mine")
    assert (titles(archive), codes(archive)) == (["Mine"], [])


@pytest.mark.django_db
def test_the_report_and_the_preview_say_so(tmp_path, capsys, boss):
    file = written(tmp_path, "export.xml", EXPORT).path
    call_command("import_archive", str(file), json=True, url=URL)
    counts = json.loads(capsys.readouterr().out)
    assert [w["code"] for w in counts["warnings"]] == ["given_ignored"]
    assert Article.objects.get().path == "/2014/03/05/a-post/"
    address = upload(boss, EXPORT, "export.xml")["Location"]
    assert "What was given of one post" in boss.get(address).content.decode()


def test_one_address_for_several_pages_in_a_zip_is_refused(tmp_path):
    pages = packed({"cups.txt": TEXT, "sticks.txt": TEXT.replace("Cups", "Sticks")})
    with pytest.raises(RefusedError, match=r"^An address, date or title is for one page only, .* holds 2\.$"):
        read(tmp_path, pages, "pages.zip", url=URL)


def test_control_one_page_in_a_zip_takes_it_and_sidecars_are_their_own(tmp_path):
    one = packed({"cups.txt": TEXT, "style.css": CSS})
    assert [r.url for _name, r in read(tmp_path, one, "one.zip", url=URL).articles] == [URL]
    own = {"url": URL.replace("cups", "sticks")}
    two = {"cups.txt": TEXT, "sticks.txt": TEXT, "sticks.meta.json": json.dumps(own)}
    found = read(tmp_path, packed(two), "two.zip", url=URL).articles
    assert [record.url for _name, record in found] == [URL, own["url"]]


def test_folders_in_a_folder_are_read_with_their_sidecars(tmp_path):
    written(tmp_path, "b.txt", TEXT)
    written(tmp_path, "2011/06/cups.txt", TEXT.replace("Cups", "Sticks"))
    written(tmp_path, "2011/06/cups.meta.json", json.dumps({"date": "2011-06-14"}))
    written(tmp_path, "2011/README.md", "About this folder")
    found = files.sources([str(tmp_path / "in")], Given())
    assert [source.name for source in found] == ["cups.txt", "b.txt"]
    assert [bool(source.given.date) for source in found] == [True, False]
    assert titles(read_archive(found)) == ["Sticks", "Cups"]


def test_hidden_files_junk_and_links_that_lead_out_are_left_out(tmp_path):
    outside = tmp_path / "secret.txt"
    outside.write_text(TEXT, encoding="utf-8")
    for name in ("a.txt", ".hidden.txt", ".git/b.txt", "__MACOSX/c.txt", "Thumbs.db", "deep/d.txt"):
        written(tmp_path, name, TEXT)
    folder = tmp_path / "in"
    os.symlink(outside, folder / "out.txt")
    os.symlink(tmp_path, folder / "up")
    os.symlink(folder / "deep", folder / "again")
    os.symlink(folder, folder / "deep" / "round")
    os.symlink(tmp_path / "nowhere", folder / "broken.txt")
    os.symlink(folder / "a.txt", folder / "inside.txt")
    found = files.sources([str(folder)], Given())
    assert [source.path.relative_to(folder).as_posix() for source in found] == [
        "a.txt",
        "deep/d.txt",
        "inside.txt",
    ]


def test_a_folder_with_too_many_files_is_refused(tmp_path, monkeypatch):
    for number in range(4):
        written(tmp_path, f"{number % 2}/{number}.txt", TEXT)
    monkeypatch.setattr(files, "MOST_FILES", 3)
    with pytest.raises(RefusedError, match=r"holds more than 3 files\.$"):
        files.sources([str(tmp_path / "in")], Given())
    monkeypatch.setattr(files, "MOST_FILES", 4)
    assert len(files.sources([str(tmp_path / "in")], Given())) == 4


def test_the_folder_of_a_saved_page_in_a_folder_is_not_read(tmp_path):
    written(tmp_path, "deep/Nice Post.html", PAGE)
    written(tmp_path, "deep/Nice Post_files/frame.html", PAGE.replace("Nice", "Frame"))
    assert titles(read_archive(files.sources([str(tmp_path / "in")], Given()))) == ["Nice Post"]


def test_the_look_of_a_blog_beside_its_feed_makes_no_post(tmp_path):
    written(tmp_path, "Blogs/Ours/feed.atom", FEED)
    written(tmp_path, "Blogs/Ours/theme-classic.html", html.page(""))
    archive = read_archive(files.sources([str(tmp_path / "in")], Given()))
    assert [(item.source_id, item.code) for item in archive.skipped] == [
        ("theme-classic.html", "beside_feed")
    ]
    assert titles(archive) == []


@pytest.mark.parametrize(
    ("wanted", "content"),
    [
        ("blogger", EXPORT),
        ("blogger", FEEDS["disqus"]),
        ("blogger", "<rss version='2.0'><channel><title>x</title></channel></rss>"),
        ("wxr", "<rss version='2.0'><channel><title>x</title></channel></rss>"),
        ("warc", html.page(html.item(1, "Words."))),
    ],
)
def test_a_file_that_holds_nothing_of_the_wanted_format_is_refused(tmp_path, wanted, content):
    with pytest.raises(RefusedError, match=rf"^“export\.xml” holds nothing that can be read as {wanted}\.$"):
        read(tmp_path, content, wanted=wanted)


@pytest.mark.django_db
def test_the_wrong_format_ends_with_1_and_leaves_no_run(tmp_path):
    file = written(tmp_path, "export.xml", EXPORT).path
    with pytest.raises(CommandError, match="holds nothing that can be read as blogger") as refused:
        call_command("import_archive", str(file), format="blogger")
    assert refused.value.returncode == 1
    assert not ImportRun.objects.exists()


def test_control_the_right_format_is_read_also_where_it_would_not_be_recognised(tmp_path):
    bare = "<rss version='2.0'><channel><title>x</title><item><title>A post</title></item></channel></rss>"
    assert titles(read(tmp_path, bare, wanted="wxr")) == ["A post"]
    assert titles(read(tmp_path, EXPORT, wanted="wxr")) == ["A post"]


@pytest.mark.parametrize("content", [wxr.wxr(), blogger.old_feed(), xml()], ids=FEEDS)
def test_an_export_that_is_whole_and_empty_is_done_and_says_so(tmp_path, content):
    archive = read(tmp_path, content)
    assert (archive.items, codes(archive)) == (0, ["nothing_found"])
