"""Source text to the safe HTML that is stored beside it."""

import re
from html import escape

from forum.text.clean import clean_html, is_web_address
from forum.text.tidy import plain

TEXT = "text"
HTML = "html"
_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_LONGEST_ADDRESS = 2000
_BULLET = re.compile(r" {0,8}[•*] +(.*)")
_TAIL = ".,;:!?'’”)]}"


def render(source: str, source_format: str = TEXT) -> str:
    """Source in, cleaned HTML out. `text` shows markup as it was typed; `html` keeps what is safe."""
    source = plain(source)
    return clean_html(source if source_format == HTML else _paragraphs(source))


def _paragraphs(text: str) -> str:
    blocks = re.split(r"\n[ \t]*\n+", text.strip("\n"))
    return "\n".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    lines = block.split("\n")
    items = [match.group(1) for line in lines if (match := _BULLET.fullmatch(line))]
    if len(items) == len(lines):
        return "<ul>" + "".join(f"<li>{_link(item)}</li>" for item in items) + "</ul>"
    return "<p>" + "<br>\n".join(_link(line.strip(" \t")) for line in lines) + "</p>"


def _link(line: str) -> str:
    pieces, at = [], 0
    for match in _ADDRESS.finditer(line):
        address = _without_tail(match.group())
        if len(address) > _LONGEST_ADDRESS or not is_web_address(address):
            continue
        end = match.start() + len(address)
        pieces += [escape(line[at : match.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        at = end
    return "".join(pieces) + escape(line[at:])


def _without_tail(address: str) -> str:
    while address and address[-1] in _TAIL:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address
