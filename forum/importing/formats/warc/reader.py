"""Reads WARC and ARC files, plain or gzipped: the blog posts among the captured pages."""

import base64
import binascii
import datetime
import hashlib
import zlib
from collections.abc import Iterator

from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader

from forum.importing.formats.html.reader import read_page
from forum.importing.formats.remarks import remarked
from forum.importing.formats.warc.captures import Capture, united
from forum.importing.formats.warc.http import Response, UnreadableError, read_response
from forum.importing.formats.warc.stream import BrokenError, WarcStream
from forum.importing.records import ArchivedArticle, Records, RefusedError, Remark, SkippedItem, Source
from forum.text.tidy import one_line

NAME = "warc"

_STARTS = (b"WARC/", b"filedesc://")
_MOST_IN_PAGE = 25_000_000
_PIECE = 1_000_000
_LONGEST = 500


def recognises(head: bytes, name: str) -> bool:
    """Whether a file that begins with `head` is a WARC or ARC file; `name` does not matter."""
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 64)
        except zlib.error:
            return False
    return head.startswith(_STARTS)


@remarked
def read(source: Source) -> Records:
    """Yields a SkippedItem for each record that is no post, a Remark for damage, then the posts.

    Nothing is fetched. Several captures of one page become one post. A damaged or oversized file is
    read up to the damage; RefusedError only where not a single record can be read. Sources: ISO 28500
    (WARC), the ARC 1.0 format of the Internet Archive.
    """
    collection = Collection()
    with source.path.open("rb") as file:
        try:
            yield from collection.collect(WarcStream(file), source.name)
        except BrokenError as broken:
            yield collection.damage(broken, source.name)
    if not collection.records:
        raise RefusedError(f"“{source.name}” holds no records of web captures.")
    yield from collection.finish(source.name)


class Collection:
    """What the records of one archive hold; `records` is how many were read."""

    def __init__(self) -> None:
        self.records = 0
        self._captures: list[Capture] = []

    def collect(self, stream: WarcStream, name: str) -> Iterator[SkippedItem | Remark]:
        """Reads all records of one file. BrokenError where it cannot be read on, with the offset."""
        loader = ArcWarcRecordLoader(verify_http=False, arc2warc=True)
        known = None
        while line := stream.begin_record():
            known = known or ("warc" if line.startswith(b"WARC/") else "arc")
            record = _next_record(loader, stream, line, known)
            stream.begin_block()
            block = _block_of(record, stream)
            self.records += 1
            yield from self._sort(record, block, stream.offset, name)

    def damage(self, broken: BrokenError, name: str) -> Remark:
        """The remark on a damaged file; RefusedError where nothing was read of it or before it."""
        if not self.records:
            message = f"“{name}” cannot be read: in the record at byte {broken.offset}, {broken.reason}."
            raise RefusedError(message) from broken
        message = (
            f"“{name}” was read up to byte {broken.offset} only; of the record that begins there, "
            f"{broken.reason}."
        )
        return Remark("damaged", f"{name}@{broken.offset}"[-_LONGEST:], message)

    def finish(self, name: str) -> Iterator[ArchivedArticle | Remark]:
        """The posts, each united from its captures, or a remark that there is none."""
        if not self._captures:
            message = f"None of the {self.records} records in “{name}” is a blog post."
            yield Remark("no_articles", "", message)
        yield from united(self._captures)

    def _sort(
        self, record: ArcWarcRecord, block: bytes | None, offset: int, name: str
    ) -> Iterator[SkippedItem | Remark]:
        headers = record.rec_headers
        address = one_line(headers.get_header("WARC-Target-URI") or "", 2000)
        try:
            response = _response(record, block)
            if not _is_intact(headers.get_header("WARC-Block-Digest"), block or b""):
                message = (
                    f"The record at byte {offset} does not match its checksum, so its text may be changed."
                )
                yield Remark("damaged", address[:_LONGEST], message)
            self._keep(response, address, headers.get_header("WARC-Date"))
        except UnreadableError as error:
            yield SkippedItem("record", address, error.code, one_line(str(error), _LONGEST))
        except RefusedError as error:
            yield SkippedItem("record", address, "refused", one_line(str(error), _LONGEST))

    def _keep(self, response: Response, address: str, date: str | None) -> None:
        for article in read_page(response.body, address, address or "a page", response.charset):
            captured_at = _moment(date)
            # A capture of the Wayback Machine's own page is as old as that page says.
            own = article.hints.get("captured_at")
            self._captures.append(Capture(article, address, _moment(own) if own else captured_at))


def _next_record(loader: ArcWarcRecordLoader, stream: WarcStream, line: bytes, known: str) -> ArcWarcRecord:
    try:
        record = loader.parse_record_stream(stream, line, known, no_record_parse=True)
    except BrokenError:
        raise
    except Exception as error:
        # warcio raises many kinds of errors for damaged headers, some of them by accident.
        raise BrokenError(stream.offset, "the headers are damaged") from error
    if record.length is None:
        raise BrokenError(stream.offset, "the headers give no length")
    return record


def _block_of(record: ArcWarcRecord, stream: WarcStream) -> bytes | None:
    """The record's content where it may be a page, None for others, which are passed over.

    BrokenError where the file ends before the record does.
    """
    may_be_page = record.rec_type in {"response", "resource"} and record.length <= _MOST_IN_PAGE
    pieces: list[bytes] = []
    left = record.length
    while left:
        piece = record.raw_stream.read(min(left, _PIECE))
        if not piece:
            raise BrokenError(stream.offset, "the file breaks off in the middle of it")
        left -= len(piece)
        if may_be_page:
            pieces.append(piece)
    return b"".join(pieces) if may_be_page else None


def _response(record: ArcWarcRecord, block: bytes | None) -> Response:
    """The page that a record holds; UnreadableError, with the reason, for all other records."""
    kind = one_line(record.rec_type or "", 40)
    if kind == "revisit":
        raise UnreadableError("revisit", "The page was the same as in another capture.")
    if kind not in {"response", "resource"}:
        raise UnreadableError("not_a_response", f"The record is of the kind {kind or 'unknown'}.")
    if block is None:
        raise UnreadableError("too_large", "The record is larger than 25 MB, too large for a web page.")
    if kind == "resource":
        media_type = (record.rec_headers.get_header("Content-Type") or "").split(";")[0].strip().casefold()
        response = Response(200, media_type, "", block)
    else:
        response = _http(block)
    if 300 <= response.status < 400:
        raise UnreadableError("redirect", f"The server answered {response.status}, a redirection.")
    if response.status != 200:
        raise UnreadableError("http_error", f"The server answered {response.status}.")
    if not response.is_html:
        raise UnreadableError("not_html", response.media_type or "The response has no type.")
    return response


def _http(block: bytes) -> Response:
    try:
        return read_response(block)
    except UnreadableError:
        raise
    except Exception as error:
        # As above: the parsers of warcio fail in many ways, and one bad record must not end the rest.
        raise UnreadableError("no_headers", "The response is damaged.") from error


def _is_intact(digest: str | None, block: bytes) -> bool:
    """Whether a block matches its checksum; true where it has none that we can check."""
    algorithm, _, wanted = (digest or "").partition(":")
    if algorithm.casefold() != "sha1" or not wanted:
        return True
    found = hashlib.sha1(block, usedforsecurity=False).digest()
    try:
        return (
            base64.b32decode(wanted.upper()) == found if len(wanted) == 32 else wanted.lower() == found.hex()
        )
    except (binascii.Error, ValueError):
        return True


def _moment(text: str | None) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat((text or "").replace("Z", "+00:00"))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        return moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
