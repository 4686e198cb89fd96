"""Writing some articles, or portions of a large one: rows, witnesses and ledger lines together."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

from django.db import transaction

from forum.articles.models import Article, Blog
from forum.importing import (
    identity,
    load_articles,
    load_comments,
    load_emptied,
    load_ledger,
    match,
    report,
)
from forum.importing.match import Outcome, PlannedArticle, PlannedComment
from forum.sources.models import ImportRun
from forum.text.tidy import one_line
from forum.threads import tree

PORTION = 500  # rows of a transaction; one root thread is never divided


def write(batch: list[PlannedArticle], run: ImportRun, n: int, written: int, all_new: bool) -> int:
    """Articles with their comments and their ledger from line `n` on, but for those up to line `written`.

    All in one transaction, unless it is a single article with more than PORTION comments. `all_new` says
    that the items are new in all likelihood. Returns the number of the line after them.
    """
    after = n + sum(len(report.of_article(planned)) for planned in batch)
    if written >= after - 1:
        return after
    while len(batch) > 1 and written >= n + len(report.of_article(batch[0])) - 1:
        # The batches of the run that broke off may have been others than these.
        n += len(report.of_article(batch[0]))
        batch = batch[1:]
    if not all_new:
        match.match(batch)
    if len(batch) == 1 and len(batch[0].comments) > PORTION:
        _write_large(batch[0], run, n, written)
        return after
    _render([planned for planned in batch if not planned.is_left_out])
    with transaction.atomic():
        _lock_blogs(batch)
        match.match(batch)
        _write_rows([planned for planned in batch if not planned.is_left_out], run)
        load_ledger.write([e for planned in batch for e in report.of_article(planned)], run, n, written)
    return after


def _write_large(planned: PlannedArticle, run: ImportRun, n: int, written: int) -> None:
    """One article, root threads by root threads.

    A new one stays in state `loading`, unseen, until all its threads are there; on one that is read
    already each thread appears whole.
    """
    match.match([planned])
    load_comments.set_order_keys(planned.comments)
    parts = [replace(planned, comments=[]), *_portions(planned)]
    for part in parts:
        entries = part.comments if part.comments or planned.is_made_up else [part]
        after = n + len(entries)
        if entries and after - 1 > written:
            _write_part(part, entries, run, n, written, last=part is parts[-1])
            # The whole article is not to stay in memory with its HTML.
            for comment in part.comments:
                comment.html = None
        n = after


def _write_part(
    part: PlannedArticle, entries: Sequence[report.Entry], run: ImportRun, n: int, written: int, *, last: bool
) -> None:
    _render([] if part.is_left_out else [part])
    with transaction.atomic():
        _lock_blogs([part])
        match.match([part])
        if not part.is_left_out:
            _write_rows([part], run, part_of_one=True)
            if last:
                load_articles.publish(part)
        load_ledger.write(entries, run, n, written)


def _portions(planned: PlannedArticle) -> Iterator[PlannedArticle]:
    """Its whole root threads, about PORTION comments at a time."""
    portion: list[PlannedComment] = []
    thread: list[PlannedComment] = []
    for comment in planned.comments:
        if comment.parent is None and thread:
            if portion and len(portion) + len(thread) > PORTION:
                yield replace(planned, comments=portion)
                portion = []
            portion, thread = portion + thread, []
        thread.append(comment)
    if portion and len(portion) + len(thread) > PORTION:
        yield replace(planned, comments=portion)
        portion = []
    yield replace(planned, comments=portion + thread)


def _render(batch: list[PlannedArticle]) -> None:
    """Clean what will be written while nobody waits for a lock; what changes till then is cleaned there.

    Behind articles that were all new it is not asked beforehand what is: these will be new too.
    """
    for planned in batch:
        entries = [planned, *(c for c in planned.comments if c.record.state not in match.LEFT_OUT)]
        for entry in entries:
            if entry.outcome != Outcome.UNCHANGED and entry.code not in {"changed_here", "moved_here"}:
                load_articles.html_of(entry)


def _lock_blogs(batch: list[PlannedArticle]) -> None:
    """One after the other in a fixed order, so that two runs never wait for each other."""
    names: dict[tuple[str, str], str] = {}
    for planned in batch:
        key = planned.system, planned.host
        names[key] = names.get(key) or planned.record.site_name
    blogs = {key: _locked_blog(*key, names[key]) for key in sorted(names)}
    for planned in batch:
        planned.blog = blogs[planned.system, planned.host]


def _locked_blog(system: str, host: str, name: str) -> Blog:
    spelt = Blog.objects.select_for_update().filter(system=system, host__in=identity.spellings(host))
    blog = spelt.order_by("pk").first()
    if blog is None:
        Blog.objects.get_or_create(system=system, host=host)
        blog = spelt.order_by("pk")[0]
    if name and not blog.name:
        blog.name = one_line(name, 200)
        blog.save(update_fields=["name"])
    return blog


def _write_rows(batch: list[PlannedArticle], run: ImportRun, *, part_of_one: bool = False) -> None:
    stored = {planned.item.article_id for planned in batch if planned.item and planned.item.article_id}
    with ExitStack() as locks:
        for number in sorted(stored | load_emptied.articles(batch)):
            locks.enter_context(tree.locked(number))
        load_articles.place(batch, loading=part_of_one)
        if not part_of_one:
            for planned in batch:
                load_comments.set_order_keys(planned.comments)
        made: set[int] = {planned.row.pk for planned in batch} - stored
        comments = load_comments.write(batch, made)
        load_ledger.witness(batch, comments, run)
        if not part_of_one:
            # A run that broke off may have left it so.
            for planned in batch:
                if planned.row.state == Article.State.LOADING:
                    load_articles.publish(planned)
