"""Door: every room's tables in one list for Django."""

from forum.accounts.models import Address, Author, AuthorKey, Invitation, Mute, UsedLink, User
from forum.articles.models import Article, Blog
from forum.jobs.models import Job
from forum.mail.models import Letter
from forum.moderation.models import Case, Claim, Decision
from forum.notifications.models import Subscription
from forum.site.models import SitePolicy
from forum.sources.models import ImportRun, LedgerLine, SourceItem, Witness
from forum.threads.models import Comment, Private

__all__ = [
    "Address",
    "Article",
    "Author",
    "AuthorKey",
    "Blog",
    "Case",
    "Claim",
    "Comment",
    "Decision",
    "ImportRun",
    "Invitation",
    "Job",
    "LedgerLine",
    "Letter",
    "Mute",
    "Private",
    "SitePolicy",
    "SourceItem",
    "Subscription",
    "UsedLink",
    "User",
    "Witness",
]
