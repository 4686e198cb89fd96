"""What was erased here, or has lost its name, comes back with no import: neither words nor name."""

from collections.abc import Iterable
from dataclasses import replace

from forum.accounts.models import AuthorKey
from forum.accounts.writing import HIDDEN, hidden_keys
from forum.importing import identity
from forum.importing.plan_items import PlannedArticle, PlannedComment
from forum.importing.records import AS_WRITTEN
from forum.moderation.models import Act, Decision

PORTION = 500  # what one statement asks for
NAMELESS = {"author_name": "", "author_url": "", "author_key": ""}
WORDLESS = NAMELESS | {"body": "", "address": "", "posted_as_written": ""}


def forget(articles: list[PlannedArticle]) -> None:
    """Take from planned comments what has been taken from their rows for good; their items have to be known.

    Nothing that is planned, shown or kept of them holds it afterwards, whatever the source says. Two
    statements, the first only where something is known already.
    """
    known = [c for planned in articles for c in planned.comments if c.item is not None and c.item.number]
    gone = _decided(comment.item.number for comment in known)
    people = _forgotten_people(articles)
    for planned in articles:
        for comment in planned.comments:
            acts = gone.get(comment.item.number, ()) if comment.item is not None else ()
            if Act.ERASE in acts:
                comment.is_erased = True
                _blank(comment, WORDLESS)
            elif Act.UNNAME in acts or (
                people and not people.isdisjoint(hidden_keys(comment.said.author_key))
            ):
                _blank(comment, NAMELESS)


def _blank(comment: PlannedComment, fields: dict[str, object]) -> None:
    # What it answers is no secret, and is needed to put it in its place.
    hints = {name: said for name, said in comment.said.hints.items() if name == AS_WRITTEN}
    comment.said = replace(comment.said, **fields, hints=hints)
    comment.record = replace(comment.record, **fields, hints=hints)


def _decided(numbers: Iterable[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    wanted = list(numbers)
    acts = Decision.objects.filter(act__in=(Act.ERASE, Act.UNNAME))
    for start in range(0, len(wanted), PORTION):
        rows = acts.filter(comment__in=wanted[start : start + PORTION])
        for number, act in rows.values_list("comment_id", "act"):
            found.setdefault(number, set()).add(act)
    return found


def _forgotten_people(articles: list[PlannedArticle]) -> set[str]:
    """The hidden keys of the people of this blog who are forgotten."""
    system, host, blog = articles[0].identity
    keys = AuthorKey.objects.filter(
        system=system, host__in=identity.spellings(host), blog__in=identity.spellings(blog)
    )
    return set(keys.filter(key__startswith=HIDDEN).values_list("key", flat=True))
