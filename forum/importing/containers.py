"""Opening what archives come packed in: gzip and zip, counted while reading, names never used as paths."""

import gzip
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from forum.importing import files, formats
from forum.importing.formats.warc import reader as warc
from forum.importing.records import DamagedError, Given, RefusedError, SkippedItem, Source

MOST_ENTRIES = 2_000
MOST_BYTES = 500_000_000
MOST_RATIO = 100
FREE_BYTES = 10_000_000  # small files may be packed as tightly as they like
CHUNK = 1 << 20
GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# What stands beside the feed of a blog in Google Takeout; as pages and texts they would make posts.
TAKEOUT = re.compile(r"(?:theme-[\w-]+\.(?:html|xml)|settings\.csv|archive_browser\.html)", re.IGNORECASE)
FEED = "feed.atom"
# What comes along with exports and pages; the readers that take any text would make posts of it.
_NO_POSTS = re.compile(
    r".+\.(?:css|js|json)|(?:readme|licen[cs]e|copying)(?:\.\w{1,8})?|readme[._ -].*", re.IGNORECASE
)

BESIDE_FEED = "It holds the look or the settings of a blog and none of its posts."
PART_OF_PAGE = "It belongs to a saved page that lies beside it."
NO_POST = "By its name it comes along with an archive and holds no post."

_DRIVE = re.compile(r"[A-Za-z]:")
_HEAD = 65_536
_LONGEST = 500
_BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, OSError, EOFError),
    *(RuntimeError, NotImplementedError, ValueError, LookupError, OverflowError),
)


def is_packed(source: Source) -> bool:
    """Whether a file's first bytes are those of a gzip or zip."""
    with source.path.open("rb") as file:
        head = file.read(4)
    return head.startswith(GZIP) or head in ZIP


def opened(source: Source, folder: Path, skipped: list[SkippedItem] | None = None) -> Iterator[Source]:
    """The files inside of a gzip or zip, written to `folder` under names of our own; others as they are.

    What a zip holds of no known kind goes to `skipped` when that is given, as long as the zip has
    something to read; so does a damaged file in it when damage is accepted.
    Raises RefusedError for too many or too large entries, a ratio that only a bomb has, links, names that
    lead out of the archive, passwords and packing in packing; DamagedError for one that breaks off.
    """
    with source.path.open("rb") as file:
        head = file.read(4)
    if head.startswith(GZIP) and not _is_web_capture(source):
        yield _unpacked(source, folder)
    elif head in ZIP and not _is_wacz(source):
        yield from _entries(source, folder, skipped)
    else:
        yield source


def _is_web_capture(source: Source) -> bool:
    """Whether a gzip holds WARC records, which its reader takes apart member by member itself."""
    with source.path.open("rb") as file:
        return warc.recognises(file.read(_HEAD), source.name)


def _is_wacz(source: Source) -> bool:
    try:
        with zipfile.ZipFile(source.path) as archive:
            return "datapackage.json" in archive.namelist()
    except _BROKEN:
        return False


def _unpacked(source: Source, folder: Path) -> Source:
    target = folder / "unpacked"
    try:
        with gzip.open(source.path) as file:
            _copy(file, target, source, 0)
    except (OSError, EOFError, zlib.error) as error:
        raise DamagedError(f"“{source.name}” breaks off: its gzip packing is damaged.") from error
    return _inside(source, target, source.name.removesuffix(".gz"))


def _entries(source: Source, folder: Path, skipped: list[SkippedItem] | None) -> Iterator[Source]:
    try:
        archive = zipfile.ZipFile(source.path)
    except _BROKEN as error:
        raise DamagedError(f"“{source.name}” is no readable zip archive.") from error
    with archive:
        entries = [entry for entry in archive.infolist() if _is_wanted(entry)]
        if len(entries) > MOST_ENTRIES:
            raise RefusedError(f"“{source.name}” holds more than {MOST_ENTRIES} files.")
        if not entries:
            raise RefusedError(f"“{source.name}” holds no file.")
        for entry in entries:
            _refuse_hostile(source, entry)
        yield from _readable(source, archive, entries, folder, skipped)


def _readable(
    source: Source,
    archive: zipfile.ZipFile,
    entries: list[zipfile.ZipInfo],
    folder: Path,
    skipped: list[SkippedItem] | None,
) -> Iterator[Source]:
    """The entries that some reader knows, and all of them when nobody asks for what is left out."""
    left_out: list[SkippedItem] = []
    total = read = 0
    names = {entry.filename.replace("\\", "/") for entry in entries}
    blogs = {_parent(entry) for entry in entries if _name(entry) == FEED}
    for n, entry in enumerate(entries):
        target = folder / f"entry-{n}"
        if skipped is not None and files.is_part_of_page(entry.filename, names):
            left_out.append(_skipped(entry, "beside_page", PART_OF_PAGE))
            continue
        try:
            with archive.open(entry) as file:
                total += _copy(file, target, source, total)
        except _BROKEN as error:
            message = f"“{entry.filename}” in “{source.name}” cannot be read."
            if skipped is None or not source.accept_damaged:
                raise DamagedError(message) from error
            left_out.append(_skipped(entry, "damaged", message))
            continue
        inside = _inside(source, target, _name(entry))
        if skipped is not None and (why := _not_wanted(inside, entry, blogs, names)):
            left_out.append(_skipped(entry, *why))
            target.unlink()
            continue
        read += 1
        yield replace(inside, given=_sidecar(archive, entry) or source.given)
    if not read:
        raise RefusedError(f"“{source.name}” holds no file in a format that we read; {left_out[0].excerpt}")
    if skipped is not None:
        skipped += left_out


def stands_beside(source: Source, name: str, names: set[str]) -> tuple[str, str] | None:
    """Why one of several files is not tried: it is a part of a saved page, or by its name no post.

    `name` is the file's path among `names`. Returns the code and the reason, None for all others.
    """
    if FEED in names and TAKEOUT.fullmatch(name):
        return "beside_feed", BESIDE_FEED
    if files.is_part_of_page(name, names):
        return "beside_page", PART_OF_PAGE
    if not _NO_POSTS.fullmatch(source.name) or is_packed(source):
        return None
    try:
        known = formats.format_of(source)
    except formats.UnknownFormatError:
        return None
    return ("no_post", NO_POST) if known in formats.FALLBACKS else None


def _not_wanted(
    inside: Source, entry: zipfile.ZipInfo, blogs: set[str], names: set[str]
) -> tuple[str, str] | None:
    """Why a file is left out: it belongs to a blog's settings, or no reader knows it."""
    beside = any(blog.startswith(_parent(entry)) for blog in blogs)
    if beside and TAKEOUT.fullmatch(inside.name):
        return "beside_feed", BESIDE_FEED
    try:
        formats.format_of(inside)
    except RefusedError as error:
        return "unknown_format", str(error)
    return stands_beside(inside, entry.filename, names) if len(names) > 1 else None


def _skipped(entry: zipfile.ZipInfo, code: str, reason: str) -> SkippedItem:
    return SkippedItem("file", entry.filename[:_LONGEST], code, reason[:_LONGEST])


def _name(entry: zipfile.ZipInfo) -> str:
    """The last part of a name; some programs on Windows part names by backslashes."""
    return entry.filename.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _parent(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/").rstrip("/").rpartition("/")[0]


def _inside(source: Source, target: Path, name: str) -> Source:
    with target.open("rb") as file:
        head = file.read(4)
    if head.startswith(GZIP) or head in ZIP:
        raise RefusedError(f"“{source.name}” holds packed files inside of packed files.")
    return replace(source, path=target, name=name)


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    is_folder = entry.is_dir() or name.endswith("\\")
    is_junk = _name(entry).startswith(".") or any(junk in name for junk in files.JUNK)
    return not (is_folder or is_junk or name.endswith(files.SIDECAR))


def _sidecar(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Given | None:
    for name in files.sidecar_names(entry.filename):
        if name in archive.namelist() and archive.getinfo(name).file_size < CHUNK:
            return files.particulars(archive.read(name), Path(name).name)
    return None


def _refuse_hostile(source: Source, entry: zipfile.ZipInfo) -> None:
    parts = entry.filename.replace("\\", "/").split("/")
    leads_out = ".." in parts or parts[0] == "" or _DRIVE.match(parts[0])
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
