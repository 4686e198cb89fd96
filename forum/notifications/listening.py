"""Who hears of comments at once: the subscriptions that many comments fit, found together."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

from django.db.models import Q

from forum.accounts.models import Author, Mute
from forum.notifications.models import Subscription
from forum.threads.models import Comment
from forum.threads.queries import person_of

Scope = Subscription.Scope


class Hearing:
    """The subscriptions that some comments fit, and who has muted whom."""

    def __init__(self, found: Sequence[Subscription], mutes: Sequence[Mute]) -> None:
        self._found: dict[Hashable, list[Subscription]] = defaultdict(list)
        for one in found:
            for key in _keys_of(one):
                self._found[key].append(one)
        self._mutes = {(mute.owner_id, mute.author_id) for mute in mutes}
        self._mutes_accounts = {(mute.owner_id, mute.author.user_id) for mute in mutes}

    def of(self, comment: Comment, parent: Comment | None) -> list[list[Subscription]]:
        """The subscriptions that a comment fits and that are told at once, one list for each address.

        Without those of the comment's author, and of accounts that have muted its author. `parent` only
        when everybody may read it.
        """
        fit: dict[int, list[Subscription]] = {}
        for one in sorted(self._fitting(comment, parent), key=lambda one: one.pk):
            if one.pace == Subscription.Pace.AT_ONCE and self._is_told(one, comment):
                fit.setdefault(one.address_id, []).append(one)
        return list(fit.values())

    def of_its_author(self, comment: Comment) -> list[Subscription]:
        """The wishes of a comment's author to hear of answers, at whatever pace."""
        if comment.author_id is None:
            return []
        return [one for one in self._found[Scope.REPLIES, comment.author_id] if one.scope == Scope.REPLIES]

    def _fitting(self, comment: Comment, parent: Comment | None) -> Iterator[Subscription]:
        yield from self._found[Scope.ARTICLE, comment.article_id]
        yield from self._found[Scope.THREAD, comment.tree_id]
        answered = parent.author if parent is not None else None
        if answered is None:
            return
        mine = {one.pk: one for one in self._found[Scope.REPLIES, answered.pk]}
        if answered.claimed_by_id is not None:
            mine |= {one.pk: one for one in self._found["account", answered.claimed_by_id]}
        yield from mine.values()

    def _is_told(self, one: Subscription, comment: Comment) -> bool:
        """As on pages (`threads.reading`), somebody who signed with another name is not given away by the
        muting, and a muted account is muted as the archived person, too, that it has been."""
        writer, listener = comment.author, one.address.author
        if writer is not None and listener.pk == writer.pk:
            return False
        if comment.public_at is not None and one.confirmed_at > comment.public_at:
            return False
        if person_of(comment) is None or listener.user_id is None:
            return True
        if (listener.user_id, writer.pk) in self._mutes:
            return False
        claimed_by = writer.claimed_by_id
        return claimed_by is None or (listener.user_id, claimed_by) not in self._mutes_accounts


def to(comments: Sequence[Comment]) -> Hearing:
    """Who may hear of comments, in two statements; `author` and `parent__author` at hand."""
    if not comments:
        return Hearing([], [])
    answered = [c.parent.author for c in comments if c.parent is not None and c.parent.author is not None]
    authors = {a.pk for a in answered} | {c.author_id for c in comments if c.author_id is not None}
    fits = Q(scope=Scope.ARTICLE, article__in={comment.article_id for comment in comments})
    fits |= Q(scope=Scope.THREAD, comment__in={comment.tree_id for comment in comments})
    fits |= Q(scope=Scope.REPLIES, address__author__in=authors)
    if claimed := {author.claimed_by_id for author in answered if author.claimed_by_id is not None}:
        fits |= Q(scope=Scope.REPLIES, address__author__user__in=claimed)
    found = list(Subscription.objects.active().filter(fits).select_related("address__author"))
    accounts = {one.address.author.user_id for one in found} - {None}
    writers = [comment.author for comment in comments if comment.author is not None]
    return Hearing(found, list(_mutes(accounts, writers)) if accounts else [])


def _mutes(accounts: set[int], writers: Sequence[Author]) -> Sequence[Mute]:
    whom = Q(author__in={writer.pk for writer in writers})
    whom |= Q(author__user__in={w.claimed_by_id for w in writers if w.claimed_by_id is not None})
    return Mute.objects.filter(whom, owner__in=accounts).select_related("author")


def _keys_of(one: Subscription) -> Iterator[Hashable]:
    match one.scope:
        case Scope.ARTICLE:
            yield Scope.ARTICLE, one.article_id
        case Scope.THREAD:
            yield Scope.THREAD, one.comment_id
        case _:
            author = one.address.author
            yield Scope.REPLIES, author.pk
            if author.user_id is not None:
                yield "account", author.user_id
