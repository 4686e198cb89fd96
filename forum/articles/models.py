"""Blogs and their posts."""

from html import unescape

from django.conf import settings
from django.db import models
from django.utils.encoding import iri_to_uri
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from forum.accounts.models import Author
from forum.site.models import Mode
from forum.text.excerpt import excerpt


class Blog(models.Model):
    """Where articles came from: a system (`wordpress`, `blogger`, `reading-view`) at a host."""

    system = models.CharField(max_length=30)
    host = models.CharField(max_length=253, blank=True)
    name = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "host"], name="blog_unique_system_host")]

    def __str__(self) -> str:
        return self.name or self.host


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, asked for in words."""

    def published(self) -> "ArticleQuerySet":
        """Articles that everybody may read."""
        return self.filter(state=Article.State.PUBLISHED)

    def newest_first(self) -> "ArticleQuerySet":
        """By date, undated ones last; the number settles equal dates."""
        return self.order_by(models.F("published_at").desc(nulls_last=True), "-pk")


class Article(models.Model):
    """A post with its stored path, which is never recomputed, and the counters of its discussion.

    `declared` is the number of comments that the source announced and `recovered` how many of them
    the last import found; both are of the archive and stay as they are when people reply or moderate.
    `held_count` and `spam_count` are the desk's, which adds up those of all articles.
    `discussion_version` rises with every write of the tree, `version` with every write of the post.
    `corrected_at` says that what stands here is a correction, which no import writes over; one that was
    `merged_into` another is hidden, and its path leads there.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LOADING = "loading", _("Loading")
        PUBLISHED = "published", _("Published")
        HIDDEN = "hidden", _("Hidden")

    class Precision(models.TextChoices):
        UNKNOWN = "unknown", _("Unknown")
        DAY = "day", _("Day")
        SECOND = "second", _("Second")

    blog = models.ForeignKey(Blog, on_delete=models.PROTECT, related_name="articles")
    path = models.CharField(max_length=500, unique=True)
    title = models.CharField(max_length=500)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, null=True, blank=True)
    author_name = models.CharField(max_length=100, blank=True)
    body_source = models.TextField(blank=True)
    source_format = models.CharField(max_length=10, default="text")
    body_html = models.TextField(blank=True)
    clean_version = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    date_as_written = models.CharField(max_length=100, blank=True)
    date_precision = models.CharField(max_length=10, choices=Precision, default=Precision.UNKNOWN)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    mode = models.CharField(max_length=20, choices=Mode, null=True, blank=True)  # noqa: DJ001
    closed_at = models.DateTimeField(null=True, blank=True)
    declared = models.PositiveIntegerField(null=True, blank=True)
    recovered = models.PositiveIntegerField(null=True, blank=True)
    disclosure = models.TextField(blank=True)
    notice = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    comment_count = models.PositiveIntegerField(default=0)
    root_count = models.PositiveIntegerField(default=0)
    held_count = models.PositiveIntegerField(default=0, db_index=True)
    spam_count = models.PositiveIntegerField(default=0, db_index=True)
    last_public_at = models.DateTimeField(null=True, blank=True)
    discussion_version = models.PositiveBigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    corrected_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "loading", "published", "hidden"]),
                name="article_state_in_list",
            ),
            models.CheckConstraint(
                condition=models.Q(path__startswith="/", path__endswith="/"), name="article_path_in_slashes"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(state="hidden"),
                name="article_merged_is_hidden",
            ),
        ]
        indexes = [models.Index(fields=["state", "-published_at", "-id"], name="article_by_date")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The stored path, percent-encoded where it has to be."""
        return iri_to_uri(self.path)

    @property
    def teaser(self) -> str:
        """The first words of the post."""
        return excerpt(unescape(strip_tags(self.body_html)), 220)


class ArticleRevision(models.Model):
    """What a post said: the first correction keeps the original as number 1, each adds what it made.

    `version` is the version of the article that said so.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    n = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    published_at = models.DateTimeField(null=True, blank=True)
    date_precision = models.CharField(max_length=10, choices=Article.Precision)
    body_source = models.TextField(blank=True)
    source_format = models.CharField(max_length=10)
    body_html = models.TextField(blank=True)
    clean_version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "n"], name="article_revision_unique_n")]

    def __str__(self) -> str:
        return f"{self.article_id}, revision {self.n}"


class ArticleAct(models.Model):
    """What somebody of the desk did to an article, appended and never edited.

    `other` is the second article that it is about, `comment` the number of the branch that was moved;
    `details` is what taking it back needs.
    """

    class Act(models.TextChoices):
        CORRECT = "correct", _("Corrected")
        HIDE = "hide", _("Hidden")
        SHOW = "show", _("Shown")
        CLOSE = "close", _("Closed")
        REOPEN = "reopen", _("Opened again")
        MERGE = "merge", _("Merged")
        MOVE = "move", _("Moved")
        SPLIT = "split", _("Split off")
        UNDO = "undo", _("Undone")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="acts")
    other = models.ForeignKey(Article, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.BigIntegerField(null=True, blank=True)
    act = models.CharField(max_length=10, choices=Act)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict, blank=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    act__in=["correct", "hide", "show", "close", "reopen", "merge", "move", "split", "undo"]
                ),
                name="article_act_in_list",
            ),
            models.CheckConstraint(
                condition=models.Q(act="undo", undoes__isnull=False)
                | (~models.Q(act="undo") & models.Q(undoes__isnull=True)),
                name="article_act_undo_names_what_it_undoes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.article_id}"
