"""Comments: the tree's truth (parent and order), its index (lft, rght, level, tree), text and state."""

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from mptt.models import MPTTModel, TreeForeignKey

from forum.accounts.models import Author
from forum.articles.models import Article
from forum.threads.queries import CommentManager
from forum.threads.states import Kind, Origin, State

FIRST_NUMBER = 10_000_000  # WordPress's numbers lie below it and Blogger's above


class Comment(MPTTModel):
    """One contribution to the discussion of an article, or a placeholder for a lost one.

    `parent` and `order_key` are the truth of the tree. `lft`, `rght`, `level`, `tree_id` and
    `root_key` are an index over them that threads/tree.py alone writes: `tree_id` is the root's own
    number and `root_key` the root's order key. `own_key` is what the author's cookie holds,
    `form_key` what the form held. `posted_at` is null when unknown, `public_at` for archived words.
    A root with `closed_at` takes no replies in its whole thread. `risk` says how much the rules that
    held it want it looked at first. `urgent` says that somebody may be in danger: WORDS when the rules
    found the language of crisis in what its author wrote, REPORTED when a reader fears for them and nobody
    has looked yet, their sum for both.
    `held_at` is since when it waits, or waited last; null when it was never held. threads/writing.py sets it.
    `placed_at` is when a moderator put it where it stands: from then on no import moves it.
    """

    WORDS, REPORTED = 1, 2

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments")
    parent = TreeForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    lft = models.PositiveIntegerField(default=1, editable=False)
    rght = models.PositiveIntegerField(default=2, editable=False)
    level = models.PositiveIntegerField(default=0, editable=False)
    tree_id = models.BigIntegerField(default=0, editable=False)
    order_key = models.BigIntegerField(default=0, editable=False)
    root_key = models.BigIntegerField(default=0, editable=False)
    parent_certain = models.BooleanField(default=True)
    placed_at = models.DateTimeField(null=True, blank=True, editable=False)

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.COMMENT)
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    version = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.LIVE)

    author = models.ForeignKey(Author, on_delete=models.PROTECT, null=True, blank=True)
    name_shown = models.CharField(max_length=100, blank=True)
    by_blog_author = models.BooleanField(default=False)
    staff_badge = models.BooleanField(default=False)

    body_source = models.TextField(blank=True)
    source_format = models.CharField(max_length=10, default="text")
    body_html = models.TextField(blank=True)
    clean_version = models.PositiveIntegerField(default=0)

    posted_at = models.DateTimeField(null=True, blank=True)
    posted_as_written = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    public_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    risk = models.PositiveSmallIntegerField(default=0)
    urgent = models.PositiveSmallIntegerField(default=0)
    erased_at = models.DateTimeField(null=True, blank=True)
    own_key = models.CharField(max_length=22, null=True, unique=True, editable=False)  # noqa: DJ001
    form_key = models.CharField(max_length=32, null=True, unique=True, editable=False)  # noqa: DJ001

    objects = CommentManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values, state__in=State.values, origin__in=Origin.values),
                name="comment_kind_state_origin_in_list",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(body_source="", body_html=""),
                name="comment_erased_has_no_text",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True, level=0, tree_id=models.F("id"))
                | models.Q(parent__isnull=False, level__gt=0),
                name="comment_root_is_its_own_tree",
            ),
        ]
        indexes = [
            models.Index(fields=["article", "root_key", "tree_id", "lft"], name="comment_reading_order"),
            models.Index(fields=["held_at", "id"], name="comment_queue", condition=models.Q(state="held")),
            models.Index(
                fields=["-urgent", "held_at", "id"],
                name="comment_queue_oldest",
                condition=models.Q(state="held"),
            ),
            models.Index(
                fields=["-urgent", "-held_at", "-id"],
                name="comment_queue_newest",
                condition=models.Q(state="held"),
            ),
            models.Index(
                fields=["-urgent", "-risk", "held_at", "id"],
                name="comment_queue_risky",
                condition=models.Q(state="held"),
            ),
            models.Index(
                fields=["article", "held_at", "id"],
                name="comment_held_in_article",
                condition=models.Q(state="held"),
            ),
            models.Index(fields=["received_at", "id"], name="comment_spam", condition=models.Q(state="spam")),
            models.Index(
                fields=["public_at", "id"], name="comment_news", condition=models.Q(state="visible")
            ),
            models.Index(
                fields=["author", "state"],
                name="comment_record_of_author",
                condition=models.Q(author__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def is_gone(self) -> bool:
        """Whether there is nothing to read here for anybody but staff and, in some states, its author."""
        return self.state != State.VISIBLE or self.kind == Kind.PLACEHOLDER or self.erased_at is not None

    @property
    def waits_since(self) -> datetime.datetime:
        """Since when it waits if it is held, or waited last; its arrival when nobody has said."""
        return self.held_at or self.received_at

    @property
    def shows_help(self) -> bool:
        """Whether its author reads help lines: for their own words, never for what others say of them."""
        return bool(self.urgent & self.WORDS)

    @property
    def is_archived(self) -> bool:
        """Whether these words come from the archive and not from this site."""
        return self.origin == Origin.ARCHIVE


class Private(models.Model):
    """What is never shown: the only place that keeps e-mail and network address; purged when due."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="private")
    email = models.EmailField(_("e-mail"), blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    purge_after = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"private part of {self.comment_id}"


class Revision(models.Model):
    """A text that a comment has had, from the first change on; number 1 is what its author sent."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Refused")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    n = models.PositiveIntegerField()
    body_source = models.TextField(blank=True)
    source_format = models.CharField(max_length=10, default="text")
    body_html = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "n"], name="revision_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "published", "refused"]),
                name="revision_state_in_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.n}"
