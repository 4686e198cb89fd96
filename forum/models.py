"""Door: every room's tables in one list for Django."""

from forum.accounts.models import Address, Author, AuthorKey, Invitation, Mute, UsedLink, User
from forum.articles.models import Article, ArticleAct, ArticleRevision, Blog
from forum.jobs.models import Job
from forum.mail.models import Letter
from forum.moderation.models import Batch, Case, Claim, Decision, Lease, RuleHit
from forum.moderation.models_people import Ban, CannedReply, DeskLetters, Note, Reason
from forum.moderation.models_policy import PolicyChange, Rehearsal, Rule, SpamModel
from forum.moderation.models_requests import Appeal, Report, TakeDown
from forum.notifications.models import Subscription
from forum.site.models import SitePolicy
from forum.sources.models import ImportRun, LedgerLine, SourceItem, Witness
from forum.threads.models import Comment, Private, Revision

__all__ = [
    "Address",
    "Appeal",
    "Article",
    "ArticleAct",
    "ArticleRevision",
    "Author",
    "AuthorKey",
    "Ban",
    "Batch",
    "Blog",
    "CannedReply",
    "Case",
    "Claim",
    "Comment",
    "Decision",
    "DeskLetters",
    "ImportRun",
    "Invitation",
    "Job",
    "Lease",
    "LedgerLine",
    "Letter",
    "Mute",
    "Note",
    "PolicyChange",
    "Private",
    "Reason",
    "Rehearsal",
    "Report",
    "Revision",
    "Rule",
    "RuleHit",
    "SitePolicy",
    "SourceItem",
    "SpamModel",
    "Subscription",
    "TakeDown",
    "UsedLink",
    "User",
    "Witness",
]
