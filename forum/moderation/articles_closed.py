"""Whether a discussion takes replies, for the desk that says so and for the reply that asks."""

import datetime

from django.db.models import Max, Min
from django.utils import timezone

from forum.articles.models import Article
from forum.site.models import TAKING_NO_REPLIES, SitePolicy
from forum.sources.models import ImportRun
from forum.threads.models import Comment
from forum.threads.states import Origin


def is_closed(article: Article, policy: SitePolicy) -> bool:
    """Whether the discussion takes no replies: closed by site or article, by hand, or by the policy's age.

    The age counts from the last live comment, else from the import, never from the post's date.
    """
    if TAKING_NO_REPLIES & {article.mode, policy.mode}:
        return True
    now = timezone.now()
    if article.closed_at and article.closed_at <= now:
        return True
    if not policy.close_after_days:
        return False
    last = article.last_public_at or _imported_at(article)
    return last is not None and last < now - datetime.timedelta(days=policy.close_after_days)


def _imported_at(article: Article) -> datetime.datetime | None:
    archived = Comment.objects.filter(article=article, origin=Origin.ARCHIVE)
    last = archived.aggregate(last=Max("received_at"))["last"]
    if last is not None:
        return last
    return ImportRun.objects.filter(witnesses__item__article=article).aggregate(first=Min("started"))["first"]
