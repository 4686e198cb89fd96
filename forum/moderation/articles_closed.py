"""Whether a discussion takes replies and why not, for the desk that says so and for the reply that asks."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max, Min, TextChoices
from django.utils import timezone

from forum.articles.models import Article
from forum.site.models import TAKING_NO_REPLIES, SitePolicy
from forum.sources.models import ImportRun
from forum.threads.models import Comment
from forum.threads.states import Origin


class Cause(TextChoices):
    """What closes a discussion."""

    SITE = "site"
    MODE = "mode"
    HAND = "hand"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Closing:
    """One thing that closes a discussion; `since` is known of a hand and of an age."""

    cause: Cause
    since: datetime.datetime | None = None


def is_closed(article: Article, policy: SitePolicy) -> bool:
    """Whether the discussion takes no replies: closed by site or article, by hand, or by the policy's age.

    The age counts from the last live comment, else from the import, never from the post's date.
    """
    return next(closings(article, policy), None) is not None


def closings(article: Article, policy: SitePolicy) -> Iterator[Closing]:
    """Everything that closes the discussion now; each has to end before it takes replies again.

    Asks the database for the age alone, and only when that comes.
    """
    if policy.mode in TAKING_NO_REPLIES:
        yield Closing(Cause.SITE)
    if article.mode in TAKING_NO_REPLIES:
        yield Closing(Cause.MODE)
    now = timezone.now()
    if article.closed_at and article.closed_at <= now:
        yield Closing(Cause.HAND, article.closed_at)
    if not policy.close_after_days:
        return
    last = article.last_public_at or _imported_at(article)
    quiet = datetime.timedelta(days=policy.close_after_days)
    if last is not None and last < now - quiet:
        yield Closing(Cause.AGE, last + quiet)


def _imported_at(article: Article) -> datetime.datetime | None:
    archived = Comment.objects.filter(article=article, origin=Origin.ARCHIVE)
    last = archived.aggregate(last=Max("received_at"))["last"]
    if last is not None:
        return last
    return ImportRun.objects.filter(witnesses__item__article=article).aggregate(first=Min("started"))["first"]
