"""Writing what runs leave behind: source items, witnesses and ledger lines, by the hundred in a statement.

An import writes one of each for every comment. Made by Django's bulk_create they take
longer than the comments themselves, most of it in preparing each field of each row.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from forum.sources.models import ImportRun, LedgerLine, SourceItem, Witness

PORTION = 5000


def keep_lines(run: int, lines: Sequence[tuple[Any, ...]]) -> None:
    """Ledger lines of a run: number, source item or None, source's id, outcome, code, excerpt."""
    columns = ("run", "n", "item", "source_id", "outcome", "code", "excerpt")
    _insert(LedgerLine, columns, [(run, *line) for line in lines])


def keep_witnesses(run: int, seen: Sequence[tuple[Any, ...]]) -> None:
    """What a run saw: source item, address, parent's key, confidence, hints. What it has kept already of an
    item stays as it is."""
    columns = ("run", "item", "address", "parent_key", "confidence", "hints", "raw", "repairs")
    rows = [(run, *saw[:-1], json.dumps(saw[-1]) if saw[-1] else "{}", "", "[]") for saw in seen]
    _insert(Witness, columns, rows)


def keep_items(items: Sequence[SourceItem]) -> None:
    """Store new source items and give them their primary keys; call it inside a transaction.

    Raises IntegrityError when one of them is there already.
    """
    fields = [field for field in SourceItem._meta.concrete_fields if field.name != "override"]
    for item, number in zip(items, _numbers(len(items)), strict=True):
        item.pk = number
    rows = [
        (*(getattr(item, field.attname) for field in fields), json.dumps(item.override)) for item in items
    ]
    _insert(SourceItem, [*(field.name for field in fields), "override"], rows, twice="")


def forget(numbers: Sequence[int], *, words: bool) -> None:
    """Forget what runs have kept of some comments that would bring back who wrote them, and with `words`
    what they said. Keys and hashes stay, so that a later run knows the comments."""
    of_comments = SourceItem.objects.filter(kind=SourceItem.Kind.COMMENT, number__in=numbers)
    items = dict(of_comments.values_list("pk", "key"))
    seen = Witness.objects.filter(item__in=items)
    seen.update(raw="", hints={}, repairs=[])
    if not words:
        return
    LedgerLine.objects.filter(item__in=items).update(excerpt="")
    ids = {key.removeprefix("id:") for key in items.values()}
    runs = ImportRun.objects.filter(pk__in=seen.values("run"))
    # What a run left out has no item, and its remarks name things by the source's number alone.
    LedgerLine.objects.filter(run__in=runs, item=None, source_id__in=ids).update(excerpt="")
    for run in runs:
        remarks = [one for one in run.counts.get("warnings", []) if one.get("source_id") in ids]
        for remark in remarks:
            remark["message"] = ""
        if remarks:
            ImportRun.objects.filter(pk=run.pk).update(counts=run.counts)


def _numbers(count: int) -> Sequence[int]:
    """Fresh primary keys of source items; on SQLite the transaction alone may write, so none is taken."""
    table = SourceItem._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sql, [table, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or [0])[0]
    return range(last + 1, last + count + 1)


def _insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    twice: str = "ON CONFLICT DO NOTHING",
) -> None:
    fields = [model._meta.get_field(name) for name in columns]
    quoted = connection.ops.quote_name
    into = f"{quoted(model._meta.db_table)} ({', '.join(quoted(field.column) for field in fields)})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), PORTION):
            portion = rows[start : start + PORTION]
            if connection.vendor == "postgresql":
                arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
                cursor.execute(
                    f"INSERT INTO {into} SELECT * FROM unnest({arrays}) {twice}",
                    [list(column) for column in zip(*portion, strict=True)],
                )
            else:
                marks = ", ".join(["%s"] * len(fields))
                cursor.executemany(f"INSERT INTO {into} VALUES ({marks}) {twice}", portion)
