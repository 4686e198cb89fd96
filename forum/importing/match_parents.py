"""Where a reply goes whose file lacks what it answers: under what is stored, or where it stands already.

A part of an export, or the second page of a discussion, names parents that it does not hold. Such a reply
must not be torn off what it answers here.
"""

from collections.abc import Sequence

from django.db.models import QuerySet

from forum.importing import identity, match_known
from forum.importing.match_corrections import Elsewhere, bare_key
from forum.importing.plan_items import PlannedArticle, PlannedComment, StoredPlace
from forum.sources.models import SourceItem
from forum.threads.models import Comment


def stored_elsewhere(
    articles: Sequence[PlannedArticle], kept: QuerySet[SourceItem]
) -> dict[tuple[str, str], Comment]:
    """Stored comments that a reply or a correction names and its file lacks, by article's key and own key.

    The items of the comments have to be known; `kept` are the known comments of the blog.
    """
    named = [(planned, key) for planned in articles for key in _named(planned)]
    if not named:
        return {}
    keys = {key for _planned, key in named} | {match_known.key_within(*one) for one in named}
    items = match_known.by_key(kept, sorted(keys))
    rows = match_known.rows(item.number for item in items.values())
    found = {}
    for planned, key in named:
        for item in (items.get(key), items.get(match_known.key_within(planned, key))):
            row = rows.get(item.number) if item is not None else None
            if row is not None and match_known.is_in(row, planned):
                found[planned.key.key, key] = row
    return found


def find(articles: Sequence[PlannedArticle], elsewhere: Elsewhere) -> None:
    """Set the stored place of each reply that its file gives no parent, and the hash that goes with it.

    Under the stored comment that it names; else, when it is stored itself, where its row stands. What
    a correction has put in its place stays there.
    """
    torn = [(planned, c) for planned in articles for c in planned.comments if _is_torn(c)]
    if not torn:
        return
    rows = match_known.rows(c.item.number for _planned, c in torn if c.item is not None)
    here = {id(planned): _keys_in(planned) for planned, _comment in torn}
    kept: list[tuple[PlannedArticle, PlannedComment]] = []
    for planned, comment in torn:
        row = rows.get(comment.item.number) if comment.item is not None else None
        named = identity.named_parent(comment.said)
        above = elsewhere.get((planned.key.key, named.key)) if named else None
        comment.stored_place = None
        comment.content_hash = identity.comment_hash(comment.said, named)
        if named is not None and named.key in here[id(planned)]:
            continue  # its file holds both, and has opened a circle here
        if above is not None and not match_known.is_below(above, row):
            comment.stored_place = StoredPlace(above.pk, certain=True)
        elif row is not None and match_known.is_in(row, planned):
            comment.stored_place = StoredPlace(row.parent_id, row.parent_certain)
            if named is None and row.parent_id is not None:
                kept.append((planned, comment))
    _hash_with_stored_parents(kept)


def finds_parent(comment: PlannedComment, row: Comment) -> bool:
    """Whether a row that stands at the top for want of its parent can go under it now."""
    if row.parent_id is not None or row.parent_certain:
        return False
    place = comment.stored_place
    return comment.parent is not None or (place is not None and place.parent is not None)


def _named(planned: PlannedArticle) -> set[str]:
    """The keys that replies and corrections of an article name and its file lacks."""
    keys = {c.item.override.get("parent") for c in planned.comments if c.item and c.item.override}
    for comment in planned.comments:
        if comment.said_parent is None and (named := identity.named_parent(comment.said)):
            keys.add(named.key)
    keys -= {None, ""}
    return keys - _keys_in(planned) if keys else set()


def _is_torn(comment: PlannedComment) -> bool:
    """Whether a numbered comment stands at the top for want of its parent, and nobody has pinned it."""
    said = comment.said
    if comment.said_parent is not None or said.parent_certain or not said.has_id:
        return False
    return comment.item is None or "parent" not in comment.item.override


def _keys_in(planned: PlannedArticle) -> set[str]:
    return {bare_key(planned, comment.key.key) for comment in planned.comments}


def _hash_with_stored_parents(kept: Sequence[tuple[PlannedArticle, PlannedComment]]) -> None:
    """What only lacks its parent in this file says the same as the file that had it."""
    numbers = sorted({comment.stored_place.parent for _planned, comment in kept})
    items = SourceItem.objects.filter(number__in=numbers).values_list("number", "key", "key_scheme")
    keys = {number: identity.Key(key, scheme) for number, key, scheme in items} if numbers else {}
    for planned, comment in kept:
        above = keys.get(comment.stored_place.parent)
        if above is not None:
            parent = identity.Key(bare_key(planned, above.key), above.scheme)
            comment.content_hash = identity.comment_hash(comment.said, parent)
