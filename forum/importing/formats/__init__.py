"""The registry of source formats: one module a format, recognised by content and not by name.

A format module has `NAME`, `recognises(head, name)` and `read(source)`; it knows no database. One
whose files hold a single page each says `ONE_PAGE = True`: what the admin says of an article is for
these. To add one: write the module, name it here (the most particular first), and put a sample
beside its test.
"""

from types import ModuleType

from forum.importing.formats.afterword import reader as afterword
from forum.importing.formats.blogger import reader as blogger
from forum.importing.formats.disqus import reader as disqus
from forum.importing.formats.html import reader as html
from forum.importing.formats.reading_view import reader as reading_view
from forum.importing.formats.warc import reader as warc
from forum.importing.formats.warc import wacz
from forum.importing.formats.wxr import reader as wxr
from forum.importing.records import RefusedError, Source

FORMATS: dict[str, ModuleType] = {
    module.NAME: module for module in (afterword, wxr, blogger, disqus, warc, wacz, html, reading_view)
}
# What takes any page and any text, also what stands beside posts and holds none.
FALLBACKS = (html, reading_view)
# Whose files may not say where the blog was, so that an address that is given serves as that.
NEED_ADDRESS = {blogger.NAME}
HEAD = 65_536
# What people keep pages in and nobody reads here, by the bytes that it begins with.
UNREAD = {
    b"bplist00": "a web archive of Safari; please save the page as page source, or print it to text",
    b"%PDF-": "a PDF; please copy its text into a file",
    b"7z\xbc\xaf\x27\x1c": "packed by 7-Zip; please unpack it first",
    b"Rar!\x1a\x07": "packed by RAR; please unpack it first",
    b"BZh": "packed by bzip2; please unpack it first",
    b"\xfd7zXZ\x00": "packed by xz; please unpack it first",
    b"(\xb5/\xfd": "packed by Zstandard; please unpack it first",
    b"\xd0\xcf\x11\xe0": "a document of Microsoft Office; please save it as text",
}


class UnknownFormatError(RefusedError):
    """A file that none of the readers knows."""


def format_of(source: Source, wanted: str = "") -> ModuleType:
    """The format to read `source` with: the wanted one, else the first that recognises its content.

    Raises RefusedError when `wanted` is unknown, UnknownFormatError when nothing recognises the content.
    """
    if wanted:
        if wanted not in FORMATS:
            raise RefusedError(f"“{wanted}” is no format that we read; there is {', '.join(FORMATS)}.")
        return FORMATS[wanted]
    head = _head_of(source)
    for module in FORMATS.values():
        if module.recognises(head, source.name):
            return module
    for begins, what in UNREAD.items():
        if head.startswith(begins):
            raise UnknownFormatError(f"“{source.name}” is {what}.")
    if reading_view.is_misencoded(head):
        raise UnknownFormatError(
            f"“{source.name}” is not UTF-8; it looks like Windows-1252, please save it as UTF-8."
        )
    raise UnknownFormatError(f"“{source.name}” is in none of the formats that we read: {', '.join(FORMATS)}.")


def recognised_by(module: ModuleType, source: Source) -> bool:
    """Whether a file begins like one of that format."""
    return module.recognises(_head_of(source), source.name)


def _head_of(source: Source) -> bytes:
    with source.path.open("rb") as file:
        return file.read(HEAD)
