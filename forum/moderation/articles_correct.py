"""Correcting title, date and text of an article: what it said before is kept, and nobody is overwritten."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts.models import User
from forum.articles.models import Article, ArticleAct, ArticleRevision
from forum.moderation import articles
from forum.moderation.articles import Act, RefusedError
from forum.text import clean
from forum.text.render import render
from forum.threads import tree

SAID = (
    *("title", "published_at", "date_precision"),
    *("body_source", "source_format", "body_html", "clean_version"),
)


class StaleError(Exception):
    """Somebody else has changed the article since the form was opened."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What an article is to say."""

    title: str
    published_at: datetime.datetime | None
    date_precision: str
    body: str


def correct(
    article_id: int, correction: Correction, actor: User, *, version: int, reason: str = ""
) -> ArticleAct:
    """Write another title, date and text; `version` is the article's version that the actor saw.

    The original stays as the first revision. The text is cleaned like every other one, and no later
    import writes over it. Raises Article.DoesNotExist, StaleError, and RefusedError with one sentence.
    """
    with tree.locked(article_id) as article:
        articles.check_may_be_changed(article)
        if article.version != version:
            raise StaleError
        wanted = _said_by(article, correction)
        if all(getattr(article, name) == value for name, value in wanted.items()):
            raise RefusedError(_("Nothing is different from what stands there already."))
        if article.state == Article.State.PUBLISHED and correction.published_at is None:
            raise RefusedError(_("A public article needs a date; hide it first to leave the date open."))
        before = _keep_original(article)
        was_corrected = articles.stamp(article.corrected_at)
        after = write(article, wanted, actor, corrected_at=timezone.now())
        changed = [name for name in ("title", "published_at", "body_source") if _differs(name, before, after)]
        return articles.log(
            article,
            Act.CORRECT,
            actor,
            reason,
            before=before.n,
            after=after.n,
            was_corrected=was_corrected,
            changed=changed,
        )


def write(
    article: Article,
    said: dict[str, object],
    actor: User | None,
    *,
    corrected_at: datetime.datetime | None,
) -> ArticleRevision:
    """Write what an article says and keep it as a revision; call it under the article's lock."""
    for name, value in said.items():
        setattr(article, name, value)
    article.version += 1
    article.corrected_at = corrected_at
    article.save(update_fields=[*said, "version", "corrected_at"])
    return _keep(article, actor)


def said_in(revision: ArticleRevision) -> dict[str, object]:
    """What a revision says, by the names of the article's columns."""
    return {name: getattr(revision, name) for name in SAID}


def seen_at(article: Article, version: int) -> ArticleRevision | None:
    """What an article said at one of its versions, where that is known."""
    return article.revisions.filter(version=version).first()


def _said_by(article: Article, correction: Correction) -> dict[str, object]:
    wanted: dict[str, object] = {
        "title": correction.title,
        "published_at": correction.published_at,
        "date_precision": correction.date_precision,
        "body_source": correction.body,
    }
    if correction.body != article.body_source:
        wanted["body_html"] = render(correction.body, article.source_format)
        wanted["clean_version"] = clean.VERSION
    return wanted


def _keep_original(article: Article) -> ArticleRevision:
    """What stands now as a revision; the one that is there when nobody has changed the article since."""
    last = article.revisions.order_by("-n").first()
    if last is not None and last.version == article.version:
        return last
    return _keep(article, None)


def _keep(article: Article, by: User | None) -> ArticleRevision:
    last = article.revisions.order_by("-n").values_list("n", flat=True).first() or 0
    said = {name: getattr(article, name) for name in SAID}
    version, now = article.version, timezone.now()
    return ArticleRevision.objects.create(article=article, n=last + 1, version=version, by=by, at=now, **said)


def _differs(name: str, before: ArticleRevision, after: ArticleRevision) -> bool:
    return getattr(before, name) != getattr(after, name)
