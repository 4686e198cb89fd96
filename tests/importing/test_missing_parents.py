"""A file that lacks what a comment answers tears no known reply off its parent."""

import json

import pytest
from django.core.management import call_command

from forum.articles.models import Article
from forum.importing import corrections, drawing, files, keep, load, match, match_parents, plan, report
from forum.importing.records import Given
from forum.moderation import decisions
from forum.sources.models import ImportRun, LedgerLine, SourceItem
from forum.threads import check, tree
from forum.threads.models import Comment
from tests.importing.blogger import samples as blogger
from tests.importing.disqus.test_disqus import post, thread, xml
from tests.importing.html import samples as html
from tests.importing.wxr.samples import comment, item, wxr
from tests.make import make_comment

pytestmark = pytest.mark.django_db


def of_blogger(parents: dict[int, int]) -> str:
    return blogger.old_feed(
        blogger.old_post(1), *(blogger.old_comment(n, parent=p or "") for n, p in parents.items())
    )


def of_wxr(parents: dict[int, int]) -> str:
    return wxr(item(*(comment(str(n), str(p), f"Words {n}.") for n, p in parents.items())))


def of_disqus(parents: dict[int, int]) -> str:
    return xml(thread(), *(post(str(n), str(p) if p else "") for n, p in parents.items()))


def of_html(parents: dict[int, int]) -> str:
    """A page with links to what is answered, the comments all on one level."""
    said = '<a class="comment-parent-link" href="#comment-{}">In reply to Mary</a>'
    items = (
        html.item(n, f"Words {n}.", extra=said.format(p) if p else "", date=f"2014-03-05T10:{n:02}:00+01:00")
        for n, p in parents.items()
    )
    return html.page("".join(items))


FULL = {2: 0, 3: 2, 4: 3, 5: 0}
PART = {3: 2, 5: 0}
SHAPE = {2: None, 3: 2, 4: 3, 5: None}
FORMATS = {"wxr": of_wxr, "blogger": of_blogger, "disqus": of_disqus}


@pytest.fixture
def give(tmp_path):
    """Import a file's text; returns what ended otherwise than unchanged, by the source's id."""

    def given(text: str) -> dict[str, tuple[str, str]]:
        file = tmp_path / "export.xml"
        file.write_text(text, encoding="utf-8")
        sources = files.sources([str(file)], Given())
        archive = plan.read_archive(sources)
        dry = report.as_json(plan.make_plan(archive), None)
        run = load.start_run(archive, keep.keep_all(sources))
        counts = load.apply(archive, run)
        assert {**counts, "run": None} == dry
        assert all(tree.broken(number) == [] for number in Article.objects.values_list("pk", flat=True))
        assert all(check.examine(number) == [] for number in Article.objects.values_list("pk", flat=True))
        lines = LedgerLine.objects.filter(run=run).exclude(outcome="unchanged").exclude(item__kind="article")
        return {line.source_id: (line.outcome, line.code) for line in lines}

    return given


def row(number: int) -> Comment:
    return SourceItem.objects.get(kind="comment", key=f"id:{number}").comment


def shape() -> dict[int, int | None]:
    """What each stored comment answers, by the source's ids."""
    ids = {i.comment_id: int(i.key[3:]) for i in SourceItem.objects.filter(kind="comment")}
    said = Comment.objects.values_list("pk", "parent_id")
    return {ids[number]: ids.get(above) for number, above in said}


def rows() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Article, Comment, SourceItem)]


@pytest.mark.parametrize("name", FORMATS)
def test_a_part_after_the_whole_changes_nothing(give, name):
    of = FORMATS[name]
    give(of(FULL))
    assert shape() == SHAPE
    before = rows()
    for part in (PART, FULL, {4: 3}, PART):
        assert give(of(part)) == {}
    assert rows() == before


@pytest.mark.parametrize("name", FORMATS)
def test_a_part_before_the_whole_comes_under_its_parent_with_the_whole(give, name):
    of = FORMATS[name]
    give(of(PART))
    assert shape() == {3: None, 5: None}
    assert (row(3).parent_certain, row(5).parent_certain) == (False, True)
    assert give(of(PART)) == {}
    told = give(of(FULL))
    assert told == {"2": ("created", ""), "3": ("updated", "parent_found"), "4": ("created", "")}
    assert shape() == SHAPE
    assert row(3).parent_certain
    before = rows()
    for again in (FULL, PART, FULL):
        assert give(of(again)) == {}
    assert rows() == before


@pytest.mark.parametrize("name", FORMATS)
def test_a_new_reply_goes_under_the_stored_comment_that_it_names(give, name):
    of = FORMATS[name]
    give(of({2: 0, 3: 2}))
    assert give(of({4: 3, 6: 4})) == {"4": ("created", ""), "6": ("created", "")}
    assert shape() == {2: None, 3: 2, 4: 3, 6: 4}
    assert row(4).parent_certain
    assert (row(4).level, row(6).level, row(6).tree_id) == (2, 3, row(2).tree_id)
    assert give(of({4: 3, 6: 4})) == {}


def test_control_without_looking_the_reply_is_torn_off(give, monkeypatch):
    give(of_wxr(FULL))
    monkeypatch.setattr(match_parents, "find", lambda articles, elsewhere: None)
    give(of_wxr({**PART, 9: 0}))
    assert shape()[3] is None


def test_words_that_changed_come_with_a_part_and_the_place_stays(give):
    give(of_wxr(FULL))
    assert give(of_wxr(PART).replace("Words 3.", "Other words.")) == {"3": ("updated", "")}
    assert shape() == SHAPE
    assert "Other words." in row(3).body_html


def test_a_known_reply_keeps_its_place_when_its_file_names_a_parent_that_nobody_knows(give):
    give(of_wxr(FULL))
    assert give(of_wxr({4: 77, 5: 0})) == {"4": ("updated", "")}
    assert shape() == SHAPE
    assert give(of_wxr({4: 77, 5: 0})) == {}


def test_a_parent_under_another_post_stays_no_parent(give):
    other = item(comment("2"), post_id="13", link="https://blog.example/2014/03/05/other/")
    text = wxr(other, item(comment("3", "2")))
    for expected in ({"2": ("created", ""), "3": ("created", "")}, {}, {}):
        assert give(text) == expected
        assert shape() == {2: None, 3: None}


def test_a_circle_of_the_source_stays_cut_whatever_parts_come(give):
    circle = {2: 4, 3: 2, 4: 3}
    give(of_wxr(circle))
    assert shape() == {2: None, 3: 2, 4: 3}
    before = rows()
    for part in ({2: 4}, {3: 2}, circle, {2: 4, 3: 2}):
        assert give(of_wxr(part)) == {}
    assert rows() == before


def test_live_replies_move_with_what_finds_its_parent(give):
    give(of_wxr(PART))
    live = make_comment(row(3).article, "A live answer.", parent=row(3))
    give(of_wxr(FULL))
    live.refresh_from_db()
    assert (live.parent_id, live.level, live.tree_id) == (row(3).pk, 2, row(2).pk)


def test_a_removed_parent_is_a_parent_all_the_same(give, mod):
    give(of_wxr({2: 0, 3: 2}))
    decisions.decide("remove", row(2).pk, mod.user)
    assert give(of_wxr({3: 2, 4: 2})) == {"4": ("created", "")}
    assert shape() == {2: None, 3: 2, 4: 2}
    assert row(2).state == "removed"


@pytest.mark.parametrize(("first", "second"), [(FULL, PART), (PART, FULL)])
def test_undone_and_done_again_both_stand_as_before(give, first, second):
    give(of_wxr(first))
    give(of_wxr(second))
    before = sorted(Comment.objects.values_list("pk", "parent_id", "body_source", "parent_certain"))
    one, two = ImportRun.objects.order_by("pk")
    for run in (two, one):
        call_command("undo_import", run.pk, verbosity=0)
    assert not Comment.objects.exclude(kind="placeholder").exists()
    for run in (one, two):
        call_command("redo_import", run.pk, verbosity=0)
    assert sorted(Comment.objects.values_list("pk", "parent_id", "body_source", "parent_certain")) == before
    assert shape() == SHAPE


def test_a_whole_that_is_undone_leaves_the_part_under_a_placeholder_and_comes_back(give):
    give(of_wxr(PART))
    give(of_wxr(FULL))
    whole = ImportRun.objects.latest("pk")
    above = row(2).pk
    call_command("undo_import", whole.pk, verbosity=0)
    assert (row(3).parent_id, Comment.objects.get(pk=above).kind) == (above, "placeholder")
    assert give(of_wxr(PART)) == {}
    assert row(3).parent_id == above
    call_command("redo_import", whole.pk, verbosity=0)
    assert shape() == SHAPE


def test_what_an_admin_has_pinned_stays_there_in_part_and_whole(give, tmp_path):
    give(of_wxr(PART))
    pin(tmp_path, of_wxr(PART), "3", "move", "5")
    assert give(of_wxr(PART)) == {"3": ("updated", "corrected")}
    for part in (FULL, PART, {3: 2}, FULL):
        assert "3" not in give(of_wxr(part))
        assert (shape()[3], row(3).parent_certain) == (5, True)


def test_what_an_admin_has_pinned_to_the_top_stays_there(give, tmp_path):
    give(of_wxr(PART))
    pin(tmp_path, of_wxr(PART), "3", "accept")
    for part in (PART, FULL, {3: 2}):
        give(of_wxr(part))
        assert (shape()[3], row(3).parent_certain) == (None, True)


def pin(tmp_path, text: str, *said: str) -> drawing.Drawing:
    """Correct a comment in a preview of this text; returns the article as it is drawn then."""
    file = tmp_path / "preview.xml"
    file.write_text(text, encoding="utf-8")
    archive = plan.read_archive(files.sources([str(file)], Given()))
    run = load.start_run(archive, [{"sha256": "0" * 64, "name": "preview.xml"}])
    (planned,) = plan.plan_of(archive).articles
    if said:
        corrections.correct(run, planned, *said)
    match.match([planned])
    return drawing.draw(planned, 1, drawing.Room())


def test_the_preview_says_that_the_parent_is_here_already(give, tmp_path):
    give(of_wxr(FULL))
    seen = pin(tmp_path, of_wxr(PART))
    assert seen.doubts == []
    assert seen.comments[0].marks == ["answers a comment that is here already and not in this file"]


def test_control_where_nothing_is_stored_the_preview_doubts(tmp_path):
    seen = pin(tmp_path, of_wxr(PART))
    assert [row.planned.said.key for row in seen.doubts] == ["3"]
    assert seen.comments[0].marks == []


def test_a_page_that_only_names_a_comment_takes_nothing_from_it(give):
    give(of_html(FULL))
    assert shape() == SHAPE
    before = rows()
    assert give(of_html({4: 3, 5: 0})) == {}
    assert give(of_html({3: 2})) == {}
    assert rows() == before
    assert give(of_html(FULL)) == {}
    assert give(of_html({4: 3, 6: 4})) == {"6": ("created", "")}
    assert shape() == {**SHAPE, 6: 4}
    assert "Words 3." in row(3).body_html


def test_what_a_page_only_names_gets_its_words_and_place_with_the_whole(give):
    give(of_html({4: 3, 5: 0}))
    assert (shape(), row(3).kind) == ({3: None, 4: 3, 5: None}, "placeholder")
    assert give(of_html({4: 3, 5: 0})) == {}
    told = give(of_html(FULL))
    assert told == {"2": ("created", ""), "3": ("updated", "")}
    assert shape() == SHAPE
    assert give(of_html({4: 3, 5: 0})) == {}


def test_a_page_whose_levels_lack_the_one_above_leaves_a_known_reply_where_it_is(give):
    whole = html.page(html.item(2, "Words 2.", children=html.item(3, "Words 3.", depth="2")))
    give(whole)
    assert shape() == {2: None, 3: 2}
    torn = html.page(html.item(3, "Words 3.", depth="2") + html.item(5, "Words 5."))
    assert give(torn) == {"5": ("created", "")}
    assert shape() == {2: None, 3: 2, 5: None}
    for again in (whole, torn):
        assert give(again) == {}


def test_the_report_counts_the_depth_of_the_file(give, capsys, tmp_path):
    give(of_wxr(FULL))
    file = tmp_path / "part.xml"
    file.write_text(of_wxr({4: 3}), encoding="utf-8")
    capsys.readouterr()
    call_command("import_archive", str(file), json=True)
    counts = json.loads(capsys.readouterr().out)
    assert (counts["max_depth"], counts["unchanged"]) == (1, 2)
    assert [w["code"] for w in counts["warnings"]] == ["parent_missing"]
