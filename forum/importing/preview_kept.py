"""The first articles of a large archive, kept by the worker that read it, so that a page can draw them.

They lie as JSON beside the kept files: whoever could write there could have no code run by that.
"""

import dataclasses
import datetime
import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from forum.importing.plan import Archive
from forum.importing.records import ArchivedArticle, ArchivedComment, Remark, SkippedItem
from forum.sources.models import ImportRun

MOST_ARTICLES = 50
MOST_BYTES = 8_000_000  # of JSON; the first article is kept however long it is


def keep(run: ImportRun, archive: Archive) -> None:
    """Keep the first articles of what was read for a run."""
    path = _path(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        for n, (name, record) in enumerate(archive.articles):
            line = json.dumps([name, dataclasses.asdict(record)], default=_date, ensure_ascii=False)
            size += len(line)
            if n and (n >= MOST_ARTICLES or size > MOST_BYTES):
                break
            file.write(line + "\n")
    Path(file.name).replace(path)


def kept(run: ImportRun) -> Archive | None:
    """What `keep` has kept for a run; None when there is nothing."""
    path = _path(run)
    if not path.is_file():
        return None
    with path.open(encoding="utf-8") as file:
        articles = [_article(*json.loads(line)) for line in file]
    return Archive(format=run.format, articles=articles)


def drop(run: ImportRun) -> None:
    """Let go of what was kept for a run."""
    _path(run).unlink(missing_ok=True)


def _path(run: ImportRun) -> Path:
    return Path(settings.IMPORT_DIR) / "previews" / f"{run.pk}.jsonl"


def _date(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _article(name: str, said: dict[str, Any]) -> tuple[str, ArchivedArticle]:
    made = {
        "published_at": _moment(said["published_at"]),
        "comments": [
            ArchivedComment(**{**comment, "posted_at": _moment(comment["posted_at"])})
            for comment in said["comments"]
        ],
        "remarks": [Remark(**remark) for remark in said["remarks"]],
        "skipped": [SkippedItem(**item) for item in said["skipped"]],
    }
    return name, ArchivedArticle(**{**said, **made})


def _moment(written: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(written) if written else None
