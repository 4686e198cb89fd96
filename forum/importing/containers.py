"""Opening what archives come packed in: gzip and zip, counted while reading, names never used as paths."""

import gzip
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from forum.importing import files
from forum.importing.records import DamagedError, Given, RefusedError, Source

MOST_ENTRIES = 2_000
MOST_BYTES = 500_000_000
MOST_RATIO = 100
FREE_BYTES = 10_000_000  # small files may be packed as tightly as they like
CHUNK = 1 << 20
GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def is_packed(source: Source) -> bool:
    """Whether a file's first bytes are those of a gzip or zip."""
    with source.path.open("rb") as file:
        head = file.read(4)
    return head.startswith(GZIP) or head in ZIP


def opened(source: Source, folder: Path) -> Iterator[Source]:
    """The files inside of a gzip or zip, written to `folder` under names of our own; others as they are.

    Raises RefusedError for too many or too large entries, a ratio that only a bomb has, links, names that
    lead out of the archive, passwords and packing in packing; DamagedError for one that breaks off.
    """
    with source.path.open("rb") as file:
        head = file.read(4)
    if head.startswith(GZIP) and not _is_web_capture(source):
        yield _unpacked(source, folder)
    elif head in ZIP and not _is_wacz(source):
        yield from _entries(source, folder)
    else:
        yield source


def _is_web_capture(source: Source) -> bool:
    """Whether a gzip holds WARC records, which its reader takes apart member by member itself."""
    try:
        with gzip.open(source.path) as file:
            return file.read(5) in {b"WARC/", b"filed"}
    except (OSError, EOFError):
        return False


def _is_wacz(source: Source) -> bool:
    try:
        with zipfile.ZipFile(source.path) as archive:
            return "datapackage.json" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _unpacked(source: Source, folder: Path) -> Source:
    target = folder / "unpacked"
    try:
        with gzip.open(source.path) as file:
            _copy(file, target, source, 0)
    except (OSError, EOFError) as error:
        raise DamagedError(f"“{source.name}” breaks off: its gzip packing is damaged.") from error
    return _inside(source, target, source.name.removesuffix(".gz"))


def _entries(source: Source, folder: Path) -> Iterator[Source]:
    try:
        archive = zipfile.ZipFile(source.path)
    except zipfile.BadZipFile as error:
        raise DamagedError(f"“{source.name}” is no readable zip archive.") from error
    with archive:
        entries = [entry for entry in archive.infolist() if _is_wanted(entry)]
        if len(entries) > MOST_ENTRIES:
            raise RefusedError(f"“{source.name}” holds more than {MOST_ENTRIES} files.")
        if not entries:
            raise RefusedError(f"“{source.name}” holds no file.")
        total = 0
        for n, entry in enumerate(entries):
            _refuse_hostile(source, entry)
            target = folder / f"entry-{n}"
            try:
                with archive.open(entry) as file:
                    total += _copy(file, target, source, total)
            except (zipfile.BadZipFile, RuntimeError, EOFError, NotImplementedError) as error:
                raise DamagedError(f"“{entry.filename}” in “{source.name}” cannot be read.") from error
            inside = _inside(source, target, Path(entry.filename).name)
            yield replace(inside, given=_sidecar(archive, entry) or source.given)


def _inside(source: Source, target: Path, name: str) -> Source:
    with target.open("rb") as file:
        head = file.read(4)
    if head.startswith(GZIP) or head in ZIP:
        raise RefusedError(f"“{source.name}” holds packed files inside of packed files.")
    return replace(source, path=target, name=name)


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    hidden = Path(name).name.startswith(("._", "."))
    is_sidecar = name.endswith(files.SIDECAR)
    return not (entry.is_dir() or hidden or is_sidecar or any(junk in name for junk in JUNK))


def _sidecar(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Given | None:
    for name in files.sidecar_names(entry.filename):
        if name in archive.namelist() and archive.getinfo(name).file_size < CHUNK:
            return files.particulars(archive.read(name), Path(name).name)
    return None


def _refuse_hostile(source: Source, entry: zipfile.ZipInfo) -> None:
    parts = entry.filename.replace("\\", "/").split("/")
    leads_out = ".." in parts or parts[0] == "" or ":" in parts[0]
    if leads_out or stat.S_ISLNK(entry.external_attr >> 16):
        raise RefusedError(f"“{source.name}” holds a link, or a name that leads out of the archive.")
    if entry.flag_bits & 1:
        raise RefusedError(f"“{source.name}” is locked with a password.")


def _copy(file: BinaryIO, target: Path, source: Source, before: int) -> int:
    """Write what comes out, counting it: a header's own word on sizes is not believed.

    All that comes out is held against the size of the file itself, so that entries which share their
    packed bytes do not count them twice.
    """
    size, packed = 0, source.path.stat().st_size
    with target.open("wb") as out:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            total = before + size
            if total > MOST_BYTES or (total > FREE_BYTES and total > MOST_RATIO * packed):
                raise RefusedError(f"“{source.name}” unpacks to far more than it should.")
            out.write(chunk)
    return size
