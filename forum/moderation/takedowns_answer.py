"""Answering a request to take words or a name down; erasing and unnaming cannot be taken back.

What is gone is gone from everything that quotes it here: the texts before, what rules matched, notes,
reports, appeals, letters, and what imports have kept. A later import of the same archive brings nothing back.
"""

import datetime
import uuid
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts.models import Author, User
from forum.mail.headers import LetterError
from forum.mail.writing import TYPED, write
from forum.moderation import cases_apart, decisions, leases, letters
from forum.moderation.models import Act, Batch, Case, Claim, Decision, RuleHit
from forum.moderation.models_people import Note
from forum.moderation.models_requests import Appeal, Report, TakeDown
from forum.moderation.takedowns import settle_case
from forum.notifications import notices, notices_status
from forum.site.models import SitePolicy
from forum.sources.writing import forget
from forum.threads import erasing, tree, writing
from forum.threads.models import Comment, Revision
from forum.threads.states import Kind, Origin

KEPT = datetime.timedelta(days=30)
MOST_QUOTES = 20
LONGEST_ANSWER = 1000
Outcome = TakeDown.Outcome
# Why a request cannot be answered so.
ANSWERED, NOWHERE, STALE, GONE, NAMELESS = "answered", "nowhere", "stale", "gone", "nameless"


class NotPossibleError(Exception):
    """The answer is not possible; the first argument says why, by a word above."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is done about a request, and what its sender reads of it.

    `version` is the comment's that the actor saw; `everywhere` takes the name off all that the same
    archived person wrote on that blog.
    """

    outcome: str
    text: str = ""
    version: int | None = None
    everywhere: bool = False


@dataclass(slots=True)
class Look:
    """What answering would reach: the texts before, replies that stay, and comments that name the person.

    `others` counts what the same archived person wrote elsewhere on that blog.
    """

    revisions: int = 0
    replies: int = 0
    others: int = 0
    quotes: list[Comment] = field(default_factory=list)


def look(request: TakeDown) -> Look:
    """What would go with the words or the name that a request is about."""
    comment = request.comment
    if comment is None or comment.erased_at is not None:
        return Look()
    below = Comment.objects.public().filter(parent=comment.pk)
    return Look(
        Revision.objects.filter(comment=comment.pk).count(),
        below.count(),
        _others(comment).count(),
        _quotes(comment),
    )


def answer(number: int, given: Answer, actor: User) -> TakeDown:
    """Answer a request, doing what the answer says, with a letter when its sender left an address.

    Raises TakeDown.DoesNotExist, and NotPossibleError.
    """
    found = TakeDown.objects.get(pk=number)
    around = _reached(found, given)
    with tree.locked_around(around):
        request = TakeDown.objects.select_for_update(of=("self",)).get(pk=number)
        if request.outcome:
            raise NotPossibleError(ANSWERED)
        if request.comment_id != found.comment_id:
            raise NotPossibleError(STALE)
        if given.outcome == Outcome.ERASED:
            _erase(_stands(request, given), actor)
        elif given.outcome == Outcome.UNNAMED:
            _stands(request, given)
            _unname(around, actor)
        now = timezone.now()
        request.outcome, request.answer = given.outcome, given.text[:LONGEST_ANSWER]
        request.answered_by, request.answered_at, request.purge_after = actor, now, now + KEPT
        request.save()
        if request.comment_id is not None:
            settle_case(request.comment_id)
        _tell(request)
        return request


def _reached(request: TakeDown, given: Answer) -> list[int]:
    """The numbers of the comments that the answer is about."""
    if request.comment_id is None:
        if given.outcome in {Outcome.ERASED, Outcome.UNNAMED}:
            raise NotPossibleError(NOWHERE)
        return []
    numbers = [request.comment_id]
    if given.everywhere and given.outcome == Outcome.UNNAMED:
        numbers += _others(request.comment).values_list("pk", flat=True)
    return numbers


def _others(comment: Comment) -> QuerySet[Comment]:
    """What else the same archived person wrote on that blog; nothing for others."""
    author = comment.author
    if author is None or author.kind != Author.Kind.ARCHIVED:
        return Comment.objects.none()
    alike = Comment.objects.filter(author=author, article__blog=comment.article.blog_id, erased_at=None)
    return alike.filter(origin=Origin.ARCHIVE).exclude(pk=comment.pk).order_by("pk")


def _quotes(comment: Comment) -> list[Comment]:
    """Comments of the same article, not by the same person, in whose words the name stands."""
    name = comment.name_shown.strip()
    if len(name) < 2:
        return []
    rows = Comment.objects.filter(article=comment.article_id, body_source__icontains=name, erased_at=None)
    return list(rows.exclude(pk=comment.pk).in_reading_order()[:MOST_QUOTES])


def _stands(request: TakeDown, given: Answer) -> Comment:
    comment = Comment.objects.select_related("author", "article").get(pk=request.comment_id)
    if comment.erased_at is not None or comment.kind == Kind.PLACEHOLDER:
        raise NotPossibleError(GONE)
    if given.version not in {None, comment.version}:
        raise NotPossibleError(STALE)
    nameless = comment.author_id is None or comment.origin == Origin.LIVE
    if given.outcome == Outcome.UNNAMED and not comment.name_shown and nameless:
        raise NotPossibleError(NAMELESS)
    return comment


def _erase(comment: Comment, actor: User) -> None:
    before, author = comment.state, comment.author
    try:
        erasing.erase(comment)
    except writing.StaleError:
        raise NotPossibleError(STALE) from None
    decision = decisions.draft(comment, Act.ERASE, actor)
    decision.from_state = before
    decision.save(force_insert=True)
    cases_apart.end_all(comment, decision)
    _forget_quotes(comment)
    apart = Case.objects.filter(comment=comment.pk, closed=None).exclude(cause=Case.Cause.TAKEDOWN)
    apart.update(closed=timezone.now(), closed_by=decision)
    leases.free_all([comment.pk])
    forget([comment.pk], words=True)
    notices.erased([comment.pk])
    letters.forget([comment.pk])
    notices_status.erased(comment, decision.pk, author, actor)


def _forget_quotes(comment: Comment) -> None:
    """Empty what the desk has written about a comment, since it may quote it; that it was written stays."""
    RuleHit.objects.filter(case__comment=comment.pk).update(matched="", start=None, end=None)
    Report.objects.filter(case__comment=comment.pk).update(text="")
    Appeal.objects.filter(decision__comment=comment.pk).update(text="", answer="")
    Note.objects.filter(comment=comment.pk).update(text=_("Erased with the comment."))
    Claim.objects.filter(comment=comment.pk).update(text="")
    made = Decision.objects.filter(comment=comment.pk)
    Batch.objects.filter(pk__in=made.exclude(batch=None).values("batch")).update(reason="", note="")
    Decision.objects.filter(comment=comment.pk).update(reason="", note="")


def _unname(numbers: list[int], actor: User) -> None:
    rows = list(Comment.objects.filter(pk__in=numbers, erased_at=None).defer("body_source", "body_html"))
    numbers = [row.pk for row in rows]
    erasing.unname(numbers)
    batch = uuid.uuid4() if len(rows) > 1 else None
    made = [decisions.draft(row, Act.UNNAME, actor, batch=batch) for row in rows]
    for one in made:
        one.comment_version += 1
    Decision.objects.bulk_create(made, batch_size=500)
    forget(numbers, words=False)
    notices.unnamed(numbers)
    letters.forget(numbers)


def _tell(request: TakeDown) -> None:
    """Our own words and the answer, to the address that was given; nothing that it was about."""
    if not request.email:
        return
    site = SitePolicy.objects.current().name
    said = {
        Outcome.ERASED: _("What you asked about has been erased. It cannot be brought back."),
        Outcome.UNNAMED: _("The name has been taken off. It cannot be brought back."),
        Outcome.REFUSED: _("A moderator has looked at it and decided to leave it as it is."),
        Outcome.OTHER: _("A moderator has looked at it and dealt with it in another way."),
    }[Outcome(request.outcome)]
    parts = [_("You asked %(site)s to take something down.") % {"site": site}, said]
    parts += [_("The moderator writes:"), request.answer] if request.answer else []
    parts.append(_("Your name, your address and what you wrote to us are deleted in 30 days."))
    subject = _("Your request at %(site)s") % {"site": site}
    try:
        write(f"{TYPED}take-down:{request.pk}", request.email, subject, "\n\n".join(parts))
    except LetterError:
        return
