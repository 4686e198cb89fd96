"""From paths to sources: folders opened, sidecars read, what the admin says checked."""

import datetime
import json
import re
from collections.abc import Iterable
from pathlib import Path

from forum.importing.records import Given, RefusedError, Source
from forum.text.clean import is_web_address

MOST_FILES = 2_000  # in a folder with all folders in it
SIDECAR = ".meta.json"
JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
# What a browser saves along with a page, in a folder beside it.
PAGE_ENDINGS = (".html", ".htm", ".xhtml", ".mhtml", ".mht")
_PAGE_FOLDER = re.compile(r"(.+)(?:_files|[-_]Dateien|_fichiers|_archivos)", re.IGNORECASE)
NOT_ARCHIVES = {"readme.md", "readme.txt"}


def checked(url: str = "", date: str = "", title: str = "") -> Given:
    """What is said of one article, checked; RefusedError names what is wrong in one sentence."""
    url, date, title = url.strip(), date.strip(), title.strip()
    if url and not is_web_address(url):
        raise RefusedError(f"The address must begin with https:// or http:// and name a site, not “{url}”.")
    if not date:
        return Given(url=url, title=title)
    try:
        return Given(url=url, date=datetime.date.fromisoformat(date), title=title)
    except ValueError:
        raise RefusedError(f"The date must look like 2012-10-31, not “{date}”.") from None


def sources(paths: Iterable[str], given: Given, *, accept_damaged: bool = False) -> list[Source]:
    """The files at `paths`, folders opened with all folders in them, each with its sidecar or with `given`.

    Raises RefusedError for a path that is not there or too many files, an unreadable sidecar, nothing to
    read, or particulars of one article given for several files.
    """
    files = [file for path in paths for file in _files_at(Path(path))]
    if not files:
        raise RefusedError("There is no file to import here.")
    if given != Given() and len(files) > 1:
        raise RefusedError("An address, date or title can be given for one file at a time only.")
    return [
        Source(file, file.name, given if given != Given() else _sidecar(file), accept_damaged)
        for file in files
    ]


def sidecar_names(name: str) -> tuple[str, str]:
    """What the sidecar of a file may be called: `post.txt.meta.json` or `post.meta.json`."""
    stem, dot, _ending = name.rpartition(".")
    return name + SIDECAR, (stem if dot else name) + SIDECAR


def particulars(content: bytes, name: str) -> Given:
    """What a sidecar says. Raises RefusedError when it is not a JSON object or says nonsense."""
    try:
        said = json.loads(content.decode("utf-8"))
        known = {field: str(said.get(field) or "") for field in ("url", "date", "title")}
    except (ValueError, AttributeError):
        raise RefusedError(f"“{name}” is not a JSON object with url, date and title.") from None
    return checked(**known)


def is_part_of_page(name: str, names: set[str]) -> bool:
    """Whether a file lies in the folder that a browser saved along with a page among `names`."""
    parts = name.replace("\\", "/").split("/")
    for depth, part in enumerate(parts[:-1]):
        found = _PAGE_FOLDER.fullmatch(part)
        if found and any("/".join([*parts[:depth], found[1] + ending]) in names for ending in PAGE_ENDINGS):
            return True
    return False


def _files_at(path: Path) -> list[Path]:
    if path.is_dir():
        return _files_in(path)
    if not path.is_file():
        raise RefusedError(f"There is no file at “{path}”.")
    return [path]


def _files_in(folder: Path) -> list[Path]:
    """The files of a folder and of those in it, but for hidden ones, junk, and links that lead out of it."""
    root, found, waiting = folder.resolve(), [], [folder]
    while waiting:
        try:
            entries = list(waiting.pop().iterdir())
        except OSError as error:
            raise RefusedError(f"The folder “{error.filename}” cannot be read.") from None
        for entry in entries:
            is_junk = entry.name.startswith(".") or any(entry.name == j.rstrip("/") for j in JUNK)
            if is_junk or (entry.is_symlink() and not entry.resolve().is_relative_to(root)):
                continue
            # A link to a folder in it would be gone round for ever, or read twice.
            if entry.is_dir() and not entry.is_symlink():
                waiting.append(entry)
            elif entry.is_file() and not entry.name.endswith(SIDECAR):
                found.append(entry)
        if len(found) > MOST_FILES:
            raise RefusedError(f"“{folder}” holds more than {MOST_FILES} files.")
    names = {file.relative_to(folder).as_posix() for file in found}
    return sorted(
        file
        for file in found
        if file.name.lower() not in NOT_ARCHIVES
        and not is_part_of_page(file.relative_to(folder).as_posix(), names)
    )


def _sidecar(file: Path) -> Given:
    for name in sidecar_names(file.name):
        beside = file.with_name(name)
        if beside.is_file():
            return particulars(beside.read_bytes(), name)
    return Given()
