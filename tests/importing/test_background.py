"""A large archive is read and applied by a real worker, shows its progress, and can be cancelled."""

import datetime
import gzip

import pytest
from django.core.management import call_command
from django.utils import timezone

from forum.articles.models import Article
from forum.importing import background
from forum.jobs import alive, progress
from forum.jobs.models import Job
from forum.sources.models import ImportRun
from forum.threads.models import Comment
from tests.importing.test_load import TEXT
from tests.importing.test_upload import upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def large(boss, monkeypatch):
    """An upload that counts as large; returns its address."""
    monkeypatch.setattr(background, "LARGE_FILE", 10)
    return upload(boss, gzip.compress(TEXT.encode()))["Location"]


def work():
    call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)


def test_a_large_archive_goes_from_reading_to_preview_to_report(boss, large):
    assert "The archive is being read" in boss.get(large).content.decode()
    work()
    preview = boss.get(large).content.decode()
    assert "An answer to the first." in preview
    assert "4 comments were declared and 3 found" in preview
    assert not Article.objects.exists()
    assert boss.post(f"{large}apply/").status_code == 303
    assert "Waiting for its turn" in boss.get(large).content.decode()
    assert not Article.objects.exists()
    work()
    assert "Ledger" in boss.get(large).content.decode()
    assert Comment.objects.count() == 3
    assert ImportRun.objects.get().state == "done"


def test_applying_while_a_worker_has_it_asks_only_once(boss, large):
    work()
    boss.post(f"{large}apply/")
    boss.post(f"{large}apply/")
    assert Job.objects.filter(name=background.APPLY).count() == 1


def test_a_cancelled_run_writes_no_more_and_can_be_gone_on_with(boss, large):
    work()
    boss.post(f"{large}apply/")
    boss.post(f"{large}cancel/")
    work()
    run = ImportRun.objects.get()
    assert (run.state, Article.objects.count()) == ("planned", 0)
    boss.post(f"{large}apply/")
    work()
    assert Comment.objects.count() == 3


def test_a_run_that_is_cancelled_at_work_keeps_what_is_written(boss, large, monkeypatch):
    work()
    boss.post(f"{large}apply/")
    monkeypatch.setattr(progress, "EVERY", 0)
    told = progress.Meter.__call__

    def cancel_first(self, done, total):
        if done:
            progress.cancel(background.APPLY, str(ImportRun.objects.get().pk))
        told(self, done, total)

    with monkeypatch.context() as cancelled:
        cancelled.setattr(progress.Meter, "__call__", cancel_first)
        work()
    assert ImportRun.objects.get().state == "cancelled"
    assert Job.objects.latest("pk").state == "cancelled"
    assert "Go on" in boss.get(large).content.decode()
    boss.post(f"{large}apply/")
    work()
    assert ImportRun.objects.get().state == "done"
    assert Comment.objects.count() == 3


def test_a_refusal_is_shown_to_the_admin(boss, monkeypatch):
    monkeypatch.setattr(background, "LARGE_FILE", 10)
    refused = "Cups\n\nText.\n\n4 thoughts on “Cups”\n\nLeave a Reply\n"
    address = upload(boss, gzip.compress(refused.encode()))["Location"]
    work()
    page = boss.get(address).content.decode()
    assert "holds none of them" in page
    assert ImportRun.objects.get().state == "failed"


def test_a_job_that_died_is_marked_failed(boss, large):
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(state="running", beat=timezone.now())
    with alive.holding(f"job-{job.pk}"):
        assert progress.newest(job.name, job.about).state == "running"
    assert progress.newest(job.name, job.about).state == "failed"


def test_the_page_tells_items_rate_and_time_left(boss, large):
    job = Job.objects.get()
    began = timezone.now() - datetime.timedelta(seconds=10)
    Job.objects.filter(pk=job.pk).update(
        state="running", began=began, beat=timezone.now(), done=100, total=400
    )
    with alive.holding(f"job-{job.pk}"):
        page = boss.get(large).content.decode()
    assert "100 of 400 items" in page
    assert "10 a second, 30 seconds left" in page
    # The first page may have taken a while.
    began = timezone.now() - datetime.timedelta(seconds=10)
    Job.objects.filter(pk=job.pk).update(began=began, done=1000, total=214_000)
    with alive.holding(f"job-{job.pk}"):
        page = boss.get(large).content.decode()
    assert "1,000 of 214,000 items" in page
    assert "100 a second, about 36 minutes left" in page
