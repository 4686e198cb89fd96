"""Corrections of threads that no small text shows: large ones, alike numbers, sources that changed."""

import pytest

from forum.importing import corrections, load, match, plan_items
from forum.importing.plan import Archive, planned_of
from forum.importing.records import ArchivedArticle, ArchivedComment
from forum.sources.models import ImportRun
from forum.threads.models import Comment
from tests.importing.test_corrections import sound
from tests.importing.test_preview import article, comments

pytestmark = pytest.mark.django_db


def plan(record) -> plan_items.PlannedArticle:
    """A record, planned as the preview does it."""
    return planned_of("wxr", record)


def archive(*records) -> Archive:
    """An archive as it is when it has been read."""
    items = sum(1 + len(record.comments) for record in records)
    return Archive("wxr", articles=[("wxr", record) for record in records], items=items)


def run_of(*records) -> ImportRun:
    """A planned run."""
    return load.start_run(archive(*records), [{"sha256": "0" * 64, "name": "a.xml"}])


def apply(*records) -> dict:
    """Import the records; returns the report."""
    counts = load.apply(archive(*records), run_of(*records))
    assert sound()
    return counts


def correct(record, *said):
    """One correction in a preview of this record."""
    corrections.correct(run_of(record), plan(record), *said)


def parent_of(words) -> str | None:
    """The words of the stored parent."""
    parent = Comment.objects.get(body_source=words).parent
    return parent.body_source if parent else None


def test_a_reply_moves_from_one_portion_of_a_large_thread_to_another_and_back():
    record = article(comments(1300))
    correct(record, "1290", "move", "3")
    correct(record, "4", "move", "1290")
    counts = apply(record)
    assert counts["created"] == 1301
    assert (parent_of("Words 1290."), parent_of("Words 4.")) == ("Words 3.", "Words 1290.")
    assert apply(record)["unchanged"] == 1301
    correct(record, "1290", "clear")
    assert apply(record)["updated"] == 1
    assert (parent_of("Words 1290."), parent_of("Words 4.")) == (None, "Words 1290.")
    assert apply(record)["unchanged"] == 1301


def test_matching_again_and_again_gives_the_same():
    record = article(comments(5))
    correct(record, "5", "move", "2")
    correct(record, "3", "drop")
    planned, seen = plan(record), []
    for _ in range(3):
        match.match([planned])
        seen.append([(c.said.key, c.level, c.outcome, c.code, c.stands) for c in planned.comments])
    assert seen[0] == seen[1] == seen[2]
    assert [key for key, *_rest in seen[0]] == ["1", "2", "5", "3", "4"]


def test_two_posts_whose_comments_are_numbered_alike_keep_their_corrections_apart():
    first = article(comments(2))
    second = ArchivedArticle(
        "Sticks",
        "A third leg.",
        url="https://a.example/2011/06/15/sticks/",
        comments=[ArchivedComment(str(n), n, f"Sticks {n}.", has_id=True) for n in (1, 2)],
    )
    correct(second, "2", "drop")
    correct(first, "2", "move", "1")
    counts = apply(first, second)
    assert counts["skipped"] == 1
    assert parent_of("Words 2.") == "Words 1."
    assert not Comment.objects.filter(body_source="Sticks 2.").exists()
    assert Comment.objects.filter(body_source="Sticks 1.").exists()
    again = apply(first, second)
    assert (again["unchanged"], again["skipped"]) == (5, 1)


def test_a_circle_that_a_newer_export_would_close_is_not_made():
    record = article(comments(3))
    correct(record, "1", "move", "2")
    correct(record, "3", "move", "1")
    newer = article(comments(3))
    newer.comments[1].parent_key = "1"
    counts = apply(newer)
    assert [w["code"] for w in counts["warnings"]] == ["correction_lost"]
    assert (parent_of("Words 1."), parent_of("Words 2.")) == (None, "Words 1.")
    assert parent_of("Words 3.") == "Words 1."


def test_corrections_that_only_together_make_no_circle_hold_together():
    record = article(comments(3))
    record.comments[1].parent_key = "1"
    correct(record, "2", "move", "top")
    correct(record, "1", "move", "2")
    assert apply(record)["warnings"] == []
    assert (parent_of("Words 1."), parent_of("Words 2.")) == ("Words 2.", None)
