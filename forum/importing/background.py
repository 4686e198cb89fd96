"""Large imports beside the web server: read and applied by a worker, with progress and cancel."""

from django.db import transaction
from django_tasks import task

from forum.accounts.models import User
from forum.importing import load, preview_kept, report
from forum.importing.plan import make_plan
from forum.importing.records import RefusedError
from forum.jobs import progress
from forum.jobs.models import Job
from forum.sources.models import ImportRun

READ = "import-read"
APPLY = "import-apply"
LARGE_FILE = 5_000_000  # bytes; what is larger is not read while somebody waits for the page


def ask_to_read(run: ImportRun, by: User) -> None:
    """Have a worker read a planned run's files and count them, for the preview."""
    with transaction.atomic():
        job = progress.ask(READ, str(run.pk), by)
        read_run.enqueue(run.pk, job.pk)


def ask_to_apply(run: ImportRun, by: User | None) -> None:
    """Have a worker write a run, or go on with one that broke off."""
    with transaction.atomic():
        job = progress.ask(APPLY, str(run.pk), by)
        apply_run.enqueue(run.pk, job.pk)


@task()
def read_run(run_id: int, job_id: int) -> None:
    """Read a run's files; keep its report and what the preview draws.

    A refusal marks the run failed with its sentence.
    """
    run, job = ImportRun.objects.get(pk=run_id), Job.objects.get(pk=job_id)
    with progress.running(job) as told:
        told(0, 1)
        try:
            archive = load.read_again(run)
            preview_kept.keep(run, archive)
            counts = report.as_json(make_plan(archive), None)
        except RefusedError as error:
            refused = {**run.options, "refused": str(error)}
            ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.FAILED, options=refused)
            return
        ImportRun.objects.filter(pk=run.pk).update(
            format=archive.format, counts=counts, total=counts["items"]
        )


@task()
def apply_run(run_id: int, job_id: int) -> None:
    """Write a run; when it is cancelled it keeps what is written and can be gone on with or undone."""
    run, job = ImportRun.objects.get(pk=run_id), Job.objects.get(pk=job_id)
    with progress.running(job) as told:
        told(0, 1)
        try:
            load.apply(load.read_again(run), run, told)
            preview_kept.drop(run)
        except progress.CancelledError:
            ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.CANCELLED)
            raise
        except RefusedError as error:
            refused = {**run.options, "refused": str(error)}
            ImportRun.objects.filter(pk=run.pk).update(options=refused)
