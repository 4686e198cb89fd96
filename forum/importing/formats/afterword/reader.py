"""Reads and writes Afterword's own JSON, which carries every field of the records."""

import json
import re
from collections.abc import Iterable
from typing import Any, NoReturn, TextIO

from forum.importing.formats.afterword.schema import WrongValueError, to_plain, to_record
from forum.importing.records import (
    ArchivedArticle,
    DamagedError,
    Records,
    RefusedError,
    Remark,
    SkippedItem,
    Source,
)

NAME = "afterword"
VERSION = 1
MAX_BYTES = 50_000_000
_BEGIN = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"afterword"\s*:')
_LISTS: dict[str, type] = {"articles": ArchivedArticle, "skipped": SkippedItem, "remarks": Remark}


def recognises(head: bytes, name: str) -> bool:
    """Whether a file that begins with `head` says of itself that it is Afterword's; `name` is not asked."""
    return bool(_BEGIN.match(head))


def read(source: Source) -> Records:
    """Yields the articles of a file, then what was skipped, then the remarks.

    DamagedError for what is no JSON, with line and column. RefusedError for a file of more than 50 MB,
    another version, or a value that the format does not allow, with its place in the file.
    Format: docs/afterword-json.md.
    """
    content = _parsed(source)
    version = content.get("afterword")
    if version != VERSION or isinstance(version, bool):
        raise RefusedError(
            f"“{source.name}” is in version {version!r:.20} of Afterword's format; "
            f"version {VERSION} is what this one reads."
        )
    try:
        found = {name: _list_of(name, content) for name in _LISTS}
        _check_names(content)
        for number, article in enumerate(found["articles"]):
            _check_tree(article, f"articles[{number}]")
    except WrongValueError as error:
        raise RefusedError(f"“{source.name}” has a wrong value at {error}") from None
    for name in _LISTS:
        yield from found[name]


def write(records: Iterable[ArchivedArticle | SkippedItem | Remark], file: TextIO) -> None:
    """Writes records as one file that `read` gives back; articles go out as they come.

    `file` is open for text in UTF-8. The order is kept among articles, skipped items and remarks each.
    """
    others: dict[str, list[Any]] = {"skipped": [], "remarks": []}
    file.write(f'{{"afterword": {VERSION}, "articles": [')
    comma = "\n"
    for record in records:
        if isinstance(record, ArchivedArticle):
            file.write(comma + _json(to_plain(record)))
            comma = ",\n"
        else:
            others["skipped" if isinstance(record, SkippedItem) else "remarks"].append(to_plain(record))
    file.write("\n]")
    for name, items in others.items():
        file.write(f',\n"{name}": {_json(items)}')
    file.write("}\n")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _parsed(source: Source) -> dict[str, Any]:
    try:
        content = json.loads(source.read_bytes(MAX_BYTES).decode("utf-8-sig"), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise DamagedError(
            f"“{source.name}” is damaged at line {error.lineno}, column {error.colno}: {error.msg}."
        ) from None
    except UnicodeDecodeError as error:
        raise DamagedError(f"“{source.name}” is damaged at byte {error.start}: it is no UTF-8.") from None
    except RecursionError:
        raise DamagedError(f"“{source.name}” nests its values too deep.") from None
    except ValueError as error:
        raise DamagedError(f"“{source.name}” has a number that cannot be read: {error}.") from None
    if not isinstance(content, dict):
        raise DamagedError(f"“{source.name}” is no JSON object.")
    return content


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _list_of(name: str, content: dict[str, Any]) -> list[Any]:
    items = content.get(name, [])
    if not isinstance(items, list):
        raise WrongValueError(f"{name}: wanted is a list.")
    return [to_record(_LISTS[name], raw, f"{name}[{number}]") for number, raw in enumerate(items)]


def _check_names(content: dict[str, Any]) -> None:
    unknown = sorted(content.keys() - _LISTS.keys() - {"afterword"})
    if unknown:
        raise WrongValueError(f"{unknown[0][:60]}: wanted is no such field.")


def _check_tree(article: ArchivedArticle, place: str) -> None:
    """Keys are unique and parents stand before their replies, so that no thread can be broken."""
    seen: set[str] = set()
    for number, comment in enumerate(article.comments):
        if comment.key in seen:
            raise WrongValueError(f"{place}.comments[{number}].key: wanted is a key of its own.")
        if comment.parent_key is not None and comment.parent_key not in seen:
            raise WrongValueError(f"{place}.comments[{number}].parent_key: wanted is a comment above it.")
        seen.add(comment.key)
