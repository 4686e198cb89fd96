"""Upload, preview, apply: nothing of an archive is written before an admin has seen what it will be."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import ADMINISTER
from forum.importing import background, corrections, drawing, files, load, preview, report, undo, uploads
from forum.importing.forms import CorrectionForm, UploadForm
from forum.importing.records import RefusedError
from forum.jobs import progress
from forum.jobs.models import Job
from forum.sources.models import ImportRun
from forum.web.paging import page_of
from forum.web.redirects import SeeOther

RUNS_SHOWN = 20
LINES_PER_PAGE = 200
APPLICABLE = (ImportRun.State.PLANNED, ImportRun.State.FAILED, ImportRun.State.CANCELLED)


@needs(ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The upload form; a file that can be read leads to its preview, any other to one sentence."""
    if request.method != "POST":
        return _upload_page(request, UploadForm(), status=200)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form)
    said = form.cleaned_data
    try:
        given = files.checked(said["url"], said["date"], said["title"])
        run = uploads.receive(
            said["file"], given, said["format"], request.user, accept_damaged=said["accept_damaged"]
        )
    except RefusedError as error:
        form.add_error(None, str(error))
        return _upload_page(request, form)
    return SeeOther(_address(run.pk))


@needs(ADMINISTER)
@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    """A run as it stands: being worked on, as its preview with the thread drawn, or as report and ledger."""
    run = get_object_or_404(ImportRun, pk=number)
    job = _job(run)
    if job is not None:
        context = {"run": run, "job": job, "pace": progress.pace(job)}
        return render(request, "importing/progress.html", context)
    if run.state == ImportRun.State.PLANNED:
        return _preview(request, run)
    ledger = run.ledger.select_related("item__article", "item__comment")
    page = page_of(request, ledger.order_by("n"), LINES_PER_PAGE)
    context = {"run": run, "counts": run.counts, "page": page, "notes": drawing.notes_of(run)}
    return render(request, "importing/run.html", context)


def _job(run: ImportRun) -> Job | None:
    """The unfinished job on a run."""
    for name in (background.APPLY, background.READ):
        job = progress.newest(name, str(run.pk))
        if job is not None and job.state in {Job.State.QUEUED, Job.State.RUNNING}:
            return job
    return None


def _preview(
    request: HttpRequest, run: ImportRun, *, error: str = "", back: str = "", status: int = 200
) -> HttpResponse:
    try:
        seen = preview.look(run)
    except RefusedError as refused:
        return _upload_page(request, _given_form(run), message=str(refused))
    context = {"run": run, "preview": seen, "counts": seen.counts, "error": error, "back": back}
    return render(request, "importing/preview.html", context, status=status)


@needs(ADMINISTER)
@require_safe
def look(request: HttpRequest, number: int) -> HttpResponse:
    """The preview of a run that broke off or was cancelled; any other run is shown as it stands."""
    run = get_object_or_404(ImportRun, pk=number)
    if run.state not in APPLICABLE or _job(run) is not None:
        return SeeOther(_address(run.pk))
    return _preview(request, run)


@needs(ADMINISTER, back="importing:upload")
@require_POST
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """Keep one correction and go back to where it was made; what cannot be is said above the preview."""
    run = get_object_or_404(ImportRun, pk=number)
    if _job(run) is not None:
        messages.error(request, _("This import is being worked on; correct it when that is done."))
        return SeeOther(_address(run.pk))
    if run.state not in APPLICABLE:
        messages.error(request, _("This import is not waiting any more, so nothing of it can be corrected."))
        return SeeOther(_address(run.pk))
    back = ""
    try:
        said = CorrectionForm(request.POST).said()
        planned = preview.article(run, said["article"])
        back = drawing.anchor_of(said["article"], planned, said["comment"])
        corrections.correct(run, planned, said["comment"], said["act"], said["parent"])
    except RefusedError as error:
        return _preview(request, run, error=str(error), back=back, status=422)
    messages.success(request, _("Kept. It holds for this archive whenever it is imported."))
    name = "show" if run.state == ImportRun.State.PLANNED else "look"
    return SeeOther(f"{reverse(f'importing:{name}', args=[run.pk])}#{back}")


@needs(ADMINISTER, back="importing:upload")
@require_POST
def apply(request: HttpRequest, number: int) -> HttpResponse:
    """Write what the preview showed, or go on where a run broke off; a large run is left to a worker."""
    run = get_object_or_404(ImportRun, pk=number)
    if run.state not in APPLICABLE or _job(run) is not None:
        return SeeOther(_address(run.pk))
    if run.options.get("large"):
        background.ask_to_apply(run, request.user)
        return SeeOther(_address(run.pk))
    try:
        load.apply(load.read_again(run), run)
    except RefusedError as error:
        return _upload_page(request, _given_form(run), message=str(error))
    messages.success(request, _("The import is done."))
    return SeeOther(_address(run.pk))


@needs(ADMINISTER, back="importing:upload")
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Ask the work on a run to stop; what it has written stays and can be gone on with or undone."""
    run = get_object_or_404(ImportRun, pk=number)
    for name in (background.APPLY, background.READ):
        progress.cancel(name, str(run.pk))
    messages.success(request, _("The work will stop at its next step."))
    return SeeOther(_address(run.pk))


@needs(ADMINISTER, back="importing:upload")
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Undo a run that is done; one that is undone already is only shown."""
    run = get_object_or_404(ImportRun, pk=number)
    try:
        undone = undo.undo(run)
    except RefusedError as error:
        return _upload_page(request, UploadForm(), message=str(error))
    said = {"gone": undone.comments + undone.articles, "emptied": undone.emptied}
    messages.success(request, _("Undone: %(gone)s rows went, %(emptied)s stay as placeholders.") % said)
    return SeeOther(_address(run.pk))


@needs(ADMINISTER, back="importing:upload")
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Do an undone run again; the same numbers come back."""
    run = get_object_or_404(ImportRun, pk=number)
    try:
        counts = undo.redo(run)
    except RefusedError as error:
        return _upload_page(request, UploadForm(), message=str(error))
    messages.success(request, _("The import is done again."))
    return SeeOther(_address(counts["run"]))


@needs(ADMINISTER)
@require_safe
def ledger(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """The whole ledger of a run as a file, `csv` or `json`."""
    run = get_object_or_404(ImportRun, pk=number)
    content, kind = (
        (report.ledger_csv(run), "text/csv")
        if form == "csv"
        else (report.ledger_json(run), "application/json")
    )
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{run.pk}.{form}"'
    return response


def _address(number: int) -> str:
    return reverse("importing:show", args=[number])


def _given_form(run: ImportRun) -> UploadForm:
    """The form with what was said of a run's file, to be uploaded again."""
    return UploadForm(
        initial=next(iter(run.options.get("files", [])), {}) | {"format": run.options["format"]}
    )


def _upload_page(
    request: HttpRequest, form: UploadForm, *, status: int = 422, message: str = ""
) -> HttpResponse:
    runs = ImportRun.objects.select_related("by").order_by("-pk")[:RUNS_SHOWN]
    context: dict[str, Any] = {"form": form, "runs": runs, "message": message}
    return render(request, "importing/upload.html", context, status=status)
