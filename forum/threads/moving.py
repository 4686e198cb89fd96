"""Putting comments elsewhere: a branch under another comment, at the top, or under another article.

Nothing here decides whether it may be; `moderation` does. What stands below a comment is found by parents
alone, and the whole index of both articles is written anew, so that a fault in the index moves nobody.
"""

import datetime
from collections.abc import Collection, Sequence

from forum.articles.models import Article
from forum.threads import tree, writing
from forum.threads.models import Comment

AT_ONCE = 500


def branches(article_id: int, tops: Collection[int]) -> list[int]:
    """The numbers of some comments of an article and of everything below them, each once."""
    below: dict[int | None, list[int]] = {}
    for truth in tree.truths_of(article_id):
        below.setdefault(truth.parent_id, []).append(truth.id)
    found: dict[int, None] = {}
    waiting = list(tops)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found[number] = None
            waiting += below.get(number, [])
    return list(found)


def put(
    top: Comment,
    article: Article,
    parent: Comment | None,
    *,
    placed_at: datetime.datetime | None,
    certain: bool = True,
) -> list[int]:
    """Put a comment with everything below it under `parent`, or at the top of `article`.

    Call it under the locks of both articles, with rows that were read under them and a parent that does
    not stand below `top`. Order keys stay, so that siblings stand by time. Returns the numbers moved.
    """
    left, numbers = top.article_id, branches(top.article_id, [top.pk])
    _hand_over(numbers, article.pk)
    Comment.objects.filter(pk=top.pk).update(
        parent=parent,
        parent_certain=certain,
        placed_at=placed_at,
        # The rest of its place follows; these two must fit the parent at any time.
        tree_id=top.pk if parent is None else parent.tree_id,
        level=0 if parent is None else parent.level + 1,
    )
    for number in sorted({left, article.pk}):
        tree.renumber(number)
    writing.recount({left, article.pk})
    return numbers


def put_roots(source: Article, target: Article, roots: Collection[int] | None = None) -> list[int]:
    """Put whole threads of one article under another one, all of them or those with these roots.

    Call it under the locks of both. A thread is a tree of its own, so that its index stays as it is.
    Returns the numbers moved.
    """
    if roots is None:
        numbers = list(Comment.objects.filter(article=source).values_list("pk", flat=True))
    else:
        numbers = branches(source.pk, roots)
    _hand_over(numbers, target.pk)
    writing.recount([source.pk, target.pk])
    return numbers


def _hand_over(numbers: Sequence[int], article_id: int) -> None:
    for start in range(0, len(numbers), AT_ONCE):
        Comment.objects.filter(pk__in=numbers[start : start + AT_ONCE]).update(article=article_id)
