"""The decision behind a link of a letter: read by GET, made once, by whom the letter was for (figure M1)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from forum.accounts import links
from forum.accounts.models import User
from forum.moderation import decisions
from forum.moderation.letters_text import KIND, ON_HELD, ON_REPORTED
from forum.moderation.models import Act, Decision
from forum.threads.models import Comment

OFFERED = {*ON_HELD, *ON_REPORTED}


class NotForYouError(Exception):
    """The link was made for somebody else; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a genuine link offers: a decision on a comment, which stands in the version that the link saw."""

    act: Act
    comment: Comment
    link: links.Link


def read(token: str, user: User) -> Offer:
    """What a link offers to this very person. Changes nothing.

    Raises links.LinkError for what is no link any more, and NotForYouError.
    """
    link = links.read(KIND, token)
    if link.who != str(user.pk):
        raise NotForYouError(_("This link was made for somebody else. What waits is at the desk."))
    act, _dash, number = link.what.partition("-")
    comment = Comment.objects.filter(pk=number, version=link.version).select_related("article").first()
    if comment is None or act not in OFFERED:
        raise links.LinkError(
            _("This comment has changed, or somebody has decided on it, since the letter was written.")
        )
    return Offer(Act(act), comment, link)


def decide(token: str, user: User, grounds: decisions.Grounds = decisions.NO_GROUNDS) -> Decision:
    """Make the decision of a link, in one transaction with the note that it is used.

    Raises as `read` does, and decisions.NotPossibleError; nothing has happened then.
    """
    with transaction.atomic():
        offer = read(token, user)
        links.use(offer.link)
        version = int(offer.link.version)
        return decisions.decide(offer.act, offer.comment.pk, user, version=version, grounds=grounds)
