"""What an import writes: twice, shuffled, in portions, edited, undone, and with people in between."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.accounts.viewer import Viewer
from forum.articles.models import Article
from forum.importing import report
from forum.jobs import alive
from forum.moderation import decisions
from forum.posting import replies
from forum.site.models import Mode, SitePolicy
from forum.sources.models import ImportRun, LedgerLine, SourceItem
from forum.threads import check, tree
from forum.threads.models import Comment
from forum.threads.writing import Draft
from tests.importing import make_wxr
from tests.importing.blogger import samples as blogger
from tests.importing.html import samples as html

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")
STANDING = (
    "forum_article",
    "forum_comment",
    "forum_sourceitem",
    "forum_witness",
    "forum_author",
    "forum_blog",
)
EXPORT = make_wxr.posts(6, 7, seed=5)


@pytest.fixture
def give(tmp_path, capsys):
    """Import posts as an export and return the report; its sums are looked at every time."""

    def given(posts, *, shuffled=None, **options) -> dict:
        file = make_wxr.write(tmp_path / "export.xml", posts, shuffled)
        capsys.readouterr()
        call_command("import_archive", str(file), json=True, **options)
        counts = json.loads(capsys.readouterr().out)
        assert sum(counts[name] for name in report.OUTCOMES) == counts["items"]
        if not options.get("dry_run"):
            assert LedgerLine.objects.filter(run=counts["run"]).count() == counts["items"]
        return counts

    return given


def rows() -> list:
    """Every row that stands for something archived."""
    return [list(model.objects.order_by("pk").values()) for model in (Article, Comment, SourceItem)]


def words_of(number: int) -> Comment:
    """The comment with that number at its source."""
    return SourceItem.objects.get(kind="comment", key=f"id:{number}").comment


def standing() -> list[tuple]:
    """What stands in the database, as make_wxr.tree tells it of an export."""
    found = Comment.objects.filter(origin="archive").exclude(kind="placeholder")
    said = found.values_list("article__path", "parent__body_source", "body_source")
    return sorted((tuple(_bare(cell) for cell in row) for row in said), key=repr)


def _bare(cell: str | None) -> str | None:
    return cell and cell.removeprefix("<p>").removesuffix("</p>")


def check_all() -> None:
    """Case M6: threads are sound, stored numbers are what is counted, and every source id leads home."""
    for article in Article.objects.all():
        assert tree.broken(article.pk) == []
        assert check.examine(article.pk) == []
        shown = Comment.objects.public().filter(article=article)
        assert article.comment_count == shown.count()
        assert article.root_count == shown.filter(parent=None).count()
        archived = Comment.objects.filter(article=article, origin="archive").exclude(kind="placeholder")
        assert article.recovered in {None, archived.count()}
    for item in SourceItem.objects.filter(kind="comment", comment__isnull=False):
        assert item.number == item.comment_id
        assert item.article_id == item.comment.article_id
    assert set(Comment.objects.filter(origin="archive").values_list("pk", flat=True)) <= set(
        SourceItem.objects.values_list("number", flat=True)
    )


def reply_to(parent: Comment) -> Comment:
    """A live reply that is public at once."""
    SitePolicy.objects.update_or_create(pk=1, defaults={"mode": Mode.OPEN})
    sender = replies.Sender(Viewer(), None)
    draft = Draft(body="A live answer.", name="Vera")
    return replies.submit_reply(parent.article, parent.pk, draft, sender)


def test_case_m1_a_newer_export_takes_its_place_around_live_replies(give):
    give(EXPORT)
    parent = words_of(3002)
    live = reply_to(parent)
    newer = [post.longer(5, seed=9) for post in EXPORT]
    assert give(newer)["created"] == 6 * 5
    check_all()
    assert standing() == make_wxr.tree(newer)
    stored = Comment.objects.get(pk=live.pk)
    assert (stored.parent_id, stored.article_id, stored.state) == (parent.pk, parent.article_id, "visible")


def test_case_m4_the_second_run_is_all_unchanged_and_writes_nothing_that_stands(give):
    first = give(EXPORT)
    before = rows()
    with CaptureQueriesContext(connection) as told:
        second = give(EXPORT)
    assert second["unchanged"] == second["items"] == first["items"]
    writes = [query["sql"] for query in told if query["sql"].startswith(WRITES)]
    assert [sql for sql in writes for table in STANDING if f'"{table}"' in sql.split("WHERE")[0]] == []
    assert rows() == before


def test_case_m4_what_a_moderator_hid_stays_hidden_whatever_is_imported(give, mod):
    give(EXPORT)
    hidden = words_of(2003)
    decisions.decide("remove", hidden.pk, mod.user)
    give(EXPORT)
    assert words_of(2003).state == "removed"
    edited = [post.edited(2003, "Edited upstream.") for post in EXPORT]
    give(edited)
    give(edited, shuffled=4)
    again = words_of(2003)
    assert (again.pk, again.state) == (hidden.pk, "removed")
    check_all()


def test_case_m4_what_a_moderator_approved_or_rejected_stays_so(give, mod):
    held = make_wxr.Post(1, "Held.", [make_wxr.Words(1000 + n, 0, f"Waits {n}.", "0") for n in (1, 2, 3)])
    assert give([held])["by_state"] == {"held": 3}
    decisions.decide("approve", words_of(1001).pk, mod.user)
    decisions.decide("reject", words_of(1002).pk, mod.user)
    published = make_wxr.Post(1, "Held.", [make_wxr.Words(w.number, 0, w.body) for w in held.comments])
    for posts in ([held], [published], [held]):
        give(posts)
        states = [words_of(1000 + n).state for n in (1, 2)]
        assert states == ["visible", "rejected"]
    check_all()


def test_case_m5_an_undone_import_leaves_live_replies_and_comes_back_around_them(give):
    first = give(EXPORT)
    before = standing()
    numbers = set(Comment.objects.values_list("pk", flat=True))
    parent = words_of(4001)
    live = reply_to(parent)
    call_command("undo_import", first["run"])
    left = Comment.objects.exclude(pk=live.pk)
    assert {(c.kind, c.body_source, c.name_shown) for c in left} == {("placeholder", "", "")}
    assert Comment.objects.get(pk=live.pk).parent_id == parent.pk
    assert Article.objects.count() == 1
    check_all()
    kept = rows()
    call_command("undo_import", first["run"])
    assert rows() == kept
    give(EXPORT)
    assert standing() == before
    assert set(Comment.objects.exclude(pk=live.pk).values_list("pk", flat=True)) == numbers
    assert Comment.objects.get(pk=live.pk).parent_id == parent.pk
    check_all()


def test_case_m6_after_every_path_threads_and_numbers_are_sound(give, mod):
    newer = [post.longer(4, seed=7) for post in EXPORT]
    one = give(EXPORT)
    check_all()
    decisions.decide("remove", words_of(5001).pk, mod.user)
    live = reply_to(words_of(5002))
    check_all()
    two = give(newer)
    check_all()
    call_command("undo_import", two["run"])
    check_all()
    call_command("undo_import", one["run"])
    check_all()
    call_command("redo_import", one["run"])
    check_all()
    call_command("redo_import", two["run"])
    check_all()
    assert Comment.objects.get(pk=live.pk).parent_id == words_of(5002).pk
    assert words_of(5001).state == "removed"


def test_case_m6_the_earlier_of_two_imports_is_undone_and_done_again(give):
    newer = [post.longer(4, seed=7) for post in EXPORT]
    one = give(EXPORT)
    give(newer)
    call_command("undo_import", one["run"])
    check_all()
    added = {row[2] for row in make_wxr.tree(newer)} - {row[2] for row in make_wxr.tree(EXPORT)}
    assert {row[2] for row in standing()} == added
    call_command("redo_import", one["run"])
    check_all()
    assert standing() == make_wxr.tree(newer)


DECLARED_AND_NONE = {
    "reading view": ("page.txt", "Cups\n\nHalf full.\n\n4 thoughts on “Cups”\n\nLeave a Reply\n"),
    "page": ("page.html", html.page("", "4 thoughts on “Rye bread”")),
    "feed": ("feed.xml", blogger.old_feed(blogger.old_post(1, "<thr:total>4</thr:total>"))),
}


@pytest.mark.parametrize("case", DECLARED_AND_NONE)
def test_case_m8_no_comments_of_a_file_that_declares_some_is_a_failure(tmp_path, case):
    name, content = DECLARED_AND_NONE[case]
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_archive", str(file), json=True, url="https://blog.example/2014/03/05/post/")
    assert not ImportRun.objects.filter(state="done").exists()


def test_case_m9_the_second_of_two_admins_is_told_in_one_sentence(give):
    first = give(EXPORT)
    ImportRun.objects.filter(pk=first["run"]).update(state="running")
    before, sha256 = rows(), ImportRun.objects.get().file_sha256
    refusal = r"^The same archive is being imported at this moment.*\.$"
    with alive.holding(f"import-{sha256}"), pytest.raises(CommandError, match=refusal):
        give(EXPORT)
    assert rows() == before
    assert not ImportRun.objects.exclude(pk=first["run"]).filter(state__in=["running", "done"]).exists()


def test_figure_i2_another_order_of_posts_and_comments_changes_nothing(give):
    give(EXPORT)
    assert standing() == make_wxr.tree(EXPORT)
    before = rows()
    for seed in range(4):
        counts = give(EXPORT, shuffled=seed)
        assert (counts["created"], counts["updated"], counts["needs_review"]) == (0, 0, 0)
        assert rows() == before


@pytest.mark.parametrize("shuffled", [None, 1])
def test_figure_i2_overlapping_exports_give_what_the_whole_gives(give, shuffled):
    one = [*EXPORT[:4]]
    two = [post.longer(3, seed=8) for post in EXPORT[2:]]
    counts = [give(posts, shuffled=shuffled) for posts in (one, two)]
    assert counts[1]["created"] == 2 * 3 + 2 * (1 + 7 + 3)
    whole = [*EXPORT[:2], *two]
    assert standing() == make_wxr.tree(whole)
    before = rows()
    again = give(whole, shuffled=shuffled)
    assert (again["created"], again["updated"]) == (0, 0)
    assert rows() == before
    check_all()


def test_figure_i2_an_older_export_afterwards_takes_nothing_away(give):
    newer = [post.longer(3, seed=8) for post in EXPORT]
    give(newer)
    before = rows()
    counts = give(EXPORT)
    assert counts["unchanged"] == counts["items"]
    assert rows() == before


def test_figure_i2_of_an_edited_source_the_changed_ones_are_told_and_what_was_changed_here_stays(give):
    give(EXPORT)
    kept = words_of(1002)
    Comment.objects.filter(pk=kept.pk).update(
        body_source="Corrected here.", body_html="<p>Corrected here.</p>"
    )
    edited = [post.edited(1001, "New words.").edited(1002, "Other words.") for post in EXPORT]
    counts = give(edited, shuffled=2)
    assert (counts["created"], counts["updated"], counts["needs_review"]) == (0, 1, 1)
    told = LedgerLine.objects.filter(run=counts["run"]).exclude(outcome="unchanged").order_by("source_id")
    said = [(line.source_id, line.outcome, line.code) for line in told]
    assert said == [("1001", "updated", ""), ("1002", "needs_review", "changed_here")]
    assert _bare(words_of(1001).body_source) == "New words."
    assert words_of(1002).body_source == "Corrected here."
    again = give(edited)
    assert (again["created"], again["updated"]) == (0, 0)
    check_all()


@pytest.mark.parametrize("step", ["first", "again", "newer"])
def test_figure_i5_a_dry_run_counts_what_the_real_run_does(give, step):
    posts = EXPORT
    if step != "first":
        give(EXPORT)
    if step == "newer":
        posts = [post.longer(2, seed=3) for post in EXPORT[1:]]
        posts[0] = posts[0].edited(2001, "Edited.")
    before = rows()
    dry = give(posts, dry_run=True)
    assert rows() == before
    assert {**give(posts), "run": None} == dry
