"""What stands in a letter to the staff: plain words and links, never anybody's e-mail or network address."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forum.accounts import links
from forum.accounts.models import User
from forum.mail.quoting import quoted
from forum.mail.writing import Draft
from forum.moderation.cards import Card
from forum.moderation.models import Act, Case
from forum.moderation.queries import Counts
from forum.notifications.notices_text import name_of, words_of
from forum.site.models import SitePolicy
from forum.text.moments import ago, lasting
from forum.text.tidy import one_line
from forum.threads.models import Comment
from forum.threads.states import State
from forum.web.address import full_address

KIND = "decision"
LINES, ANSWERED_LINES = 40, 8
# What a letter offers: on what is held, and on what is reported.
ON_HELD = (Act.APPROVE, Act.REJECT, Act.SPAM)
ON_REPORTED = (Act.KEEP, Act.REMOVE, Act.SPAM)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one letter tells: some comments in full, how many more there are, and how much waits in all.

    `unplaced` counts new take-down requests for which nobody has found the comment.
    """

    user: User
    address: str
    cards: list[Card]
    more: int
    unplaced: int
    counts: Counts
    now: datetime.datetime


def of_waiting(waits: Waiting, *, key: str, about: str) -> Draft:
    """The letter to one person of the staff."""
    new = len(waits.cards) + waits.more + waits.unplaced
    values = {"site": one_line(SitePolicy.objects.current().name, 60), "count": new}
    subject = ngettext("%(site)s: %(count)s waits for you", "%(site)s: %(count)s wait for you", new) % values
    parts = [ngettext("New at the desk: %(count)s.", "New at the desk: %(count)s.", new) % values]
    for n, card in enumerate(waits.cards, start=1):
        parts += _of_card(n, card, waits)
    if waits.more:
        parts.append(
            ngettext("… and %(count)s more comment.", "… and %(count)s more comments.", waits.more)
            % {"count": waits.more}
        )
    if waits.unplaced:
        said = ngettext(
            "%(count)s take-down request for which nobody has found the comment yet.",
            "%(count)s take-down requests for which nobody has found the comment yet.",
            waits.unplaced,
        )
        parts.append(said % {"count": waits.unplaced})
    parts += [_in_all(waits), f"{_('The desk:')}\n{full_address(reverse('moderation:queue'))}", _foot()]
    return Draft(key, waits.address, subject, "\n\n".join(parts), about=about)


def acts_for(card: Card) -> list[Act]:
    """The decisions that a letter offers on a comment as it stands."""
    is_reported = Case.Cause.REPORTS in card.causes and card.comment.state == State.VISIBLE
    offered = ON_HELD if card.comment.state == State.HELD else ON_REPORTED if is_reported else ()
    return [act for act in offered if act in card.acts]


def token_of(act: str, comment: Comment, user: User) -> str:
    """The link with which one person can make one decision on a comment as it stands now."""
    return links.make(KIND, what=f"{act}-{comment.pk}", who=user.pk, version=comment.version)


def _of_card(n: int, card: Card, waits: Waiting) -> Iterator[str]:
    comment = card.comment
    values = {"n": n, "name": name_of(comment), "title": one_line(comment.article.title, 100)}
    causes = ", ".join(str(cause.label) for cause in card.causes)
    values |= {"why": causes, "when": _when(comment, waits.now)}
    yield _("%(n)s. %(why)s: %(name)s under “%(title)s”, %(when)s") % values
    if card.nearest is not None:
        yield _("In reply to %(name)s:") % {"name": name_of(card.nearest)}
        yield quoted(words_of(card.nearest) or _("There are no words here."), lines=ANSWERED_LINES)
        yield _("The comment:")
    yield quoted(words_of(comment) or _("There are no words here."), lines=LINES)
    if card.why:
        yield _("Held because of: %(rules)s") % {"rules": "; ".join(why.words for why in card.why)}
    if card.edit is not None:
        yield _("What its author wants it to say:")
        yield quoted(card.edit.body_source, lines=LINES)
    if card.reports:
        reasons = sorted({str(report.get_reason_display()) for report in card.reports})
        yield _("Reported: %(reasons)s") % {"reasons": "; ".join(reasons)}
    if card.appeal is not None:
        yield _("The appeal:")
        yield quoted(card.appeal.text, lines=LINES)
    rows = [f"{act.label}:\n{_page_of(act, comment, waits.user)}" for act in acts_for(card)]
    rows.append(f"{_('At the desk:')}\n{full_address(reverse('moderation:comment', args=[comment.pk]))}")
    yield "\n".join(rows)


def _when(comment: Comment, now: datetime.datetime) -> str:
    """Since when words are here; of the archive's, from when they are: the import is no news of theirs."""
    if not comment.is_archived:
        return _("received %(since)s") % {"since": ago(comment.received_at, now)}
    if comment.posted_at is not None:
        return _("from the archive, %(day)s") % {"day": date_format(localtime(comment.posted_at), "j F Y")}
    if comment.posted_as_written:
        return _("from the archive, %(day)s") % {"day": one_line(comment.posted_as_written, 40)}
    return _("from the archive")


def _page_of(act: str, comment: Comment, user: User) -> str:
    return full_address(reverse("moderation:by_mail", args=[token_of(act, comment, user)]))


def _in_all(waits: Waiting) -> str:
    counts = waits.counts
    takedowns = counts.takedowns + counts.unplaced
    said = {
        _("%(n)s held"): counts.held,
        _("%(n)s reported"): counts.reported,
        ngettext("%(n)s edit", "%(n)s edits", counts.edited): counts.edited,
        ngettext("%(n)s appeal", "%(n)s appeals", counts.appeals): counts.appeals,
        ngettext("%(n)s take-down request", "%(n)s take-down requests", takedowns): takedowns,
    }
    whole = ", ".join(words % {"n": count} for words, count in said.items() if count)
    rows = [_("In all: %(whole)s.") % {"whole": whole or "0"}]
    if counts.oldest is not None:
        since = lasting(counts.oldest, waits.now)
        rows.append(_("The oldest held comment has waited for %(since)s.") % {"since": since})
    return "\n".join(rows)


def _foot() -> str:
    why = _("You get this letter because you chose it. To choose another pace, or none:")
    only = _("The links above show a page first, work for you alone, once, and for seven days.")
    return f"-- \n{only}\n{why}\n{full_address(reverse('moderation:letters'))}"
