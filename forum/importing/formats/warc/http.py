"""Takes a captured HTTP response apart: status, type, and its body without chunks and compression."""

import re
import zlib
from dataclasses import dataclass
from io import BytesIO

from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeadersParser

try:
    import brotli
except ImportError:
    # Without the optional library such bodies are left out, and the report says so.
    brotli = None

MOST_IN_BODY = 20_000_000
_MOST_HEADERS = 262_144
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{2,40})", re.IGNORECASE)
_MOST_CODINGS = 3
_PIECE = 16


class UnreadableError(Exception):
    """A response that cannot be read; its text says why, `code` is for scripts."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Response:
    """One response: its status, media type, charset ("" unknown) and its body as the server had it."""

    status: int
    media_type: str
    charset: str
    body: bytes

    @property
    def is_html(self) -> bool:
        """Whether the server called it a web page."""
        return self.media_type in {"text/html", "application/xhtml+xml"}


def read_response(block: bytes) -> Response:
    """The response that a record's block holds; its body is decoded for a web page only.

    UnreadableError for a block without HTTP headers, an unknown content coding, a damaged body and
    one of more than 20 MB. Sources: RFC 9112 (chunks), RFC 9110 (content codings).
    """
    end = _END_OF_HEADERS.search(block, 0, _MOST_HEADERS)
    if end is None:
        raise UnreadableError("no_headers", "The record has no HTTP headers.")
    parser = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1"], verify=False)
    headers = parser.parse(BytesIO(block[: end.end()]))
    code = headers.get_statuscode()
    content_type = headers.get_header("Content-Type") or ""
    charset = _CHARSET.search(content_type)
    response = Response(
        status=int(code) if code.isascii() and code.isdecimal() and len(code) == 3 else 0,
        media_type=content_type.split(";")[0].strip().casefold(),
        charset=charset[1] if charset else "",
        body=b"",
    )
    if response.status != 200 or not response.is_html:
        return response
    body = block[end.end() :]
    if "chunked" in (headers.get_header("Transfer-Encoding") or "").casefold():
        body = ChunkedDataReader(BytesIO(body)).read(MOST_IN_BODY + 1)
    body = _decoded(body, headers.get_header("Content-Encoding") or "")
    if len(body) > MOST_IN_BODY:
        raise UnreadableError("too_large", "The page is larger than 20 MB.")
    return Response(200, response.media_type, response.charset, body)


def _decoded(body: bytes, codings: str) -> bytes:
    names = [name.strip().casefold() for name in codings.split(",") if name.strip()]
    if len(names) > _MOST_CODINGS:
        raise UnreadableError("encoding", "The page is compressed too many times over.")
    for name in reversed(names):
        if name in {"identity", "none", "utf-8"}:
            continue
        if name not in {"gzip", "x-gzip", "deflate", "br"}:
            raise UnreadableError(
                "encoding", f"The page is compressed in a way that we do not know ({name[:40]})."
            )
        # Crawlers often keep the header of a body that they have unpacked.
        if body.lstrip()[:1] != b"<" and body:
            body = _unbrotli(body) if name == "br" else _inflated(body, name)
    return body


def _inflated(body: bytes, name: str) -> bytes:
    windows = (zlib.MAX_WBITS, -zlib.MAX_WBITS) if name == "deflate" else (16 + zlib.MAX_WBITS,)
    for window in windows:
        unzip = zlib.decompressobj(window)
        try:
            inflated = unzip.decompress(body, MOST_IN_BODY + 1)
        except zlib.error:
            continue
        if len(inflated) > MOST_IN_BODY:
            raise UnreadableError("too_large", "The page is larger than 20 MB.")
        if unzip.eof:
            return inflated
    raise UnreadableError("encoding", "The page's compression is damaged.")


def _unbrotli(body: bytes) -> bytes:
    if brotli is None:
        raise UnreadableError("encoding", "The page is compressed by Brotli, which is not installed here.")
    unpack = brotli.Decompressor()
    pieces: list[bytes] = []
    size = at = 0
    try:
        # A few bytes at a time: Brotli can make megabytes of each, and not every version has a limit.
        while at < len(body) and not unpack.is_finished():
            piece = unpack.process(body[at : at + _PIECE])
            at += _PIECE
            size += len(piece)
            pieces.append(piece)
            if size > MOST_IN_BODY:
                raise UnreadableError("too_large", "The page is larger than 20 MB.")
    except brotli.error as error:
        raise UnreadableError("encoding", "The page's compression is damaged.") from error
    if not unpack.is_finished():
        raise UnreadableError("encoding", "The page's compression is damaged.")
    return b"".join(pieces)
