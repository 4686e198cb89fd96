"""A run that breaks off goes on where its ledger ends, and one file is imported by one run at a time."""

import pytest

from forum.articles.models import Article
from forum.importing import files, keep, load, load_batches, match, plan
from forum.importing.records import Given, RefusedError
from forum.jobs import alive
from forum.sources.models import ImportRun
from forum.threads.models import Comment
from tests.importing.test_load import TEXT

pytestmark = pytest.mark.django_db
NAMES = ("Cups", "Sticks", "Lists")


@pytest.fixture(autouse=True)
def _an_article_a_transaction(monkeypatch):
    monkeypatch.setattr(match, "ROWS", 1)


@pytest.fixture
def given(tmp_path):
    for name in NAMES:
        (tmp_path / f"{name}.txt").write_text(TEXT.replace("Cups", name), encoding="utf-8")
        (tmp_path / f"{name}.meta.json").write_text(
            f'{{"url": "https://s.example/2011/06/14/{name}/"}}', encoding="utf-8"
        )
    return files.sources([str(tmp_path)], Given())


def planned(found):
    archive = plan.read_archive(found)
    return archive, load.start_run(archive, keep.keep_all(found))


def break_off_after(monkeypatch, articles):
    written = []
    write_rows = load_batches._write_rows

    def fail(batch, run, **more):
        if len(written) == articles:
            raise SystemExit("killed")
        written.append(batch)
        write_rows(batch, run, **more)

    monkeypatch.setattr(load_batches, "_write_rows", fail)


def rows():
    return list(Comment.objects.in_reading_order().values_list("pk", "parent_id", "body_source"))


def test_figure_i1_a_run_that_breaks_off_is_completed_without_loss_or_double(given, monkeypatch):
    archive, run = planned(given)
    with monkeypatch.context() as broken:
        break_off_after(broken, 2)
        with pytest.raises(SystemExit):
            load.apply(archive, run)
    assert Article.objects.count() == 2
    assert ImportRun.objects.get().state == "failed"
    before = rows()
    counts = load.apply(load.read_again(run), run)
    assert (counts["created"], counts["items"]) == (12, 12)
    assert run.ledger.count() == 12
    assert Comment.objects.count() == 9
    assert [row for row in rows() if row in before] == before


def test_the_same_file_in_a_new_run_completes_it_too(given, monkeypatch):
    archive, run = planned(given)
    with monkeypatch.context() as broken:
        break_off_after(broken, 1)
        with pytest.raises(SystemExit):
            load.apply(archive, run)
    archive, second = planned(given)
    counts = load.apply(archive, second)
    assert (counts["created"], counts["unchanged"]) == (8, 4)
    assert Comment.objects.count() == 9


def test_figure_i3_the_same_file_is_imported_by_one_run_at_a_time(given):
    _archive, first = planned(given)
    ImportRun.objects.filter(pk=first.pk).update(state="running")
    archive, second = planned(given)
    with alive.holding(f"import-{first.file_sha256}"):
        with pytest.raises(RefusedError, match="is being imported at this moment"):
            load.apply(archive, second)
        assert not Article.objects.exists()
        assert [r.state for r in ImportRun.objects.order_by("pk")] == ["running", "cancelled"]
    assert load.apply(archive, second)["created"] == 12
    assert ImportRun.objects.get(pk=first.pk).state == "failed"


def test_progress_is_told_article_by_article(given):
    archive, run = planned(given)
    told = []
    load.apply(archive, run, lambda done, total: told.append((done, total)))
    assert told == [(4, 12), (8, 12), (12, 12)]
    run.refresh_from_db()
    assert (run.done, run.total) == (12, 12)
