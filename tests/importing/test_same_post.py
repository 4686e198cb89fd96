"""A post that stands in several files of one run is one article with the comments of all."""

import json
import zipfile

import pytest
from django.core.management import call_command
from hypothesis import given

from forum.articles.models import Article
from forum.importing import files, load, plan, plan_spool, report
from forum.importing.formats.afterword.reader import write
from forum.importing.records import ArchivedArticle, ArchivedComment, Given
from forum.sources.models import ImportRun, LedgerLine, SourceItem
from forum.threads import check, tree
from forum.threads.models import Comment
from tests.importing import make_wxr
from tests.importing.blogger import samples as blogger
from tests.importing.html import samples as html
from tests.importing.importer import bare
from tests.importing.test_load import TEXT, URL
from tests.importing.test_portions_property import cuts, some, stands, undone_afterwards
from tests.importing.wxr import samples as wxr

pytestmark = pytest.mark.django_db
WHOLE = make_wxr.posts(4, 9, seed=3)


@pytest.fixture
def folder(tmp_path):
    """An empty folder."""
    made = tmp_path / "given"
    made.mkdir()
    return made


@pytest.fixture
def give(folder, capsys):
    """Import the folder, or a path in it; dry and real run tell the same, and the sums add up."""

    def given_(path=folder) -> dict:
        counts = []
        for dry in (True, False):
            capsys.readouterr()
            call_command("import_archive", str(path), json=True, dry_run=dry)
            counts.append(json.loads(capsys.readouterr().out))
        dry, real = counts
        assert {**real, "run": None} == dry
        lines = LedgerLine.objects.filter(run=real["run"])
        assert sum(real[name] for name in report.OUTCOMES) == real["items"] == lines.count()
        run = ImportRun.objects.get(pk=real["run"])
        assert (run.done, run.total) == (real["items"], real["items"])
        for article in Article.objects.values_list("pk", flat=True):
            assert (tree.broken(article), check.examine(article)) == ([], [])
        return real

    return given_


def rows() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Article, Comment, SourceItem)]


def standing() -> list[tuple]:
    said = Comment.objects.values_list("article__path", "parent__body_source", "body_source")
    return sorted((tuple(bare(cell) for cell in row) for row in said), key=repr)


def parts() -> tuple[list[make_wxr.Post], list[make_wxr.Post]]:
    """The whole in two: posts 2 and 3 are in both, each with the first or the last of its comments."""
    one = [*WHOLE[:1], *(make_wxr.Post(p.number, p.body, p.comments[:6]) for p in WHOLE[1:3])]
    two = [*(make_wxr.Post(p.number, p.body, p.comments[4:]) for p in WHOLE[1:3]), *WHOLE[3:]]
    return one, two


def test_two_overlapping_parts_give_what_the_whole_gives(give, folder):
    for name, posts in zip("ab", parts(), strict=True):
        make_wxr.write(folder / f"{name}.xml", posts)
    counts = give()
    assert standing() == make_wxr.tree(WHOLE)
    assert (counts["articles"], counts["comments"], counts["created"]) == (6, 36, 40)
    assert counts["skipped"] == 2 + 2 * 2
    skipped = LedgerLine.objects.filter(run=counts["run"], outcome="skipped")
    assert set(skipped.values_list("code", flat=True)) == {"post_twice"}
    assert sorted(skipped.values_list("source_id", flat=True)) == ["2", "2005", "2006", "3", "3005", "3006"]
    before = rows()
    again = give()
    assert (again["unchanged"], again["skipped"], again["items"]) == (40, 6, counts["items"])
    assert rows() == before
    whole = give(make_wxr.write(folder / "a.xml", WHOLE))
    assert whole["unchanged"] == whole["items"] == 40
    assert rows() == before


def test_a_zip_of_both_parts_does_the_same(give, folder):
    for name, posts in zip("ab", parts(), strict=True):
        make_wxr.write(folder / f"{name}.xml", posts)
    with zipfile.ZipFile(folder / "both.zip", "w") as packed:
        for name in "ab":
            packed.write(folder / f"{name}.xml", f"blog/{name}.xml")
    counts = give(folder / "both.zip")
    assert standing() == make_wxr.tree(WHOLE)
    assert (counts["created"], counts["skipped"]) == (40, 6)
    assert give(folder / "both.zip")["unchanged"] == 40


def test_control_when_posts_are_not_united_the_second_run_says_updated(give, folder, monkeypatch):
    for name, title in (("a", "Old title"), ("b", "New title")):
        text = wxr.wxr(wxr.item(wxr.comment("1"), title=title))
        (folder / f"{name}.xml").write_text(text, encoding="utf-8")
    with monkeypatch.context() as apart:
        keys = iter(range(9))
        apart.setattr(plan.identity, "of_post", lambda *record: b"%d" % next(keys))
        found = files.sources([str(folder)], Given())
        for _ in range(2):
            archive = plan.read_archive(found)
            run = load.start_run(archive, [{"sha256": "0" * 64, "name": "a.xml"}])
            load.apply(archive, run)
        assert run.ledger.filter(outcome="updated").exists()
    assert give()["updated"] == 0
    assert give()["updated"] == 0


def test_the_later_file_wins_and_says_so(give, folder):
    for name, words, title in (("a", "Old words.", "Old title"), ("b", "New words.", "New title")):
        text = wxr.wxr(wxr.item(wxr.comment("1", "0", words), title=title, body=f"{title}."))
        (folder / f"{name}.xml").write_text(text, encoding="utf-8")
    counts = give()
    assert [w["code"] for w in counts["warnings"]] == ["post_twice"]
    assert "stands 2 times in the files of this import" in counts["warnings"][0]["message"]
    assert Article.objects.get().title == "New title"
    assert Comment.objects.get().body_source == "<p>New words.</p>"
    codes = LedgerLine.objects.filter(outcome="skipped").values_list("source_id", "code", "excerpt")
    assert sorted(codes) == [("1", "post_twice", "<p>Old words.</p>"), ("12", "post_twice", "Old title")]


def test_a_reply_and_its_parent_in_different_files_come_together(give, folder):
    for name, comment in (("a", wxr.comment("2", "1")), ("b", wxr.comment("1"))):
        (folder / f"{name}.xml").write_text(wxr.wxr(wxr.item(comment)), encoding="utf-8")
    counts = give()
    assert [w["code"] for w in counts["warnings"]] == ["post_twice"]
    reply = Comment.objects.exclude(parent=None).get()
    assert reply.parent_certain
    assert give()["unchanged"] == 3


def test_a_circle_that_only_two_files_make_is_opened_at_its_lowest_number(give, folder):
    for name, comment in (("a", wxr.comment("2", "1")), ("b", wxr.comment("1", "2"))):
        (folder / f"{name}.xml").write_text(wxr.wxr(wxr.item(comment)), encoding="utf-8")
    give()
    ids = {item.comment_id: item.key for item in SourceItem.objects.filter(kind="comment")}
    said = {ids[c.pk]: ids.get(c.parent_id) for c in Comment.objects.all()}
    assert said == {"id:1": None, "id:2": "id:1"}
    assert give()["unchanged"] == 3


def test_the_pages_of_a_long_discussion_are_one_post(give, folder):
    for number in (1, 2):
        items = html.item(number, f"Words {number}.") + html.item(number + 2, f"Words {number + 2}.")
        text = html.page(items, "4 thoughts on “Rye bread”")
        (folder / f"page-{number}.html").write_text(text, encoding="utf-8")
    counts = give()
    assert (counts["comments"], counts["declared_comments"]) == (4, 4)
    assert [w["code"] for w in counts["warnings"]] == ["post_twice"]
    assert Article.objects.get().recovered == 4
    assert give()["unchanged"] == 5


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_comments_of_a_post_that_only_another_file_has_come_to_it(give, folder, names):
    texts = (
        blogger.old_feed(blogger.old_post(1), blogger.old_comment(2)),
        blogger.old_feed(blogger.old_post(7), blogger.old_comment(3, parent=2), blogger.old_comment(2)),
    )
    for name, text in zip(names, texts, strict=True):
        (folder / f"{name}.xml").write_text(text, encoding="utf-8")
    counts = give()
    assert (counts["articles"], counts["comments"], counts["skipped"]) == (2, 2, 1)
    assert [w["code"] for w in counts["warnings"]] == ["post_twice"]
    post = Article.objects.get(title="Post 1")
    assert post.state == "published"
    assert list(Comment.objects.filter(article=post).values_list("level", flat=True)) == [0, 1]
    assert give()["unchanged"] == 4


def test_undated_texts_of_one_post_keep_their_order_and_their_labels_apart(give, folder):
    more = TEXT.replace("First words.", "Third words.").replace("An answer to the first.", "Another answer.")
    for name, text in (("a", TEXT), ("b", more)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        (folder / f"{name}.meta.json").write_text(json.dumps({"url": URL}), encoding="utf-8")
    give()
    said = list(Comment.objects.in_reading_order().values_list("body_source", "level"))
    assert said == [
        ("First words.", 0),
        ("An answer to the first.", 1),
        ("Third words.", 0),
        ("Another answer.", 1),
        ("Second words.", 0),
    ]
    lines = LedgerLine.objects.filter(run=ImportRun.objects.latest("pk")).exclude(outcome="skipped")
    assert len(set(lines.values_list("source_id", flat=True))) == 6
    assert give()["unchanged"] == 6


def test_the_reading_order_of_a_file_is_kept_where_nothing_is_dated():
    def post(*keys: str) -> ArchivedArticle:
        made = [ArchivedComment(k, n, f"Words {k}.", has_id=True) for n, k in enumerate(keys, 1)]
        return ArchivedArticle("Cups", "Full.", url=URL, comments=made)

    united = plan_spool.plan_union.unite([post("1", "5", "2"), post("9", "2", "7")])
    assert [c.key for c in united.comments] == ["1", "5", "9", "2", "7"]
    assert [c.position for c in united.comments] == [1, 2, 3, 4, 5]


def compared(found: list, cut) -> list:
    """What stands, without the order of siblings where undated words of two files leave it open."""
    if all(comment.posted_at for one in cut.whole for comment in one.comments):
        return found
    articles, comments = found
    return [articles, sorted((row[:6] + row[8:] for row in comments), key=repr)]


@some
@given(cut=cuts())
def test_two_portions_in_one_run_become_what_the_archive_becomes_in_one_go(tmp_path_factory, cut):
    portions = tmp_path_factory.mktemp("portions")

    def of(records, *names) -> None:
        for name in names:
            with (portions / name).open("w", encoding="utf-8") as file:
                write(records, file)

    of(cut.whole, "whole.json")
    with undone_afterwards():
        call_command("import_archive", str(portions / "whole.json"), verbosity=0)
        at_once = stands()
    for number, portion in enumerate(cut.portions):
        of(portion, f"part-{number}.json")
    with undone_afterwards():
        both = [str(portions / f"part-{number}.json") for number in (0, 1)]
        call_command("import_archive", *both, verbosity=0)
        assert compared(stands(), cut) == compared(at_once, cut)
        before = rows()
        call_command("import_archive", *both, verbosity=0)
        assert rows() == before
