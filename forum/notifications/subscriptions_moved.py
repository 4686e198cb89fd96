"""What becomes of subscriptions when the desk moves threads; called in the transaction of the act.

Nobody is asked anew and nobody loses what they follow: who follows a thread that becomes part of another
follows that one, who follows a thread from which a new one is split off follows both, and who follows an
article that is merged into another follows that one. An address that has a subscription there already
keeps both as they are: letters are written once for an address. What the first three return undoes them.
"""

from collections.abc import Iterable

from forum.notifications.models import Subscription

Scope = Subscription.Scope


def thread_joined(root: int, into: int) -> list[int]:
    """The thread of `root` has become part of the one of `into`."""
    rows = Subscription.objects.filter(scope=Scope.THREAD, comment=root, ended_at=None)
    there = Subscription.objects.filter(scope=Scope.THREAD, comment=into)
    numbers = list(rows.exclude(address__in=there.values("address")).values_list("pk", flat=True))
    Subscription.objects.filter(pk__in=numbers).update(comment=into)
    return numbers


def thread_split(root: int, branch: int) -> list[int]:
    """A branch of the thread of `root` has become a thread of its own."""
    there = Subscription.objects.filter(scope=Scope.THREAD, comment=branch)
    rows = Subscription.objects.filter(scope=Scope.THREAD, comment=root, ended_at=None)
    new = [
        Subscription(
            address_id=row.address_id,
            scope=Scope.THREAD,
            comment_id=branch,
            pace=row.pace,
            asked_at=row.asked_at,
            confirmed_at=row.confirmed_at,
            told_at=row.told_at,
        )
        for row in rows.exclude(address__in=there.values("address")).exclude(confirmed_at=None)
    ]
    Subscription.objects.bulk_create(new, ignore_conflicts=True)
    addresses = [one.address_id for one in new]
    return list(there.filter(address__in=addresses).values_list("pk", flat=True)) if new else []


def article_merged(article_id: int, into: int) -> list[int]:
    """All threads of an article stand under another one now."""
    rows = Subscription.objects.filter(scope=Scope.ARTICLE, article=article_id, ended_at=None)
    there = Subscription.objects.filter(scope=Scope.ARTICLE, article=into)
    numbers = list(rows.exclude(address__in=there.values("address")).values_list("pk", flat=True))
    Subscription.objects.filter(pk__in=numbers).update(article=into)
    return numbers


def thread_parted(numbers: Iterable[int], into: int, root: int) -> None:
    """Take `thread_joined` back for those that have stayed there."""
    back = Subscription.objects.filter(pk__in=list(numbers), comment=into)
    taken = Subscription.objects.filter(scope=Scope.THREAD, comment=root)
    back.exclude(address__in=list(taken.values_list("address", flat=True))).update(comment=root)


def thread_mended(numbers: Iterable[int], branch: int) -> None:
    """Take `thread_split` back: what it has made goes."""
    Subscription.objects.filter(pk__in=list(numbers), comment=branch).delete()


def article_parted(numbers: Iterable[int], into: int, article_id: int) -> None:
    """Take `article_merged` back for those that have stayed there."""
    back = Subscription.objects.filter(pk__in=list(numbers), article=into)
    taken = Subscription.objects.filter(scope=Scope.ARTICLE, article=article_id)
    back.exclude(address__in=list(taken.values_list("address", flat=True))).update(article=article_id)
