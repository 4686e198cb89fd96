"""From paths to sources: folders opened, sidecars read, what the admin says checked."""

import datetime
import json
from collections.abc import Iterable
from pathlib import Path

from forum.importing.records import Given, RefusedError, Source
from forum.text.clean import is_web_address

SIDECAR = ".meta.json"
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
    """The files at `paths`, folders opened one level deep, each with its sidecar or with `given`.

    Raises RefusedError for a path that is not there, an unreadable sidecar, nothing to read, or
    particulars of one article given for several files.
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


def _files_at(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(
            file
            for file in path.iterdir()
            if file.is_file()
            and not file.name.startswith(".")
            and not file.name.endswith(SIDECAR)
            and file.name.lower() not in NOT_ARCHIVES
        )
    if not path.is_file():
        raise RefusedError(f"There is no file at “{path}”.")
    return [path]


def _sidecar(file: Path) -> Given:
    for name in sidecar_names(file.name):
        beside = file.with_name(name)
        if beside.is_file():
            return particulars(beside.read_bytes(), name)
    return Given()
