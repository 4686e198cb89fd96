"""Door: bring archives in from the command line."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.importing import files, keep, load, plan, report
from forum.importing.formats import FORMATS
from forum.importing.records import RefusedError


class Command(BaseCommand):
    """`manage.py import_archive PATH…`: exit 0 done, 1 refused or failed."""

    help = "Import archived posts with their comments; the same archive given again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """What the admin may say."""
        parser.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders of files")
        parser.add_argument("--format", default="", help=f"one of: {', '.join(FORMATS)}")
        parser.add_argument("--url", default="", help="the address that the post had")
        parser.add_argument("--date", default="", help="the day of the post, as 2012-10-31")
        parser.add_argument("--title", default="", help="the title of the post")
        parser.add_argument("--dry-run", action="store_true", help="count everything, write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
        parser.add_argument(
            "--accept-damaged", action="store_true", help="take what can be read of a damaged file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, plan, and unless it is a dry run, write."""
        try:
            given = files.checked(options["url"], options["date"], options["title"])
            found = files.sources(options["paths"], given, accept_damaged=options["accept_damaged"])
            self.stderr.write(f"Reading {_counted(len(found), 'file')} …")
            archive = plan.read_archive(found, options["format"])
        except RefusedError as error:
            raise CommandError(str(error)) from None
        if options["dry_run"]:
            counts = report.as_json(plan.make_plan(archive), None)
        else:
            run = load.start_run(
                archive,
                keep.keep_all(found),
                wanted_format=options["format"],
                accept_damaged=options["accept_damaged"],
            )
            try:
                counts = load.apply(archive, run, self._progress())
            except RefusedError as error:
                raise CommandError(str(error)) from None
        self.stdout.write(
            json.dumps(counts, ensure_ascii=False, indent=2) if options["json"] else told(counts)
        )

    def _progress(self) -> load.Progress:
        """Writes items, rate and time left to stderr, at most once a second."""
        began = wrote = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal wrote
            now = time.monotonic()
            if now - wrote < 1:
                return
            wrote = now
            rate = done / (now - began)
            left = round((total - done) / rate)
            self.stderr.write(f"{done:,} of {total:,} items, {rate:,.0f} a second, {left} s left")

        return tell


def told(counts: dict[str, Any]) -> str:
    """The report as sentences for a person."""
    lines = [
        f"{'Run ' + str(counts['run']) if counts['run'] else 'Dry run, nothing was written'}: "
        f"{_counted(counts['articles'], 'article')}, {_counted(counts['comments'], 'comment')}.",
        ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in report.OUTCOMES) + ".",
    ]
    if counts["declared_comments"] is not None:
        lines.append(f"{counts['declared_comments']} comments were declared.")
    lines += [f"{w['code']}: {w['message']} {w['source_id']}".rstrip() for w in counts["warnings"]]
    return "\n".join(lines)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
