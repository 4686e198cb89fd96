"""Rules as a table in a file: written for spreadsheets, and read from them or from a plain list of words."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from forum.moderation import policy_rules
from forum.moderation.matching_patterns import MOST_PATTERNS, RuleError
from forum.moderation.models_policy import Rule
from forum.moderation.policy import RULE_FIELDS, Values, fields_of
from forum.moderation.policy_rules import MOST_RULES
from forum.text.tidy import one_line

MOST_BYTES = 600_000
MOST_PATTERNS_READ = 2 * MOST_PATTERNS  # those that are off, too; looking at one takes a while
MOST_CARRIED = 900_000  # what a preview may send back, below Django's limit for all fields of a form
SEPARATORS = ",;\t"
YES, NO = {"yes", "y", "true", "1", "x", "on"}, {"no", "n", "false", "0", "", "off"}
# What a spreadsheet would calculate, also behind the apostrophes that guard it (OWASP, CSV injection).
_CALCULATED = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
# What Excel writes above the table to say how its cells are set apart.
_SEPARATOR = re.compile(rf'"?sep=([{SEPARATORS}])"?[{SEPARATORS}]*(?=[\r\n]|$)', re.IGNORECASE)
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class FileError(Exception):
    """A file that cannot be taken at all; the text is one sentence for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number there, and the fields of its rule or one sentence why it is none."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds; `encoding` is named when it was guessed, `is_list` is true for a list of words."""

    lines: list[Line]
    is_list: bool = False
    guessed: str = ""


def written(rules: Iterable[Rule]) -> str:
    """Rules as CSV; what a spreadsheet would calculate gets an apostrophe in front."""
    return _table(fields_of(rule) for rule in rules)


def table_of(lines: Iterable[Line]) -> str:
    """The good lines of a file as the same CSV, to be carried from the preview to the act."""
    return _table(line.fields for line in lines if not line.refused)


def read(file: BinaryIO, size: int) -> Sheet:
    """The rules in a file of so many bytes. Raises FileError with one sentence when it cannot be taken.

    Nothing is read of a file that is too large, and no more of one than as many lines as are taken.
    """
    if size > MOST_BYTES:
        raise FileError(_too_large())
    sheet = read_data(file.read(MOST_BYTES))
    if len(table_of(sheet.lines).encode()) > MOST_CARRIED:
        raise FileError(_too_large())
    return sheet


def read_data(data: bytes) -> Sheet:
    """As `read`, for what is in memory already."""
    text, guessed = _decoded(data)
    if _NO_TEXT.search(text):
        raise FileError(_("This is no file of text: save the table as CSV, and give that."))
    said = _SEPARATOR.match(text)
    # Its line stays as an empty one, so that all others keep their numbers.
    text = text[said.end() :] if said else text
    head = next((line for line in text.splitlines() if line.strip(f'{SEPARATORS} "')), "")
    if not head:
        raise FileError(_("This file is empty."))
    separator = said[1] if said else max(SEPARATORS, key=head.count)
    names = [name.strip().strip('"').lower() for name in head.split(separator)]
    while len(names) > 1 and not names[-1]:  # as spreadsheets end every line, where one has been longer
        names.pop()
    if "text" not in names and "kind" not in names and not any(mark in head for mark in SEPARATORS):
        return Sheet(_words(text), is_list=True, guessed=guessed)
    _check_names(names)
    return Sheet(_rows(text, separator, names), guessed=guessed)


def _too_large() -> str:
    said = {"limit": f"{MOST_BYTES // 1_000:,}"}
    return _("This file is larger than %(limit)s kilobytes; nothing was taken from it.") % said


def _decoded(data: bytes) -> tuple[str, str]:
    """The text of a file, and the name of its encoding where that is a guess."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ""
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        message = _("The letters of this file cannot be read: save it as UTF-8, and give it again.")
        raise FileError(message) from None


def _check_names(names: Sequence[str]) -> None:
    columns = ", ".join(RULE_FIELDS)
    unknown = [name for name in names if name not in RULE_FIELDS]
    if unknown or "kind" not in names and "text" not in names:
        said = {"columns": columns, "name": one_line(unknown[0] if unknown else "", 40)}
        raise FileError(
            _("The first line has to name the columns %(columns)s; “%(name)s” is none of them.") % said
        )
    if len(set(names)) < len(names):
        raise FileError(_("The first line names a column twice."))


def _words(text: str) -> list[Line]:
    """A list with one word or phrase on each line, each of which holds."""
    lines: list[Line] = []
    seen: dict[tuple, int] = {}
    for number, given in enumerate(text.splitlines(), start=1):
        if given.strip():
            _check_count(lines)
            values = _defaults() | {"text": one_line(given, MOST_BYTES)}
            lines.append(_line(number, values, given, seen))
    return lines


def _rows(text: str, separator: str, names: Sequence[str]) -> list[Line]:
    lines: list[Line] = []
    seen: dict[tuple, int] = {}
    patterns = 0
    for number, cells in _numbered(text, separator):
        if not any(cell.strip() for cell in cells):
            continue
        _check_count(lines)
        given = separator.join(cells)
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            lines.append(_refused(number, _("This line has more columns than the first one."), given))
            continue
        row = {name: _unguarded(cell).strip() for name, cell in zip(names, cells, strict=False)}
        try:
            values = _values(row)
            patterns += values["kind"] == Rule.Kind.PATTERN
            _check_patterns(values, patterns)
            lines.append(_line(number, values, given, seen))
        except RuleError as error:
            lines.append(_refused(number, str(error), given))
    return lines


def _numbered(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows behind the head, each with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins, is_head = 1, True
    try:
        for cells in reader:
            if not is_head:
                yield begins, cells
            is_head = is_head and not any(cell.strip() for cell in cells)
            begins = reader.line_num + 1
    except csv.Error:
        said = {"number": begins}
        message = _("Line %(number)s cannot be read: a quotation mark is open, or a cell is far too long.")
        raise FileError(message % said) from None


def _check_count(lines: Sequence[Line]) -> None:
    if len(lines) >= MOST_RULES:
        said = {"most": f"{MOST_RULES:,}"}
        raise FileError(_("This file has more than %(most)s lines; nothing was taken from it.") % said)


def _check_patterns(values: Values, patterns: int) -> None:
    """Before a pattern is made ready, which is what takes long."""
    if values["kind"] == Rule.Kind.PATTERN and patterns > MOST_PATTERNS_READ:
        said = {"most": MOST_PATTERNS_READ}
        raise RuleError(_("At most %(most)s patterns are taken from one file; this is one more.") % said)


def _line(number: int, values: Values, given: str, seen: dict[tuple, int]) -> Line:
    try:
        fields = policy_rules.said(values)
    except RuleError as error:
        return _refused(number, str(error), given)
    first = seen.setdefault(policy_rules.same(fields), number)
    if first != number:
        return _refused(number, _("Line %(number)s looks for the same.") % {"number": first}, given)
    return Line(number, fields, given=one_line(given, 120))


def _refused(number: int, why: str, given: str) -> Line:
    return Line(number, refused=why, given=one_line(given, 120))


def _defaults() -> dict[str, Any]:
    fields = {"kind": Rule.Kind.WORDS, "text": "", "number": None, "inside": False}
    return fields | {"effect": Rule.Effect.HOLD, "label": "", "language": "", "active": True}


def _values(row: dict[str, str]) -> dict[str, Any]:
    """The fields of a row. Raises RuleError with one sentence for a cell that says nothing we know."""
    values = _defaults()
    for name in ("kind", "effect"):
        if row.get(name):
            values[name] = row[name].lower()
    values["text"] = one_line(row.get("text", ""), MOST_BYTES)
    values["label"] = one_line(row.get("label", ""), 100)
    values["language"] = one_line(row.get("language", ""), 12)
    for name in ("inside", "active"):
        if name in row and (row[name] or name == "inside"):
            values[name] = _yes_or_no(name, row[name])
    if row.get("number"):
        if not re.fullmatch(r"\d{1,6}", row["number"], re.ASCII):
            raise RuleError(_("“%(cell)s” is no whole number.") % {"cell": one_line(row["number"], 40)})
        values["number"] = int(row["number"])
    return values


def _yes_or_no(name: str, cell: str) -> bool:
    if cell.lower() not in YES | NO:
        said = {"name": name, "cell": one_line(cell, 40)}
        raise RuleError(_("In the column %(name)s stands “%(cell)s”; it has to be yes or no.") % said)
    return cell.lower() in YES


def _table(rows: Iterable[Values]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(RULE_FIELDS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in RULE_FIELDS])
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return f"'{text}" if _CALCULATED.match(text) else text


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
