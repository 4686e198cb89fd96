"""Given files, kept by their hash, so that a run can be previewed, applied and done again."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from forum.importing import files
from forum.importing.records import RefusedError, Source
from forum.sources.models import ImportRun


def keep(chunks: Iterable[bytes]) -> str:
    """Store a file and return its SHA-256, which is its name from then on."""
    folder = Path(settings.IMPORT_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    path = path_of(digest.hexdigest())
    path.parent.mkdir(exist_ok=True)
    Path(file.name).replace(path)
    return digest.hexdigest()


def keep_all(found: Iterable[Source]) -> list[dict[str, str]]:
    """Store the files of a run; returns what a run's options say of them."""
    return [told(source, keep(_chunks(source.path))) for source in found]


def told(source: Source, sha256: str) -> dict[str, str]:
    """One file of a run as its options hold it."""
    given = source.given
    date = given.date.isoformat() if given.date else ""
    return {"sha256": sha256, "name": source.name, "url": given.url, "date": date, "title": given.title}


def drop(sha256: str) -> None:
    """Let a kept file go unless a run names it."""
    if not any(sha256 in {f["sha256"] for f in run.options.get("files", [])} for run in _runs(sha256)):
        path_of(sha256).unlink(missing_ok=True)


def kept_sources(run: ImportRun) -> list[Source]:
    """The files of a run. Raises RefusedError when one is no longer there."""
    found = []
    for said in run.options.get("files", []):
        path = path_of(said["sha256"])
        if not path.is_file():
            raise RefusedError(f"The file “{said['name']}” is no longer here; please upload it again.")
        given = files.checked(said["url"], said["date"], said["title"])
        accepted = bool(run.options.get("accept_damaged"))
        found.append(Source(path, said["name"], given, accept_damaged=accepted))
    if not found:
        raise RefusedError("The files of this import were not kept; please upload them again.")
    return found


def path_of(sha256: str) -> Path:
    """Where a kept file lies."""
    return Path(settings.IMPORT_DIR) / sha256[:2] / sha256


@contextmanager
def workroom() -> Iterator[Path]:
    """A folder for unpacking, gone afterwards."""
    Path(settings.IMPORT_DIR).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.IMPORT_DIR) as folder:
        yield Path(folder)


def fingerprint(said: list[dict[str, Any]]) -> str:
    """SHA-256 of one file, or of the sorted fingerprints of several."""
    digests = sorted(file["sha256"] for file in said)
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def _runs(sha256: str) -> Iterable[ImportRun]:
    return ImportRun.objects.filter(options__icontains=sha256)
