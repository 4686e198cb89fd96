"""Cleaned HTML as the words that somebody reads."""

import re
from html import unescape

# Attributes keep their quotation marks when they are cleaned, and may hold signs of markup between them.
_REST = r"[^<>\"']*+(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*+)*+>"
_BLOCK = rf"</?(?:blockquote|br|h[1-6]|hr|li|ol|p|pre|ul)\b{_REST}\s*+"
_BREAK = re.compile(f"{_BLOCK}(?:{_BLOCK})*+")  # beginning with a plain sign, so that a search can jump to it
_TAG = re.compile(rf"</?[a-zA-Z]{_REST}")
_LINK = re.compile(rf"<a\b[^<>]*?\bhref=\"([^\"]*)\"{_REST}(.*?)</a>", re.DOTALL)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]", re.IGNORECASE)


def of_html(html: str) -> str:
    """Cleaned HTML in, its words out: blocks and breaks end a line, other tags are nothing.

    Addresses of links that show other words stand below, on lines of their own: in text that people type
    they are there, too.
    """
    if "<" not in html:
        return unescape(html)
    lines = [_TAG.sub("", _BREAK.sub("\n", html)).strip()]
    if "<a" in html:
        lines += [address for address, shown in _LINK.findall(html) if not _ADDRESS.search(shown)]
    return unescape("\n".join(lines))
