"""Who wants to hear of what."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.accounts.models import Address
from forum.articles.models import Article
from forum.notifications.queries import SubscriptionManager
from forum.threads.models import Comment


class Subscription(models.Model):
    """An address that hears of new words: under an article, in a thread, or in reply to its owner.

    Nothing is sent before `confirmed_at` or after `ended_at`. `comment` is the root of the thread.
    """

    class Scope(models.TextChoices):
        ARTICLE = "article", _("Everything under the article")
        THREAD = "thread", _("This thread")
        REPLIES = "replies", _("Replies to me")

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day")

    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="subscriptions")
    scope = models.CharField(max_length=8, choices=Scope)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, blank=True)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, blank=True)
    pace = models.CharField(max_length=8, choices=Pace, default=Pace.AT_ONCE)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "article"],
                condition=models.Q(scope="article"),
                name="subscription_once_to_an_article",
            ),
            models.UniqueConstraint(
                fields=["address", "comment"],
                condition=models.Q(scope="thread"),
                name="subscription_once_to_a_thread",
            ),
            models.UniqueConstraint(
                fields=["address"],
                condition=models.Q(scope="replies"),
                name="subscription_once_to_replies",
            ),
            models.CheckConstraint(
                condition=models.Q(scope="article", article__isnull=False, comment__isnull=True)
                | models.Q(scope="thread", article__isnull=True, comment__isnull=False)
                | models.Q(scope="replies", article__isnull=True, comment__isnull=True),
                name="subscription_has_what_its_scope_says",
            ),
            models.CheckConstraint(
                condition=models.Q(pace__in=["at_once", "daily"]), name="subscription_pace_in_list"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_active(self) -> bool:
        """Whether letters are written for it."""
        return self.confirmed_at is not None and self.ended_at is None

    def fits(self, comment: Comment) -> bool:
        """Whether a comment is among what it is about; `parent__author` and `address__author` at hand."""
        match self.scope:
            case self.Scope.ARTICLE:
                return comment.article_id == self.article_id
            case self.Scope.THREAD:
                return comment.tree_id == self.comment_id
        answered = comment.parent.author if comment.parent else None
        if answered is None:
            return False
        author = self.address.author
        claimed = answered.claimed_by_id is not None and answered.claimed_by_id == author.user_id
        return claimed or answered.pk == author.pk

    @property
    def of(self) -> Article | None:
        """The article that it is about; None for replies wherever they are."""
        return self.comment.article if self.comment_id else self.article
