"""What a newer export says of comments that are known already: other states, dates and kinds."""

import pytest

from forum.importing import files, keep, load, plan
from forum.importing.records import Given
from forum.moderation import decisions
from forum.moderation.models import Case
from forum.sources.models import LedgerLine, SourceItem
from forum.threads import tree
from forum.threads.models import Comment
from tests.importing.wxr.samples import comment, item, wxr

pytestmark = pytest.mark.django_db


@pytest.fixture
def give(tmp_path):
    """Import a post with these comments; returns outcome and code of each comment by its source's id."""

    def given(*comments: str) -> dict[str, tuple[str, str]]:
        file = tmp_path / "export.xml"
        file.write_text(wxr(item(*comments)), encoding="utf-8")
        sources = list(files.sources([str(file)], Given()))
        archive = plan.read_archive(sources)
        run = load.start_run(archive, keep.keep_all(files.sources([str(file)], Given())))
        load.apply(archive, run)
        assert all(tree.broken(row.article_id) == [] for row in Comment.objects.all())
        lines = LedgerLine.objects.filter(run=run).exclude(item__kind="article")
        return {line.source_id: (line.outcome, line.code) for line in lines}

    return given


def row_of(number: int = 1) -> Comment:
    return SourceItem.objects.get(kind="comment", key=f"id:{number}").comment


def open_causes(number: int = 1) -> list[str]:
    return list(Case.objects.filter(comment=row_of(number), closed=None).values_list("cause", flat=True))


def test_a_newer_export_moves_a_comment_to_its_new_date_and_kind(give):
    give(comment())
    newer = comment(date="2015-03-05 11:31:07", date_gmt="2015-03-05 10:31:07", type="pingback", user_id="7")
    assert give(newer) == {"1": ("updated", "")}
    row = row_of()
    assert (row.posted_at.year, row.kind) == (2015, "pingback")
    assert give(newer) == {"1": ("unchanged", "")}


def test_a_comment_that_its_source_holds_by_now_is_held_and_waits_for_a_moderator(give):
    give(comment())
    assert row_of().article.comment_count == 1
    assert give(comment(approved="0")) == {"1": ("needs_review", "held")}
    assert row_of().state == "held"
    assert row_of().article.comment_count == 0
    assert open_causes() == ["import"]
    assert give(comment(approved="0")) == {"1": ("unchanged", "")}


def test_a_held_comment_that_its_source_approved_is_published_and_its_case_closed(give):
    give(comment(approved="0"))
    assert open_causes() == ["import"]
    assert give(comment()) == {"1": ("updated", "")}
    assert row_of().state == "visible"
    assert row_of().article.comment_count == 1
    assert open_causes() == []


def test_a_held_comment_with_a_case_of_another_cause_is_not_published_by_its_source(give):
    give(comment(approved="0"))
    Case.objects.update(cause="reports")
    assert give(comment()) == {"1": ("needs_review", "held")}
    assert row_of().state == "held"
    assert "reports" in open_causes()


@pytest.mark.parametrize("approved", ["spam", "trash"])
def test_what_its_source_removed_waits_for_a_moderator_in_every_run(give, approved):
    give(comment())
    for _ in range(2):
        assert give(comment(approved=approved)) == {"1": ("needs_review", "removed_upstream")}
        assert row_of().state == "visible"
        assert open_causes() == ["import"]


def test_what_its_source_removed_is_settled_by_a_decision(give, mod):
    give(comment())
    give(comment(approved="trash"))
    decisions.decide("remove", row_of().pk, mod.user)
    assert give(comment(approved="trash")) == {"1": ("updated", "")}
    assert give(comment(approved="trash")) == {"1": ("unchanged", "")}
    assert row_of().state == "removed"
    assert open_causes() == []


@pytest.mark.parametrize(("act", "state"), [("approve", "visible"), ("reject", "rejected")])
def test_a_decision_outlives_every_state_that_a_newer_export_says(give, mod, act, state):
    give(comment(approved="0"))
    decisions.decide(act, row_of().pk, mod.user)
    give(comment(approved="1", content="Other words."))
    assert row_of().state == state
    give(comment(approved="0", content="Other words again."))
    assert row_of().state == state
    assert "Other words again." in row_of().body_source
    assert open_causes() == []
