"""What is too much or not wanted: double posts, banned people."""

import datetime
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum.accounts.models import Author
from forum.accounts.viewer import Viewer
from forum.articles.models import Article
from forum.moderation import bans, bans_against
from forum.moderation.models_people import Ban
from forum.site.models import SitePolicy
from forum.threads.models import Comment, Private
from forum.threads.states import State
from forum.threads.writing import Draft

SAME_WITHIN = datetime.timedelta(minutes=10)


class BannedError(Exception):
    """Somebody who may not write for a time; the text is one sentence for them."""


def refuse_banned(
    author: Author | None, email: str, own_keys: Sequence[str], policy: SitePolicy, address: str = ""
) -> None:
    """Refuse whoever may not write now: replies, and reports as well. Raises BannedError.

    Whoever is known hears until when and why. Whoever merely typed an address hears no more than that:
    it may be a stranger's. `address` is the client's; who shares a network or a domain with somebody
    hears until when, and how to reach a person here.
    """
    against = bans_against.standing_against(author, email, own_keys, address)
    if against is None:
        return
    if against.ban.kind in bans.SHARED_BY_MANY:
        raise BannedError(_of_many(against.ban, policy))
    if not against.is_told:
        raise BannedError(_("Replies with this address are not taken at the moment."))
    said = {"reason": against.ban.reason}
    if against.ban.until >= bans.END_OF_TIME:
        text = _("Replies and reports from you are not taken any more, for this reason: %(reason)s")
        raise BannedError(text % said)
    said["until"] = _until(against.ban, policy)
    text = _("Replies and reports from you are not taken until %(until)s, for this reason: %(reason)s")
    raise BannedError(text % said)


def refuse_banned_change(comment: Comment, viewer: Viewer, policy: SitePolicy, address: str) -> None:
    """Refuse whoever may not change public words of theirs now, as `refuse_banned` does; held ones they may.

    `comment` has its author at hand. Raises BannedError.
    """
    if comment.state != State.VISIBLE:
        return
    given = Private.objects.filter(comment=comment).values_list("email", flat=True).first()
    refuse_banned(comment.author, given or "", viewer.guest_keys, policy, address)


def _of_many(ban: Ban, policy: SitePolicy) -> str:
    said = {"until": _until(ban, policy)}
    if ban.kind == Ban.Kind.NETWORK:
        first = _("Nothing is taken from your network until %(until)s.") % said
    else:
        first = _("Nothing is taken with addresses of this mail provider until %(until)s.") % said
    reach = _(
        "If it hits the wrong person, “Take something down” at the foot of the page reaches a moderator."
    )
    return f"{first} {reach}"


def _until(ban: Ban, policy: SitePolicy) -> str:
    return date_format(timezone.localtime(ban.until, policy.zone), "j F Y, H:i")


def sent_from(own_keys: Sequence[str]) -> QuerySet[Comment]:
    """What was sent from the browser that holds these keys, to be counted and shown to nobody."""
    return Comment.objects.filter(own_key__in=own_keys)


def is_key_taken(form_key: str | None) -> bool:
    """Whether a form with this key has been sent and stored before."""
    return bool(form_key) and Comment.objects.filter(form_key=form_key).exists()


def already_sent(article: Article, parent_id: int | None, draft: Draft) -> Comment | None:
    """The comment that this draft has become already; call it under the discussion's lock.

    One comment is the same form key, or within ten minutes the same article, parent, name, text and
    client (address and browser).
    """
    if draft.form_key and (found := Comment.objects.filter(form_key=draft.form_key).first()):
        return found
    return Comment.objects.filter(
        article=article,
        parent_id=parent_id,
        name_shown=draft.name,
        body_source=draft.body,
        received_at__gte=timezone.now() - SAME_WITHIN,
        private__ip=draft.ip,
        private__user_agent=draft.user_agent,
    ).first()
