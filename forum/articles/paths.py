"""Where an article stands: made once from what its source says, stored, never recomputed."""

import datetime
import re
from collections.abc import Container, Iterable
from urllib.parse import unquote, urlsplit

from forum.articles.models import Article

DATED = re.compile(r"/(\d{4})/(\d{1,2})/(\d{1,2})/([^/]+)/?")
# Wayback Machine: https://web.archive.org/web/20140102030405id_/http://example.org/
CAPTURE = re.compile(r"https?://web\.archive\.org/web/\d+[a-z_]*/(https?://.*)", re.IGNORECASE)
ENDING = re.compile(r"\.(?:html?|php|aspx?)$", re.IGNORECASE)
RESERVED = {
    *("accounts", "admin", "api", "comments", "feed", "healthz", "moderation", "search"),
    *("sitemap.xml", "static", "undated", "upkeep", "robots.txt"),
}
BELOW_ARTICLES = ("/reply/", "/feed/")
LONGEST = 480


def original(url: str) -> str:
    """The address that a web archive's address captures; any other address as it is."""
    match = CAPTURE.fullmatch(url)
    return match.group(1) if match else url


def clean_path(url: str) -> str:
    """The path of an address as it is compared and stored: decoded, no query, one slash at each end."""
    path = ENDING.sub("", unquote(urlsplit(original(url)).path).rstrip("/"))
    parts = [re.sub(r"[^\w.~-]+", "-", part).strip("-") for part in path.split("/")]
    kept = [part for part in parts if part.strip(".")]
    return "/" + "".join(f"{part}/" for part in kept)


def date_in(url: str) -> datetime.date | None:
    """The day in an address of the form `/YYYY/MM/DD/slug/`, None when there is none."""
    match = DATED.fullmatch(clean_path(url)) if url else None
    if match is None:
        return None
    try:
        return datetime.date(*(int(part) for part in match.groups()[:3]))
    except ValueError:
        return None


def slug_of(text: str) -> str:
    """A title as one part of a path."""
    slug = re.sub(r"[^\w]+", "-", text.lower()).strip("-_")
    return slug[:120].strip("-") or "untitled"


def wanted_path(url: str, day: datetime.date | None, title: str) -> str:
    """The path that an article should have: its own dated one, a dated one made from the day, the
    source's own for pages, or `/undated/slug/`."""
    path = clean_path(url) if url else "/"
    if date_in(url):
        return path[:LONGEST].rstrip("/") + "/"
    last = path.strip("/").rsplit("/", 1)[-1]
    if day is not None:
        return f"/{day:%Y/%m/%d}/{last or slug_of(title)}/"
    first = path.strip("/").split("/", 1)[0].lower()
    if first and first not in RESERVED:
        return path[:LONGEST].rstrip("/") + "/"
    return f"/undated/{last or slug_of(title)}/"


def free_path(wanted: str, taken: Container[str] = ()) -> str:
    """`wanted`, or with `-2`, `-3` … when another article has it, or an address below one ends so.

    `taken` are paths that are given away and not yet stored.
    """
    path, n = wanted, 1
    while path in taken or path.endswith(BELOW_ARTICLES) or Article.objects.filter(path=path).exists():
        n += 1
        path = f"{wanted.rstrip('/')}-{n}/"
    return path


def free_paths(wanted: Iterable[str]) -> list[str]:
    """A free path for each wanted one, all different, with one statement where none is taken."""
    wanted = list(wanted)
    stored = set(Article.objects.filter(path__in=wanted).values_list("path", flat=True))
    taken: set[str] = set()
    free = []
    for path in wanted:
        if path in stored or path in taken or path.endswith(BELOW_ARTICLES):
            path = free_path(path, taken)
        taken.add(path)
        free.append(path)
    return free
