"""Blogs and their posts."""

from html import unescape

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
