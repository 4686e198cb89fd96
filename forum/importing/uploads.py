"""Uploaded archives: kept by their hash, read once to see that they can be taken, planned."""

from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from forum.accounts.models import User
from forum.importing import background, containers, formats, keep, load
from forum.importing.plan import Archive, read_archive
from forum.importing.records import Given, RefusedError, Source
from forum.sources.models import ImportRun
from forum.text.tidy import one_line


def receive(
    upload: UploadedFile, given: Given, wanted_format: str, by: User, *, accept_damaged: bool = False
) -> ImportRun:
    """Keep an upload, read it once, and plan a run for it; a large one is read by a worker.

    Raises RefusedError with one sentence; then no run is planned and the file is not kept.
    """
    name = one_line(Path(upload.name or "").name, 255)
    sha256 = keep.keep(upload.chunks())
    source = Source(keep.path_of(sha256), name, given, accept_damaged=accept_damaged)
    try:
        if _is_large(source, wanted_format):
            return _large(source, sha256, wanted_format, by)
        archive = read_archive([source], wanted_format)
    except RefusedError:
        keep.drop(sha256)
        raise
    files = [keep.told(source, sha256)]
    return load.start_run(archive, files, wanted_format=wanted_format, by=by, accept_damaged=accept_damaged)


def _is_large(source: Source, wanted_format: str) -> bool:
    """Whether a worker should read it; single pages have a limit of their own and are read at once."""
    if source.path.stat().st_size <= background.LARGE_FILE:
        return False
    if containers.is_packed(source):
        return True
    return not getattr(formats.format_of(source, wanted_format), "ONE_PAGE", False)


def _large(source: Source, sha256: str, wanted_format: str, by: User) -> ImportRun:
    run = load.start_run(
        Archive(format=""),
        [keep.told(source, sha256)],
        wanted_format=wanted_format,
        by=by,
        accept_damaged=source.accept_damaged,
        large=True,
    )
    background.ask_to_read(run, by)
    return run
