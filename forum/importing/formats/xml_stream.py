"""Streams the elements of XML archives one by one: bounded, without DTD, with every repair reported."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import lru_cache

from lxml import etree

from forum.importing.formats.xml_repairs import (
    CHUNK,
    KNOWN_PREFIXES,
    ROOT,
    RepairedText,
    encoding_of,
    junk_before,
    start_of_root,
)
from forum.importing.records import DamagedError, RefusedError, Remark, Source
from forum.text.excerpt import excerpt

MAX_DEPTH = 200
MAX_ATTRIBUTES = 500
MAX_TEXT = 5_000_000
MAX_ELEMENTS = 200_000  # inside one element that is handed out
MAX_ALL_ELEMENTS = 8_000_000
MANY_ELEMENTS = 500_000  # from here on they must have something in them
_XINCLUDE = "http://www.w3.org/2001/XInclude"


def children(source: Source, depth: int, remarks: list[Remark] | None = None) -> Iterator[etree._Element]:
    """Every completed element at `depth` (1 = child of the root), in the order of the file.

    An element is emptied when the next is asked for. Remarks on repairs go into `remarks`.
    RefusedError for a DTD, XInclude or what breaks a limit, DamagedError for what is not well-formed
    unless `source.accept_damaged`. Format: XML 1.0 with Namespaces.
    """
    stream = XmlStream(source, (depth,))
    if remarks is not None:
        stream.remarks = remarks
    for _, element in stream.elements():
        yield element


def root_of(head: bytes) -> tuple[str, str]:
    """Namespace and local name of the root element in a file's first bytes, ("", "") when there is none.

    A DTD is passed over here, so that the reader that the file belongs to can refuse it with its reason.
    """
    encoding = encoding_of(head)
    try:
        text = head.decode(encoding, "ignore")
    except LookupError:
        return "", ""
    text = re.sub(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", "", text, count=1, flags=re.DOTALL)
    start = start_of_root(text, junk_before(text))
    match = ROOT.match(text, start) if start >= 0 else None
    if not match:
        return "", ""
    prefix, _, name = match[1].rpartition(":")
    declared = re.search(rf"\sxmlns{':' if prefix else ''}{re.escape(prefix)}\s*=\s*[\"']([^\"']*)", match[2])
    return (declared[1] if declared else KNOWN_PREFIXES.get(prefix, "")), name


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return _parted(element.tag)[2]


def namespace(element: etree._Element) -> str:
    """The namespace of an element, "" when it has none."""
    return _parted(element.tag)[0].removeprefix("{")


@lru_cache(maxsize=500)
def _parted(tag: object) -> tuple[str, str, str]:
    # A file has millions of elements and few names.
    return str(tag).rpartition("}")


def text_of(element: etree._Element, name: str, namespace_prefix: str = "") -> str:
    """The whole text of the first child `name` whose namespace begins with the prefix, "" without one."""
    for child in element:
        if local(child) == name and namespace(child).startswith(namespace_prefix):
            return "".join(child.itertext())
    return ""


def is_cdata(element: etree._Element) -> bool:
    """Whether an element's text stood in CDATA, so that entities in it have not been decoded."""
    return b"<![CDATA[" in etree.tostring(element, with_tail=False)


class XmlStream:
    """One reading of an XML file; `remarks` is complete when `elements` has come to its end.

    `depths` are the levels to hand out. Opening tags with the local names `counted` are counted in the
    file itself, outside CDATA and comments, and must agree with what the parser found.
    """

    def __init__(self, source: Source, depths: Collection[int], counted: Collection[str] = ()) -> None:
        self.remarks: list[Remark] = []
        self.damaged = False
        self._source = source
        self._depths = frozenset(depths)
        self._counted = tuple(counted)
        self._text = RepairedText(source, self._counted)
        self._parsed: Counter[str] = Counter()
        self._handed: Counter[str] = Counter()
        self._depth = -1
        self._silence = 0
        self._pending = 0
        self._all = 0
        self._read = 0

    def elements(self) -> Iterator[tuple[int, etree._Element]]:
        """Pairs of depth and completed element, children before parents; errors as in `children`."""
        parser = etree.XMLPullParser(
            events=("start", "end"),
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            # Whether a text was CDATA tells whether its entities were decoded (see `is_cdata`).
            strip_cdata=False,
        )
        chunks = self._text.chunks()
        error = None
        for chunk in chunks:
            error = _fed(parser, chunk)
            self._silence += len(chunk)
            self._read += len(chunk)
            yield from self._completed(parser)
            if self._silence > MAX_TEXT + CHUNK:
                raise RefusedError(f"“{self._source.name}” has a text of more than 5 MB in one element.")
            if error:
                break
        error = error or _closed(parser)
        if error:
            self._note_damage(*_place_of(parser, error))
            for _ in chunks:
                pass
        self._compare_counts()
        self.remarks += self._text.remarks()

    def _completed(self, parser: etree.XMLPullParser) -> Iterator[tuple[int, etree._Element]]:
        for event, element in parser.read_events():
            self._silence = 0
            if event == "start":
                self._enter(element)
                continue
            self._parsed[local(element)] += 1
            self._refuse_long_text(element)
            if self._depth in self._depths:
                self._handed[local(element)] += 1
                yield self._depth, element
            if self._depth <= max(self._depths):
                self._pending = 0
                _forget(element)
            self._depth -= 1

    def _enter(self, element: etree._Element) -> None:
        self._depth += 1
        self._pending += 1
        self._all += 1
        if element.prefix in self._text.undeclared:
            self._text.undeclared[element.prefix] = True
        name = self._source.name
        if self._depth >= MAX_DEPTH:
            raise RefusedError(f"“{name}” nests more than {MAX_DEPTH} elements.")
        if len(element.attrib) > MAX_ATTRIBUTES:
            raise RefusedError(f"“{name}” has an element with more than {MAX_ATTRIBUTES} attributes.")
        empty = self._all > MANY_ELEMENTS and self._read < 10 * self._all
        if empty or self._pending > MAX_ELEMENTS or self._all > MAX_ALL_ELEMENTS:
            raise RefusedError(f"“{name}” has more elements than are read: {self._all}.")
        if namespace(element) == _XINCLUDE:
            raise RefusedError(f"“{name}” asks to include other files (XInclude), which is refused.")

    def _refuse_long_text(self, element: etree._Element) -> None:
        if len(element.text or "") > MAX_TEXT or any(
            len(value) > MAX_TEXT for value in element.attrib.values()
        ):
            raise RefusedError(f"“{self._source.name}” has a text of more than 5 MB in one element.")

    def _note_damage(self, line: int, column: int, reason: str) -> None:
        self.damaged = True
        # Posts of Disqus name their thread by an element of the same name; only whole ones are told.
        told = " and ".join(f"{self._handed[name]} “{name}”" for name in self._counted)
        complete = f"{told} elements were" if told else "What was read was"
        reason = excerpt(reason, 120)  # a parser quotes the text that it was in
        message = (
            f"“{self._source.name}” is damaged at line {line}, column {column}: {reason}. "
            f"{complete} complete before it."
        )
        if not self._source.accept_damaged:
            raise DamagedError(message)
        self.remarks.append(Remark("damaged", "", message))

    def _compare_counts(self) -> None:
        for name in self._counted:
            there, read = self._text.counts[name], self._parsed[name]
            if there == read:
                continue
            message = f"“{self._source.name}” has {there} “{name}” elements, of which {read} could be read."
            if not self._source.accept_damaged:
                raise DamagedError(message)
            self.remarks.append(Remark("lost_items", "", message))


def _fed(parser: etree.XMLPullParser, chunk: str) -> etree.XMLSyntaxError | None:
    """Feeds a chunk; the error instead of raising it, as events from before the error can still be read."""
    try:
        parser.feed(chunk.encode())
    except etree.XMLSyntaxError as error:
        return error
    return None


def _closed(parser: etree.XMLPullParser) -> etree.XMLSyntaxError | None:
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        return error
    return None


def _place_of(parser: etree.XMLPullParser, error: etree.XMLSyntaxError) -> tuple[int, int, str]:
    """Line, column and reason of the first error that stopped the parser; the exception may name a later."""
    for entry in parser.feed_error_log:
        if entry.level == etree.ErrorLevels.FATAL:
            return entry.line, entry.column, entry.message.strip().rstrip(".")
    line, column = error.position
    return line, column, str(error.msg).split(", line")[0].rstrip(".")


def _forget(element: etree._Element) -> None:
    """Frees what has been read. The element itself stays, since the parser may yet add to its tail."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
