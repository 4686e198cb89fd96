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
HEAD = 65_536


def format_of(source: Source, wanted: str = "") -> ModuleType:
    """The format to read `source` with: the wanted one, else the first that recognises its content.

    Raises RefusedError when `wanted` is unknown or nothing recognises the content.
    """
    if wanted:
        if wanted not in FORMATS:
            raise RefusedError(f"“{wanted}” is no format that we read; there is {', '.join(FORMATS)}.")
        return FORMATS[wanted]
    with source.path.open("rb") as file:
        head = file.read(HEAD)
    for module in FORMATS.values():
        if module.recognises(head, source.name):
            return module
    raise RefusedError(f"“{source.name}” is in none of the formats that we read: {', '.join(FORMATS)}.")
