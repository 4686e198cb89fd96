"""What makes an archived thing the same thing again: keys, fingerprints and hashes of content."""

import hashlib
import json
import unicodedata
from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from forum.articles.paths import clean_path, original
from forum.importing.records import AS_WRITTEN, ArchivedArticle, ArchivedComment

_QUOTES = str.maketrans("‘’‚‛“”„‟«»", '\'\'\'\'""""""')

_ENCODER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Key:
    """A key and its scheme: the source's `id`, its `url`, or the fingerprint `fp1`."""

    key: str
    scheme: str


def host_of(url: str) -> str:
    """The host of an address in lower case and without `www.`, "" without one."""
    return without_www((urlsplit(original(url)).hostname or "").lower()) if url else ""


def blog_of(record: ArchivedArticle) -> str:
    """The blog that the keys of an article and its comments belong to, as it is stored."""
    return without_www(record.blog_id)[:100]


def without_www(name: str) -> str:
    """A host, or a blog that is named by one: with and without `www.` it is the same."""
    bare = name.removeprefix("www.")
    return bare if "." in bare else name


def spellings(name: str) -> list[str]:
    """How a host or blog may have been stored: earlier imports kept the `www.` of its address."""
    return [name, f"www.{name}"[:253]] if "." in name else [name]


SYSTEMS = {"wxr": "wordpress"}


def system_of(format_name: str) -> str:
    """The system that numbers the things of a format: what identifies them together with host and blog."""
    return SYSTEMS.get(format_name, format_name)


def article_key(record: ArchivedArticle) -> Key:
    """An article is the same when its source's id is; without one, when its address is, without query;
    without either, when title and text are."""
    if number := record.source_id or _number_in(record.url):
        return Key(f"id:{number}"[:500], "id")
    if record.url:
        path = clean_path(record.url)
        return Key(path if len(path) <= 500 else _digest(path), "url")
    return Key(_digest("article", folded(record.title), folded(record.body)[:2000]), "fp1")


def of_post(format_name: str, record: ArchivedArticle) -> bytes:
    """What is the same for all records of one post, however many files of a run hold it."""
    where = system_of(format_name), host_of(record.url), blog_of(record)
    return hashlib.blake2b(repr((*where, article_key(record).key)).encode(), digest_size=16).digest()


def _number_in(url: str) -> str:
    """The post's number in an address of WordPress's plain form, `/?p=4`."""
    query = parse_qs(urlsplit(original(url)).query) if url else {}
    numbers = query.get("p") or query.get("page_id") or [""]
    return numbers[0] if numbers[0].isdecimal() else ""


def comment_keys(article: Key, comments: list[ArchivedComment]) -> list[Key]:
    """The source's ids where it has them, else fingerprints fp1: article, folded text, author, minute
    and ordinal; never the depth.

    The ordinal counts equal comments of one article, so that two equal “Thanks!” both stay.
    """
    seen: Counter[str] = Counter()
    keys = []
    for comment in comments:
        if comment.has_id:
            keys.append(Key(f"id:{comment.key}"[:500], "id"))
            continue
        minute = comment.posted_at.strftime("%Y-%m-%dT%H:%M") if comment.posted_at else ""
        same = _digest(article.key, folded(comment.body), folded(comment.author_name), minute)
        keys.append(Key(_digest(same, str(seen[same])), "fp1"))
        seen[same] += 1
    return keys


def article_hash(record: ArchivedArticle) -> str:
    """A hash of what the source says of an article, without its comments."""
    when = record.published_at.isoformat() if record.published_at else ""
    return _digest(
        record.title,
        record.body,
        record.author_name,
        when,
        record.date_as_written,
        str(record.declared),
        record.state,
    )


def named_parent(record: ArchivedComment) -> Key | None:
    """The key of what a comment answers by its source's word, while its file does not hold it there."""
    named = record.hints.get(AS_WRITTEN)
    return Key(f"id:{named}"[:500], "id") if named and record.parent_key is None else None


def comment_hash(record: ArchivedComment, parent: Key | None) -> str:
    """A hash of what the source says of a comment, with what it answers."""
    when = record.posted_at.isoformat() if record.posted_at else record.posted_as_written
    said = (record.body, record.author_name, record.author_url, when, record.kind, record.state)
    return _digest(*said, parent.key if parent else "")


def placed_hash(name: str, body_source: str) -> str:
    """A hash of what we made of a thing (title or name, and text), to notice that it was changed here."""
    return _digest(name, body_source)


def folded(text: str) -> str:
    """Text as it is compared: compatible forms, case, quotation marks and white space made equal."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES).split())


def _digest(*parts: str) -> str:
    return hashlib.sha256(_ENCODER.encode(parts).encode()).hexdigest()
