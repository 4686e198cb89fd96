"""From a text to articles and comments: what is written, what is counted, what stays as it was."""

import pytest

from forum.articles.models import Article
from forum.importing import files, keep, load, load_ledger, plan, report
from forum.importing.records import Given, RefusedError
from forum.moderation import decisions
from forum.sources.models import ImportRun, LedgerLine, SourceItem, Witness
from forum.threads import tree
from forum.threads.models import Comment
from tests.make import make_comment

pytestmark = pytest.mark.django_db
URL = "https://stillwaters.example/2011/06/14/cups/"
AT_URL = Given(url=URL)
TEXT = """Cups

Half full is full.

4 thoughts on “Cups”

  1. First words.

    1. An answer to the first.

  2. Second words.
"""


def give(tmp_path, text=TEXT, given=AT_URL, *, dry=False):
    file = tmp_path / "cups.txt"
    file.write_text(text, encoding="utf-8")
    archive = plan.read_archive(files.sources([str(file)], given))
    if dry:
        return report.as_json(plan.make_plan(archive), None)
    run = load.start_run(archive, keep.keep_all(files.sources([str(file)], given)))
    return load.apply(archive, run)


def outcomes(counts):
    return {name: counts[name] for name in report.OUTCOMES if counts[name]}


def test_an_article_and_its_thread_are_written(tmp_path):
    counts = give(tmp_path)
    article = Article.objects.get()
    assert (article.path, article.title, article.declared, article.recovered) == (
        "/2011/06/14/cups/",
        "Cups",
        4,
        3,
    )
    assert article.state == "published"
    assert article.published_at.date().isoformat() == "2011-06-14"
    rows = list(Comment.objects.in_reading_order())
    assert [(c.body_source, c.level) for c in rows] == [
        ("First words.", 0),
        ("An answer to the first.", 1),
        ("Second words.", 0),
    ]
    assert all(c.posted_at is None and c.public_at is None and c.author is None for c in rows)
    assert article.comment_count == 3
    assert tree.broken(article.pk) == []
    assert outcomes(counts) == {"created": 4}
    assert [w["code"] for w in counts["warnings"]] == ["count_mismatch"]


def test_the_ledger_has_a_line_for_every_item_and_its_sums_are_the_counts(tmp_path):
    counts = give(tmp_path)
    run = ImportRun.objects.get()
    assert run.state == "done"
    assert run.counts == counts
    assert counts["run"] == run.pk
    assert LedgerLine.objects.filter(run=run).count() == counts["items"] == 4
    assert Witness.objects.filter(run=run).count() == 4


def test_a_dry_run_counts_the_same_and_writes_nothing(tmp_path):
    dry = give(tmp_path, dry=True)
    assert not Article.objects.exists()
    assert not SourceItem.objects.exists()
    assert not ImportRun.objects.exists()
    assert {**give(tmp_path), "run": None} == dry


def test_the_same_text_again_changes_nothing(tmp_path):
    give(tmp_path)
    before = list(Comment.objects.values()), list(Article.objects.values())
    counts = give(tmp_path)
    assert outcomes(counts) == {"unchanged": 4}
    assert (list(Comment.objects.values()), list(Article.objects.values())) == before


def test_a_longer_text_adds_what_is_new_in_its_place(tmp_path):
    give(tmp_path)
    article = Article.objects.get()
    first = Comment.objects.get(body_source="First words.")
    live = make_comment(article, "A live answer.", parent=first)
    longer = TEXT.replace("  2. Second words.", "  2. Words that were lost.\n\n  3. Second words.")
    assert outcomes(give(tmp_path, longer)) == {"created": 1, "unchanged": 4}
    order = list(Comment.objects.in_reading_order().values_list("body_source", flat=True))
    assert order == [
        "First words.",
        "An answer to the first.",
        "A live answer.",
        "Words that were lost.",
        "Second words.",
    ]
    assert Comment.objects.get(pk=live.pk).parent_id == first.pk
    assert tree.broken(article.pk) == []
    assert Article.objects.get().recovered == 4


def test_a_decision_of_a_moderator_outlives_the_same_text(tmp_path, mod):
    give(tmp_path)
    comment = Comment.objects.get(body_source="Second words.")
    decisions.decide("remove", comment.pk, mod.user)
    give(tmp_path)
    give(tmp_path, TEXT.replace("Half full is full.", "Half full is full enough."))
    assert Comment.objects.get(pk=comment.pk).state == "removed"
    assert "enough" in Article.objects.get().body_html


def test_a_post_that_was_changed_here_is_left_for_a_person(tmp_path):
    give(tmp_path)
    Article.objects.update(title="Cups, and saucers")
    counts = give(tmp_path, TEXT.replace("Half full", "Two thirds"))
    assert counts["needs_review"] == 1
    assert LedgerLine.objects.get(outcome="needs_review").code == "changed_here"
    assert Article.objects.get().title == "Cups, and saucers"


def test_two_equal_comments_both_stay(tmp_path):
    twice = TEXT.replace("Second words.", "First words.")
    assert give(tmp_path, twice)["created"] == 4
    assert Comment.objects.filter(body_source="First words.").count() == 2
    assert outcomes(give(tmp_path, twice)) == {"unchanged": 4}


def test_another_post_at_the_same_path_gets_a_number(tmp_path):
    give(tmp_path)
    give(tmp_path, given=Given(url=URL.replace("stillwaters", "otherwaters")))
    paths = set(Article.objects.values_list("path", flat=True))
    assert paths == {"/2011/06/14/cups/", "/2011/06/14/cups-2/"}


def test_an_undated_post_without_address_is_not_public(tmp_path, client):
    counts = give(tmp_path, given=Given())
    article = Article.objects.get()
    assert (article.path, article.state) == ("/undated/cups/", "draft")
    assert outcomes(counts) == {"created": 3, "needs_review": 1}
    assert client.get(article.path).status_code == 404


def test_a_page_keeps_its_own_path_and_is_public(tmp_path, client):
    give(tmp_path, given=Given(url="https://stillwaters.example/about-us/?replytocom=7#respond"))
    assert Article.objects.get().path == "/about-us/"
    response = client.get("/about-us/")
    assert response.status_code == 200
    assert b"Date unknown" in response.content


def test_an_address_that_this_site_needs_itself_is_not_taken(tmp_path):
    give(tmp_path, given=Given(url="https://stillwaters.example/admin/"))
    assert Article.objects.get().path == "/undated/admin/"


def test_a_name_in_the_reply_form_is_a_note_for_staff_and_no_author(tmp_path, client, boss):
    give(tmp_path, TEXT + "\nLeave a Reply to Wilhelmina QuistCancel reply\n")
    assert not Comment.objects.exclude(name_shown="").exists()
    assert b"Quist" not in client.get("/2011/06/14/cups/").content
    run = ImportRun.objects.get()
    assert "Wilhelmina Quist" in boss.get(f"/admin/import/{run.pk}/").content.decode()


def test_a_failure_in_an_article_leaves_nothing_of_it_and_marks_the_run(tmp_path, monkeypatch):
    def fail(*args):
        raise RuntimeError("power cut")

    monkeypatch.setattr(load_ledger, "_line", fail)
    with pytest.raises(RuntimeError):
        give(tmp_path)
    assert not Article.objects.exists()
    assert not Comment.objects.exists()
    assert ImportRun.objects.get().state == "failed"


def test_declared_and_none_found_is_refused(tmp_path):
    with pytest.raises(RefusedError):
        give(tmp_path, "Cups\n\nHalf full.\n\n4 thoughts on “Cups”\n\nLeave a Reply\n")
    assert not ImportRun.objects.exists()
