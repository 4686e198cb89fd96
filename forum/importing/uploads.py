"""Uploaded archives: kept by their hash, read once to see that they can be taken, planned."""

from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from forum.accounts.models import User
from forum.importing import keep, load
from forum.importing.plan import read_archive
from forum.importing.records import Given, RefusedError, Source
from forum.sources.models import ImportRun
from forum.text.tidy import one_line


def receive(
    upload: UploadedFile, given: Given, wanted_format: str, by: User, *, accept_damaged: bool = False
) -> ImportRun:
    """Keep an upload, read it once, and plan a run for it.

    Raises RefusedError with one sentence; then no run is planned and the file is not kept.
    """
    name = one_line(Path(upload.name or "").name, 255)
    sha256 = keep.keep(upload.chunks())
    source = Source(keep.path_of(sha256), name, given, accept_damaged=accept_damaged)
    try:
        archive = read_archive([source], wanted_format)
    except RefusedError:
        keep.drop(sha256)
        raise
    files = [keep.told(source, sha256)]
    return load.start_run(archive, files, wanted_format=wanted_format, by=by, accept_damaged=accept_damaged)
