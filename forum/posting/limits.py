"""What is too much or too late: double posts and closed discussions."""

import datetime

from django.db.models import Max
from django.utils import timezone

from forum.articles.models import Article
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from forum.threads.states import Origin
from forum.threads.writing import Draft

SAME_WITHIN = datetime.timedelta(minutes=10)


def is_closed(article: Article, policy: SitePolicy) -> bool:
    """Whether the discussion takes no replies: closed by site or article, by hand, or by the policy's age.

    The age counts from the last live comment, else from the import, never from the post's date.
    """
    if Mode.CLOSED in {article.mode, policy.mode}:
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
    return archived.aggregate(last=Max("received_at"))["last"]


def is_key_taken(form_key: str | None) -> bool:
    """Whether a form with this key has been sent and stored before."""
    return bool(form_key) and Comment.objects.filter(form_key=form_key).exists()


def already_sent(article: Article, parent_id: int | None, draft: Draft) -> Comment | None:
    """The comment that this draft has become already; call it under the discussion's lock.

    One comment is the same form key, or within ten minutes the same article, parent, name, text and
    client (address and browser).
    """
    if draft.form_key and (found := Comment.objects.filter(form_key=draft.form_key).first()):
        return found
    return Comment.objects.filter(
        article=article,
        parent_id=parent_id,
        name_shown=draft.name,
        body_source=draft.body,
        received_at__gte=timezone.now() - SAME_WITHIN,
        private__ip=draft.ip,
        private__user_agent=draft.user_agent,
    ).first()
