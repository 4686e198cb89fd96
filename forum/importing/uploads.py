"""Uploaded archives: stored by their hash until they are applied, and read again from there."""

import hashlib
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from forum.accounts.models import User
from forum.importing import files, load
from forum.importing.plan import Archive, read_archive
from forum.importing.records import Given, RefusedError, Source
from forum.sources.models import ImportRun
from forum.text.tidy import one_line


def receive(upload: UploadedFile, given: Given, wanted_format: str, by: User) -> ImportRun:
    """Store an upload, read it once to see that it can be taken, and plan a run for it.

    Raises RefusedError with one sentence; then no run is planned and the file is not kept.
    """
    name = one_line(Path(upload.name or "").name, 255)
    sha256, path = _store(upload)
    try:
        archive = read_archive([Source(path, name, given)], wanted_format)
    except RefusedError:
        if not ImportRun.objects.filter(file_sha256=sha256).exists():
            path.unlink(missing_ok=True)
        raise
    options = {
        "url": given.url,
        "date": given.date.isoformat() if given.date else "",
        "title": given.title,
        "format": wanted_format,
    }
    return load.start_run(sha256=sha256, name=name, format=archive.format, options=options, by=by)


def read_again(run: ImportRun) -> Archive:
    """The archive of a planned run. Raises RefusedError when its file is no longer there."""
    path = _path(run.file_sha256)
    if not path.is_file():
        raise RefusedError("The uploaded file is no longer here; please upload it again.")
    options = run.options
    given = files.checked(options.get("url", ""), options.get("date", ""), options.get("title", ""))
    return read_archive([Source(path, run.file_name, given)], options.get("format", ""))


def _path(sha256: str) -> Path:
    return Path(settings.IMPORT_DIR) / sha256[:2] / sha256


def _store(upload: UploadedFile) -> tuple[str, Path]:
    folder = Path(settings.IMPORT_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
    path = _path(digest.hexdigest())
    path.parent.mkdir(exist_ok=True)
    Path(file.name).replace(path)
    return digest.hexdigest(), path
