"""`manage.py check_threads [--repair]`: is every discussion's tree sound? Exit 0 if so, 1 if not."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from forum.threads import check


class Command(BaseCommand):
    """Says what is wrong with any discussion, one sentence a fault, and mends it when asked to."""

    help = "Checks the comment tree and the counters of every article; with --repair, mends them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--repair."""
        parser.add_argument("--repair", action="store_true", help="mend what is wrong")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        """Go through the articles one at a time, so that memory does not grow with the site."""
        articles = found = left = 0
        for article_id in check.article_ids():
            faults, remaining = self._visit(article_id, repair)
            articles, found, left = articles + 1, found + len(faults), left + len(remaining)
        self.stdout.write(_summary(articles, found, left, repair))
        if left:
            sys.exit(1)

    def _visit(self, article_id: int, repair: bool) -> tuple[list[check.Fault], list[check.Fault]]:
        if repair:
            outcome = check.repair(article_id)
            faults, left = outcome.found, outcome.left
        else:
            faults = left = check.examine(article_id)
        for fault in faults:
            self.stdout.write(str(fault))
        return faults, left


def _summary(articles: int, found: int, left: int, repair: bool) -> str:
    looked = f"Looked at {_counted(articles, 'article')}"
    if not found:
        return f"{looked}: every discussion is sound."
    if not repair:
        return f"{looked}: found {_counted(found, 'fault')}. Run again with --repair to mend them."
    if left:
        return f"{looked}: found {_counted(found, 'fault')}, and {left} could not be mended."
    return f"{looked}: found {_counted(found, 'fault')} and mended all of them."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
