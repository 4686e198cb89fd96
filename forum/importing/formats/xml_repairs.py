"""Turns the bytes of an XML archive into clean text: decoding, prolog, control characters, prefixes."""

import codecs
import html.entities
import re
from collections import Counter
from collections.abc import Collection, Iterator

from forum.importing.formats.xml_decoding import Other, Utf8
from forum.importing.records import RefusedError, Remark, Source

CHUNK = 65_536
MAX_BYTES = 500_000_000
MAX_PROLOG = 1_000_000
# What exports of blogs use, sometimes without declaring it.
KNOWN_PREFIXES = {
    "app": "http://www.w3.org/2007/app",
    "atom": "http://www.w3.org/2005/Atom",
    "blogger": "http://schemas.google.com/blogger/2018",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dsq": "http://www.disqus.com/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "gd": "http://schemas.google.com/g/2005",
    "media": "http://search.yahoo.com/mrss/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "wp": "http://wordpress.org/export/1.2/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>")

_MAX_PREFIXES = 200
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_PASSED = re.compile(r"[\s\ufeff]+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_JUNK = re.compile(r"[\s\ufeff]*(?:[^<\s\ufeff]|<(?:br\s*/?|b|p|pre)>)", re.IGNORECASE)
_BEGIN = re.compile(r"<\?xml\s|<(?:[\w.-]+:)?(?:rss|feed|disqus|RDF)(?=[\s>/])")
_PREFIX = re.compile(rb"<([A-Za-z_][A-Za-z0-9_.-]{0,40}):[A-Za-z_]")
_DECLARED = re.compile(rb"\sxmlns:([A-Za-z_][A-Za-z0-9_.-]{0,40})\s*=")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_XML_NAMES = ("amp", "lt", "gt", "quot", "apos")
_HOLD = 100  # no token that is looked for is longer
_MESSAGES = {
    "control_characters": "{} control characters that XML does not allow were left out.",
    "named_entities": "{} named references of HTML were replaced by their characters.",
    "ampersands": "{} ampersands that stood alone were kept as such.",
    "encoding": "{} bytes that do not fit the file's encoding were read as Windows-1252.",
    "leading_text": "{} characters before the beginning of the XML were left out.",
    "prefixes": "{} prefixes that the file does not declare were declared.",
}


def encoding_of(head: bytes) -> str:
    """The encoding that a byte order mark or the declaration gives, UTF-8 without either (XML 1.0, F)."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name, begin in (("utf-16-le", b"<\0"), ("utf-16-be", b"\0<")):
        if head.startswith(begin):
            return name
    declared = _ENCODING.search(head[:MAX_PROLOG])
    name = declared[1].decode().lower() if declared else "utf-8"
    # The bytes of the declaration are readable as they are, so it is not UTF-16 whatever it says.
    return "utf-8" if name.startswith(("utf-16", "utf16", "utf_16")) else name


def junk_before(text: str) -> int:
    """How many characters stand before the XML: blank lines, and warnings that PHP wrote."""
    blank = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    if not _JUNK.match(text):
        return blank
    begin = _BEGIN.search(text)
    return begin.start() if begin else blank


def start_of_root(text: str, start: int) -> int:
    """Where the root element begins, behind declaration and comments; -1 while it is not there yet."""
    while passed := _PASSED.match(text, start):
        start = passed.end()
    opens = text.startswith("<", start) and not text.startswith(("<!--", "<?"), start)
    return start if opens and ">" in text[start:] else -1


class RepairedText:
    """The file's root element as text, repaired without guessing.

    `counts` are the opening tags by local name, of those in `counted`, outside CDATA and comments;
    `undeclared` are the prefixes that were declared, and whether the parser met them outside of CDATA.
    """

    def __init__(self, source: Source, counted: Collection[str]) -> None:
        self.counts: Counter[str] = Counter()
        self._source = source
        self._repairs: Counter[str] = Counter()
        names = "|".join(map(re.escape, counted)) or r"(?!)"
        self._tokens = re.compile(
            r"<!\[CDATA\[|<!--|<\?|&(?:(#[0-9]{1,12}|#[xX][0-9a-fA-F]{1,12}|[A-Za-z][A-Za-z0-9]{1,31});)?"
            rf"|<(?:[\w.-]{{1,40}}:)?({names})(?=[\s/>])"
        )
        self._inside = ""
        self.undeclared: dict[str, bool] = {}

    def chunks(self) -> Iterator[str]:
        """The text in pieces. RefusedError for a DTD, an unknown encoding or too much; DamagedError for
        bytes that are not in the file's encoding, unless the source may be damaged."""
        prolog = held = ""
        begun = False
        for text in self._decoded():
            if not begun:
                prolog += text
                start = self._root_start(prolog)
                if start < 0:
                    continue
                begun = True
                # Lines and columns in messages are to be those of the file.
                yield re.sub(r"[^\n]", " ", prolog[:start])
                text = self._with_prefixes(prolog[start:])
            ready, held = self._repaired(held + text)
            if ready:
                yield ready
        ready, _ = self._repaired(held, final=True)
        yield ready if begun else prolog

    def remarks(self) -> list[Remark]:
        """One remark for each kind of repair that was made."""
        self._repairs["prefixes"] = sum(self.undeclared.values())
        return [
            Remark(code, "", f"“{self._source.name}”: {message.format(self._repairs[code])}")
            for code, message in _MESSAGES.items()
            if self._repairs[code]
        ]

    def _decoded(self) -> Iterator[str]:
        name = self._source.name
        if self._source.path.stat().st_size > MAX_BYTES:
            raise RefusedError(f"“{name}” is larger than {MAX_BYTES // 1_000_000} MB.")
        with self._source.path.open("rb") as file:
            encoding = encoding_of(file.read(CHUNK))
            file.seek(0)
            utf8 = encoding in {"utf-8", "utf8"}
            of = Utf8 if utf8 else Other
            decoder = of(self._source, self._repairs, encoding)
            while chunk := file.read(CHUNK):
                yield decoder.decode(chunk)
            yield decoder.decode(b"", final=True)

    def _root_start(self, prolog: str) -> int:
        """Where the root begins, -1 when more is to be read; nothing before it may declare anything."""
        junk = junk_before(prolog)
        start = start_of_root(prolog, junk)
        if start < 0 and len(prolog) > MAX_PROLOG:
            raise RefusedError(f"“{self._source.name}” has no XML in its first {MAX_PROLOG} characters.")
        if start >= 0 and prolog.startswith("<!", start):
            raise RefusedError(
                f"“{self._source.name}” declares a document type or entities (DTD), which is refused."
            )
        if start >= 0 and not ROOT.match(prolog, start):
            return start if len(prolog) > MAX_PROLOG else -1
        if start >= 0 and prolog[:junk].strip("\ufeff\r\n\t "):
            self._repairs["leading_text"] = junk
        return start

    def _with_prefixes(self, text: str) -> str:
        """The text with the prefixes declared in its root that the file uses and declares nowhere."""
        root = ROOT.match(text)
        if not root:
            return text
        used, declared = _prefixes_in(self._source)
        added = ""
        for prefix in sorted(used - declared - {"xml", "xmlns"})[:_MAX_PREFIXES]:
            if f"xmlns:{prefix}" not in root[2]:
                uri = KNOWN_PREFIXES.get(prefix, f"urn:undeclared:{prefix}")
                added += f' xmlns:{prefix}="{uri}"'
                self.undeclared[prefix] = False
        return f"<{root[1]}{added}{text[root.end(1) :]}"

    def _repaired(self, text: str, final: bool = False) -> tuple[str, str]:
        """What can be handed on of the text, and its end, which may hold the beginning of a token."""
        limit = len(text) if final else max(0, len(text) - _HOLD)
        parts: list[str] = []
        place = 0
        while place < limit:
            start = place
            token = None if self._inside else self._tokens.search(text, place)
            found = text.find(self._inside, place) if self._inside else token.start() if token else -1
            if found < 0 or found >= limit:
                parts.append(text[place:limit])
                place = limit
            elif token:
                parts += text[start:found], self._token(token)
                place = token.end()
            else:
                place = found + len(self._inside)
                parts.append(text[start:place])
                self._inside = ""
        cleaned, count = _CONTROL.subn("", "".join(parts))
        self._repairs["control_characters"] += count
        return cleaned, text[place:]

    def _token(self, token: re.Match[str]) -> str:
        whole, reference, name = token[0], token[1], token[2]
        if name:
            self.counts[name] += 1
        elif whole in _ENDS:
            self._inside = _ENDS[whole]
        elif reference is None:
            # WordPress writes the addresses of commenters without escaping them.
            self._repairs["ampersands"] += 1
            return "&amp;"
        elif reference.startswith("#"):
            number = int(reference[2:], 16) if reference[1] in "xX" else int(reference[1:])
            if not _is_allowed(number):
                self._repairs["control_characters"] += 1
                return ""
        elif reference not in _XML_NAMES and f"{reference};" in html.entities.html5:
            # As numbers, for a name such as LT must not become markup.
            self._repairs["named_entities"] += 1
            return "".join(f"&#{ord(char)};" for char in html.entities.html5[f"{reference};"])
        return whole


def _is_allowed(number: int) -> bool:
    return number in {9, 10, 13} or (
        0x20 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF and number not in {0xFFFE, 0xFFFF}
    )


def _prefixes_in(source: Source) -> tuple[set[str], set[str]]:
    """The prefixes of element names in the raw file and those that are declared anywhere in it."""
    used: set[str] = set()
    declared: set[str] = set()
    tail = b""
    with source.path.open("rb") as file:
        while chunk := file.read(1_000_000):
            data = tail + chunk
            used.update(prefix.decode() for prefix in set(_PREFIX.findall(data)))
            declared.update(prefix.decode() for prefix in set(_DECLARED.findall(data)))
            tail = data[-_HOLD:]
    return used, declared
