"""Door: every room's tables in one list for Django."""

from forum.accounts.models import Author, AuthorKey, User
from forum.articles.models import Article, Blog
from forum.jobs.models import Job
from forum.mail.models import Letter
from forum.moderation.models import Case, Decision
from forum.site.models import SitePolicy
from forum.sources.models import ImportRun, LedgerLine, SourceItem, Witness
from forum.threads.models import Comment, Private

__all__ = [
    "Article",
    "Author",
    "AuthorKey",
    "Blog",
    "Case",
    "Comment",
    "Decision",
    "ImportRun",
    "Job",
    "LedgerLine",
    "Letter",
    "Private",
    "SitePolicy",
    "SourceItem",
    "User",
    "Witness",
]
