"""`manage.py import_archive` as others script against it."""

import json

import pytest
from django.core.management import CommandError, call_command

from forum.articles.models import Article
from forum.sources.models import ImportRun
from forum.threads.models import Comment
from tests.importing.test_load import TEXT, URL
from tests.importing.wxr import samples

pytestmark = pytest.mark.django_db
EXAMPLE_URL = "https://ms-selfie.blog/2012/10/31/lethal-ms-post-natalizumab/"
KEYS = {
    *("format", "run", "articles", "comments", "by_kind", "by_state", "max_depth", "items", "created"),
    *("updated", "unchanged", "skipped", "needs_review", "declared_comments", "warnings"),
}


def run_json(capsys, *args, **options):
    capsys.readouterr()
    call_command("import_archive", *map(str, args), json=True, **options)
    return json.loads(capsys.readouterr().out)


def test_the_real_example_reports_what_is_known_of_it(capsys, archives):
    example = archives / "reading-view" / "lethal-ms-post-natalizumab.txt"
    first = run_json(capsys, example, url=EXAMPLE_URL)
    assert set(first) == KEYS
    assert (first["articles"], first["comments"], first["declared_comments"]) == (1, 15, 18)
    assert (first["created"], first["items"], first["max_depth"]) == (16, 16, 2)
    assert (first["by_kind"], first["by_state"]) == ({"comment": 15}, {"visible": 15})
    assert [w["code"] for w in first["warnings"]] == ["count_mismatch"]
    second = run_json(capsys, example, url=EXAMPLE_URL)
    assert (second["unchanged"], second["created"], second["updated"]) == (16, 0, 0)
    assert Comment.objects.filter(parent=None).count() == 8
    article = Article.objects.get()
    assert article.path == "/2012/10/31/lethal-ms-post-natalizumab/"
    assert article.blog.name == "Prof G's MS Blog Archive"


def test_a_folder_is_read_with_its_sidecars(capsys, tmp_path):
    (tmp_path / "cups.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "cups.meta.json").write_text(json.dumps({"url": URL}), encoding="utf-8")
    (tmp_path / "about.txt").write_text("About us\n\nWe are two.\n", encoding="utf-8")
    (tmp_path / "about.txt.meta.json").write_text('{"date": "2010-01-02"}', encoding="utf-8")
    counts = run_json(capsys, tmp_path)
    assert counts["articles"] == 2
    assert ImportRun.objects.count() == 1
    assert set(Article.objects.values_list("path", flat=True)) == {
        "/2011/06/14/cups/",
        "/2010/01/02/about-us/",
    }
    assert "no_comments" in {w["code"] for w in counts["warnings"]}


def test_a_dry_run_has_no_run(capsys, tmp_path):
    (tmp_path / "cups.txt").write_text(TEXT, encoding="utf-8")
    assert run_json(capsys, tmp_path / "cups.txt", dry_run=True)["run"] is None
    assert not Article.objects.exists()


def test_the_samples_import_with_the_counts_of_their_table(capsys, pytestconfig):
    counts = run_json(capsys, pytestconfig.rootpath / "samples")
    assert (counts["articles"], counts["comments"], counts["max_depth"]) == (5, 60, 4)
    assert counts["by_kind"] == {"comment": 59, "pingback": 1}
    assert counts["declared_comments"] == 63
    assert counts["created"] == 65


REFUSALS = {
    "no such file": ({}, "There is no file at"),
    "address": ({"url": "javascript:123"}, "The address must begin with"),
    "date": ({"date": "31.10.2012"}, "The date must look like"),
    "format": ({"format": "gopher"}, "is no format that we read"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_be_taken_is_refused_in_one_sentence(tmp_path, case):
    options, sentence = REFUSALS[case]
    file = tmp_path / "cups.txt"
    if case != "no such file":
        file.write_text(TEXT, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("import_archive", str(file), **options)
    assert str(refused.value).endswith(".")
    assert not ImportRun.objects.exists()


def test_an_address_for_several_files_is_refused(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    with pytest.raises(CommandError, match="one file at a time"):
        call_command("import_archive", str(tmp_path), url=URL)


def test_a_broken_sidecar_is_refused(tmp_path):
    (tmp_path / "cups.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "cups.meta.json").write_text("[1", encoding="utf-8")
    with pytest.raises(CommandError, match=r"cups\.meta\.json"):
        call_command("import_archive", str(tmp_path / "cups.txt"))


def test_one_damaged_file_stops_the_whole_run(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.xml").write_text(samples.wxr(samples.item())[:-40], encoding="utf-8")
    with pytest.raises(CommandError, match=r"b\.xml"):
        call_command("import_archive", str(tmp_path))
    assert not Article.objects.exists()


def test_the_report_for_people_names_counts_and_warnings(capsys, tmp_path):
    (tmp_path / "cups.txt").write_text(TEXT, encoding="utf-8")
    call_command("import_archive", str(tmp_path / "cups.txt"), url=URL)
    told = capsys.readouterr().out
    assert "1 article, 3 comments" in told
    assert "4 created" in told
    assert "count_mismatch" in told
