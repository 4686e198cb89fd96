"""Corrections in the preview: what each does, that it lasts, and what is refused (case T8)."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.articles.models import Article
from forum.importing import undo
from forum.moderation.models import Case
from forum.sources.models import ImportRun
from forum.threads.models import Comment
from tests.importing.test_load import URL, give, outcomes
from tests.importing.test_upload import upload
from tests.make import make_comment

pytestmark = pytest.mark.django_db
TEXT = """Cups

Half full is full.

5 thoughts on “Cups”

  1. First words.

    1. An answer to the first.

      1. An answer to the answer.

  2. Second words.

          1. Far indented words.
"""
KEPT = "Kept. It holds for this archive whenever it is imported."


@pytest.fixture
def preview(boss):
    """An upload's address."""
    return upload(boss, TEXT)["Location"]


def send(client, address, comment, act, parent="", article="1"):
    """A correction as the page's form sends it."""
    said = {"article": article, "comment": comment, "act": act, "parent": parent}
    return client.post(f"{address}correct/", said)


def refused(response) -> str:
    """The sentence of a refusal."""
    assert response.status_code == 422
    return response.context["error"]


def apply(client, text=TEXT):
    """Upload and apply; returns the run."""
    address = upload(client, text)["Location"]
    client.post(f"{address}apply/")
    run = ImportRun.objects.latest("pk")
    assert run.state == "done"
    assert sound()
    return run


def sound() -> bool:
    """Whether every thread's numbers are right: the command ends with an error where they are not."""
    call_command("check_threads", verbosity=0)
    return True


def shape():
    """Words and levels in reading order."""
    return [(c.body_source, c.level) for c in Comment.objects.in_reading_order()]


def line(run, source_id):
    """Outcome and code of an item."""
    return run.ledger.values_list("outcome", "code").get(source_id=source_id)


def row(words) -> Comment:
    """The stored comment with these words."""
    return Comment.objects.get(body_source=words)


PLAIN = [
    ("First words.", 0),
    ("An answer to the first.", 1),
    ("An answer to the answer.", 2),
    ("Second words.", 0),
    ("Far indented words.", 1),
]


def test_case_t8_each_inferred_parent_is_shown_with_confidence_snippet_and_signal(boss, preview):
    page = boss.get(preview).content.decode()
    assert "1 comment whose parent is a guess" in page
    assert '<a href="#c-1-5">2.1</a>' in page
    assert 'id="c-1-5"' in page
    assert "it answers <strong>2</strong>, possible (0.5)" in page
    assert "“Second words.”" in page
    assert "is indented by more than one level below 2" in page
    assert "5 declared, 5 found" in page


def test_case_t8_an_override_persists_over_re_import(boss, preview):
    response = send(boss, preview, "2.1", "move", "1.1")
    assert (response.status_code, response["Location"]) == (303, f"{preview}#c-1-5")
    page = boss.get(preview).content.decode()
    assert KEPT in page
    assert "moved: answers 1.1" in page
    assert "parent is a guess" not in page
    assert not Comment.objects.exists()
    apply(boss)
    moved = [*PLAIN[:3], ("Far indented words.", 2), PLAIN[3]]
    assert shape() == moved
    assert row("Far indented words.").parent_certain
    again = apply(boss)
    assert outcomes(again.counts) == {"unchanged": 6}
    newer = apply(
        boss, TEXT.replace("Second words.", "Second words, mended.").replace("5 thoughts", "6 thoughts")
    )
    assert newer.counts["created"] == 1
    assert row("Far indented words.").parent == row("An answer to the first.")


def test_an_accepted_parent_is_certain(boss, preview):
    assert send(boss, preview, "2.1", "accept").status_code == 303
    assert "place accepted" in boss.get(preview).content.decode()
    apply(boss)
    assert shape() == PLAIN
    assert row("Far indented words.").parent_certain


def test_control_without_a_correction_the_guess_stays_a_guess(boss):
    apply(boss)
    assert shape() == PLAIN
    assert not row("Far indented words.").parent_certain


def test_a_comment_can_be_put_at_the_top_level_with_its_replies(boss, preview):
    send(boss, preview, "1.1", "move", "top")
    apply(boss)
    assert shape() == [
        ("First words.", 0),
        ("An answer to the first.", 0),
        ("An answer to the answer.", 1),
        *PLAIN[3:],
    ]


def test_what_is_left_out_is_skipped_and_stands_as_a_placeholder_over_what_is_taken(boss, preview):
    send(boss, preview, "1.1", "drop")
    send(boss, preview, "2.1", "drop")
    page = boss.get(preview)
    assert page.content.decode().count("left-out") == 2
    assert page.context["counts"]["skipped"] == 2
    run = apply(boss)
    assert line(run, "1.1") == line(run, "2.1") == ("skipped", "dropped")
    kinds = [(c.body_source, c.kind) for c in Comment.objects.in_reading_order()]
    assert ("", "placeholder") in kinds
    assert [words for words, _kind in kinds] == [
        "First words.",
        "",
        "An answer to the answer.",
        "Second words.",
    ]
    again = apply(boss)
    assert outcomes(again.counts) == {"unchanged": 4, "skipped": 2}
    assert again.counts["by_state"] == {"visible": 5}


def test_what_was_left_out_comes_back_when_the_correction_is_forgotten(boss, preview):
    send(boss, preview, "1.1", "drop")
    apply(boss)
    address = upload(boss, TEXT)["Location"]
    assert send(boss, address, "1.1", "clear").status_code == 303
    run = apply(boss)
    assert line(run, "1.1") == ("updated", "corrected")
    assert shape() == PLAIN
    assert outcomes(apply(boss).counts) == {"unchanged": 6}


def test_what_is_held_comes_in_held_with_a_case(boss, preview, client):
    send(boss, preview, "2", "hold")
    assert "will be held" in boss.get(preview).content.decode()
    run = apply(boss)
    held = row("Second words.")
    assert (held.state, line(run, "2")) == ("held", ("needs_review", "held_here"))
    assert Case.objects.filter(comment=held, closed=None).count() == 1
    assert run.counts["by_state"] == {"visible": 5}
    assert "Second words." not in client.get("/2011/06/14/cups/").content.decode()
    assert outcomes(apply(boss).counts) == {"unchanged": 6}


def test_a_held_post_comes_in_as_a_draft(boss, preview, client):
    response = send(boss, preview, "", "hold")
    assert response["Location"] == f"{preview}#drawing-1"
    run = apply(boss)
    assert Article.objects.get().state == "draft"
    assert line(run, URL) == ("needs_review", "held_here")
    assert client.get("/2011/06/14/cups/").status_code == 404


def test_a_post_that_is_left_out_leaves_nothing_and_can_come_back(boss, preview):
    send(boss, preview, "", "drop")
    assert "take that back first" in refused(send(boss, preview, "1", "drop"))
    run = apply(boss)
    assert not Article.objects.exists()
    assert not Comment.objects.exists()
    assert line(run, URL) == ("skipped", "dropped")
    assert outcomes(run.counts) == {"skipped": 6}
    send(boss, upload(boss, TEXT)["Location"], "", "clear")
    apply(boss)
    assert shape() == PLAIN


def test_a_correction_of_what_stands_moves_it_with_its_live_replies(boss, preview):
    boss.post(f"{preview}apply/")
    article = Article.objects.get()
    live = make_comment(article, "A live word.", parent=row("Far indented words."))
    address = upload(boss, TEXT)["Location"]
    send(boss, address, "2.1", "move", "1")
    run = apply(boss)
    assert line(run, "2.1") == ("updated", "corrected")
    assert outcomes(run.counts) == {"updated": 1, "unchanged": 5}
    live.refresh_from_db()
    assert (live.parent, live.level) == (row("Far indented words."), 2)
    assert shape() == [*PLAIN[:3], ("Far indented words.", 1), ("A live word.", 2), PLAIN[3]]
    assert outcomes(apply(boss).counts) == {"unchanged": 6}
    send(boss, upload(boss, TEXT)["Location"], "2.1", "clear")
    assert line(apply(boss), "2.1") == ("updated", "corrected")
    live.refresh_from_db()
    assert shape() == [*PLAIN, ("A live word.", 2)]
    assert not row("Far indented words.").parent_certain


def test_undo_and_import_again_brings_the_correction_again(boss, preview):
    send(boss, preview, "2.1", "move", "1.1")
    send(boss, preview, "2", "hold")
    run = apply(boss)
    before = list(Comment.objects.in_reading_order().values_list("pk", "parent", "state"))
    undo.undo(run)
    assert not Comment.objects.exists()
    apply(boss)
    assert list(Comment.objects.in_reading_order().values_list("pk", "parent", "state")) == before


def test_a_lost_target_is_told_and_the_sources_parent_stays(boss, preview):
    send(boss, preview, "2.1", "move", "1.1")
    shorter = TEXT.replace("      1. An answer to the answer.\n\n", "").replace(
        "An answer to the first.", "Something else."
    )
    address = upload(boss, shorter)["Location"]
    assert "correction of comment 2.1 was left aside" in boss.get(address).content.decode()
    run = apply(boss, shorter)
    assert "correction_lost" in [w["code"] for w in run.counts["warnings"]]
    assert row("Far indented words.").parent == row("Second words.")


def test_a_dry_run_honours_corrections(boss, preview, tmp_path):
    send(boss, preview, "2", "hold")
    send(boss, preview, "1.1.1", "drop")
    counts = give(tmp_path, TEXT, dry=True)
    assert outcomes(counts) == {"created": 4, "skipped": 1, "needs_review": 1}


def test_the_number_of_statements_does_not_grow_with_the_thread(boss):
    seen = []
    for count in (3, 90):
        items = "".join(f"  {n}. Words number {n}.\n\n" for n in range(1, count + 1))
        text = f"Cups {count}\n\nHalf full.\n\n{count} thoughts on “Cups”\n\n{items}"
        url = f"https://stillwaters.example/2011/06/14/cups-{count}/"
        address = upload(boss, text, url=url)["Location"]
        send(boss, address, "2", "move", "1")
        boss.get(address)
        with CaptureQueriesContext(connection) as found:
            assert boss.get(address).status_code == 200
        seen.append(len(found))
    assert seen[0] == seen[1]
