"""Small texts of our own in the shape that reading views have, and a way to read them."""

import datetime
from pathlib import Path

from forum.importing.formats.reading_view.reader import read
from forum.importing.records import ArchivedArticle, Given, Source


def read_text(
    folder: Path, text: str | bytes, title: str = "", url: str = "", date: datetime.date | None = None
) -> ArchivedArticle:
    """The one article that the reader makes of `text`."""
    path = folder / "page.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (article,) = read(Source(path, "page.txt", Given(url, date, title)))
    return article


def page(comments: str, heading: str = "3 thoughts on “Baking bread”", tail: str = "") -> str:
    """A page titled "Baking bread" with the given list of comments."""
    return f"Baking bread\n\nFlour and water.\n\nAnd patience.\n\n{heading}\n\n{comments}\n\n{tail}"


def shape(article: ArchivedArticle) -> list[tuple[str, str | None]]:
    """Keys and parents of all comments."""
    return [(comment.key, comment.parent_key) for comment in article.comments]


def codes(article: ArchivedArticle) -> list[str]:
    """The codes of all remarks."""
    return [remark.code for remark in article.remarks]
