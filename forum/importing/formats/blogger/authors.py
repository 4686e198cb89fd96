"""Who wrote an entry: the name as shown, and an identity only where Blogger itself vouches for one."""

import re
from dataclasses import dataclass

from lxml import etree

from forum.importing.formats.blogger.entries import Entry, is_web

LONGEST_ADDRESS = 2000
_PROFILE = re.compile(r"https?://(?:www|draft|beta)\.blogger\.com/profile/(\d+)/?", re.IGNORECASE)
_GOOGLE = re.compile(r"https?://(?:plus|profiles)\.google\.com/(\d+)/?", re.IGNORECASE)
_EMAIL = re.compile(r"([\w.+-]+)@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
_BARE_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/?#:]\S*)?", re.IGNORECASE)
# What Blogger writes for a name where there is none, in the language of the blog (G5).
_NO_NAMES = {
    *("anonymous", "unknown", "blogger", "noreply-comment"),
    *("anonym", "anonyme", "anónimo", "anônimo", "anònim", "anonimo", "anoniem", "anonymní", "anonimowy"),
    *("anonyymi", "anonim", "névtelen", "adsız", "аноним", "анонимный", "анонімний", "ανώνυμος"),
    *("匿名", "익명", "unbekannt", "desconocido", "inconnu", "sconosciuto", "desconhecido", "onbekend"),
}


@dataclass(frozen=True, slots=True)
class Author:
    """`name` to show, `key` of the identity, `url`; `written` is the name that is not shown as one."""

    name: str = ""
    url: str = ""
    key: str = ""
    written: str = ""


def author_of(entry: Entry) -> Author:
    """The author of an entry or feed. The e-mail address is never read, as it must be in no record."""
    element = entry.first("atom:author")
    return Author() if element is None else _author(element)


def _author(element: etree._Element) -> Author:
    parts = Entry(element)
    name = " ".join(parts.text("atom:name").split())
    uri = parts.text("atom:uri")
    # An anonymous writer types the address, which may be the profile of somebody else.
    key = "" if parts.text("blogger:type").upper() == "ANONYMOUS" else _key(uri)
    if name.casefold() in _NO_NAMES:
        return Author("", _web_address(uri), key, name)
    return Author(_EMAIL.sub(r"\1", name), _web_address(uri), key)


def _key(uri: str) -> str:
    for start, form in (("profile", _PROFILE), ("google", _GOOGLE)):
        match = form.fullmatch(uri)
        if match:
            return f"{start}:{match[1]}"
    return ""


def _web_address(written: str) -> str:
    """An address as one of the web, "" for what is none or tells an e-mail address."""
    if len(written) > LONGEST_ADDRESS or _EMAIL.search(written):
        return ""
    if written.startswith("//"):
        return f"http:{written}"
    if _BARE_HOST.fullmatch(written):
        return f"http://{written}"
    return written if is_web(written) else ""
