"""Telling authors by mail what was decided about their words; called in the transaction of the decision.

Only addresses that somebody has proved: one that was merely typed may be a stranger's, and a stranger must
not read that a reply about an illness was refused. The letter holds no word, name or title of the comment.
Its link lets whoever opens it see the page on which the comment's standing is told.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum.accounts import addresses, links
from forum.accounts.models import Author, User
from forum.mail import writing as mail
from forum.mail.writing import Draft
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.states import Origin
from forum.web.address import full_address

KIND = "status"
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Told:
    """A decision as its comment's author hears of it: what was done in one sentence, "" for what is not told.

    `reason` and `actor` are the decision's; whoever decided about their own words needs no letter.
    `may_object` says that it can be objected to.
    """

    comment: int
    decision: int
    said: str
    reason: str
    actor: int | None
    may_object: bool = False


def about(number: int) -> str:
    """What letters about the standing of a comment are filed under."""
    return f"status-{number}"


def all_decided(made: Sequence[Told]) -> None:
    """Take back what tells of earlier decisions on these comments, and tell their authors of the new ones.

    Nothing leaves within the undo window. The number of statements does not depend on how many they are.
    """
    for start in range(0, len(made), AT_A_TIME):
        some = made[start : start + AT_A_TIME]
        mail.cancel_all([about(one.comment) for one in some])
        if told := {one.comment: one for one in some if one.said}:
            mail.write_all(_drafts(told), not_before=timezone.now() + settings.UNDO_WINDOW)


def erased(comment: Comment, decision: int, author: Author | None, actor: User) -> None:
    """Tell who wrote words here that they have been erased; call it when they are gone, and `author` from
    them. Archived words tell nobody."""
    if author is None or comment.origin != Origin.LIVE:
        return
    email, account = addresses.reach_of([author.pk]).get(author.pk, ("", None))
    if email and account != actor.pk:
        said = str(_("It has been erased after a request, and nothing of it is left."))
        told = Told(comment.pk, decision, said, "", actor.pk)
        mail.write_all([_letter(comment, told, email, SitePolicy.objects.current())])


def token_of(comment: Comment, decision: int) -> str:
    """The token of the link in a letter about a decision on a comment: for its author, once."""
    return links.make(
        KIND, what=comment.pk, who=comment.author_id, version=f"{decision}.{_print_of(comment)}"
    )


def comment_of(number: int) -> Comment | None:
    """The comment that a link names, for whoever holds the link: nothing of it may be shown by that alone."""
    return Comment.objects.filter(pk=number).only("author", "own_key", "article").first()


def fits(link: links.Link, comment: Comment) -> bool:
    """Whether a link was made for this comment, its author and the key that the author's browser keeps."""
    known = (str(comment.pk), str(comment.author_id), _print_of(comment))
    return bool(comment.own_key) and known == (link.what, link.who, link.version.rpartition(".")[2])


def _drafts(told: dict[int, Told]) -> list[Draft]:
    comments = Comment.objects.filter(pk__in=told, erased_at=None).select_related("author")
    rows = list(comments.exclude(author=None).only("author", "received_at", "own_key", "erased_at"))
    reach = addresses.reach_of({row.author_id for row in rows})
    site = SitePolicy.objects.current()
    return [
        _letter(row, told[row.pk], reach[row.author_id][0], site)
        for row in rows
        if row.author_id in reach and reach[row.author_id][1] != (told[row.pk].actor or 0)
    ]


def _letter(comment: Comment, one: Told, email: str, policy: SitePolicy) -> Draft:
    site, day = policy.name, date_format(timezone.localtime(comment.received_at, policy.zone), "j F Y")
    link = reverse("comment_status", args=[comment.pk])
    if comment.own_key:
        link = reverse("status_link", args=[token_of(comment, one.decision)])
    more = _("This page says more; the link is good for seven days:")
    if one.may_object:
        more = _("This page says more, and there you can object once; the link is good for seven days:")
    parts = [
        _("There is a decision about what you wrote at %(site)s on %(day)s.") % {"site": site, "day": day},
        one.said,
        *([_("The reason that was given:") + f"\n{one.reason}"] if one.reason else []),
        more,
        full_address(link),
    ]
    if comment.erased_at is None:
        parts.append(_("In the browser that you wrote with you find the same under your words, at any time."))
    subject = _("A decision about what you wrote at %(site)s") % {"site": site}
    key = f"status-{comment.pk}-{one.decision}"
    return Draft(key, email, subject, "\n\n".join(map(str, parts)), about=about(comment.pk))


def _print_of(comment: Comment) -> str:
    return hashlib.sha256(f"status:{comment.own_key}".encode()).hexdigest()[:32]
