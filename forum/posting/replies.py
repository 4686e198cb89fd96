"""The act of replying, with all that follows from it."""

from dataclasses import dataclass, replace

from django.db import IntegrityError
from django.db.models import Q
from django.http import HttpRequest

from forum.accounts import addresses
from forum.accounts.models import Author, User
from forum.accounts.viewer import MODERATE, Viewer
from forum.articles.models import Article
from forum.mail.headers import LetterError
from forum.moderation import articles_closed, cases, decisions, rules
from forum.moderation.models import Act, Case
from forum.notifications import notices, subscriptions
from forum.notifications.models import Subscription
from forum.notifications.views import may_ask
from forum.posting import limits, limits_rates
from forum.site.models import SitePolicy
from forum.threads import authors, tree, writing
from forum.threads.models import Comment
from forum.threads.states import State
from forum.threads.writing import Draft


class ClosedError(Exception):
    """The discussion takes no replies."""


class MovedError(writing.ParentGoneError):
    """The article has been hidden or merged into another one since the form was opened."""


class OtherWordsError(Exception):
    """The form has been sent before, with another text."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who replies: the viewer, the account when there is one, and whether answers are wanted by mail.

    `request` only says what our own pages are called where SITE_URL does not. `at_once` says that a
    moderator answers from the desk, so that nobody has to look before it is public.
    """

    viewer: Viewer
    user: User | None
    follows: bool = False
    request: HttpRequest | None = None
    at_once: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether a moderator writes."""
        return self.viewer.may(MODERATE)


def submit_reply(
    article: Article,
    parent_id: int | None,
    draft: Draft,
    sender: Sender,
    *,
    honeypot: bool = False,
    signs: rules.Signs = rules.NO_SIGNS,
) -> Comment:
    """Store a reply, held or visible as the rules say; a second sending gives the first one's comment.

    `signs` is what the sending itself tells the rules.

    When this returns, the reply is committed, unless the caller's transaction goes on. Raises ClosedError,
    MovedError, OtherWordsError, limits.BannedError, limits_rates.TooManyError, and writing.ParentGoneError
    or ThreadClosedError when the comment to be answered may not be answered, or not under this article.
    """
    try:
        return _submit(article, parent_id, draft, sender, honeypot=honeypot, signs=signs)
    except IntegrityError:
        # The same form sent to two articles at the same moment: their locks do not exclude each other.
        if limits.is_key_taken(draft.form_key):
            raise OtherWordsError from None
        raise


def _submit(
    article: Article,
    parent_id: int | None,
    draft: Draft,
    sender: Sender,
    *,
    honeypot: bool,
    signs: rules.Signs,
) -> Comment:
    with tree.locked(article.pk) as article:
        policy = SitePolicy.objects.current()
        if found := limits.already_sent(article, parent_id, draft):
            if found.body_source != draft.body or not _is_where(found, article, parent_id):
                raise OtherWordsError
            return found
        if article.state != Article.State.PUBLISHED:
            raise MovedError
        if articles_closed.is_closed(article, policy):
            raise ClosedError
        author = _author(draft, sender)
        limits.refuse_banned(author, draft.email, sender.viewer.guest_keys, policy, draft.ip or "")
        if not sender.is_staff:
            limits_rates.count_reply(sender.request, author, sender.viewer, policy)
        if sender.at_once and sender.is_staff:
            verdict = rules.Verdict(State.VISIBLE, "desk")
        else:
            said = {"text": draft.body, "author": author, "name": draft.name, "signs": signs}
            verdict = rules.screen(article, policy, honeypot=honeypot, **said)
        begins = State.HELD if verdict.state == State.SPAM else verdict.state
        draft = replace(draft, author=author, staff_badge=sender.is_staff)
        draft = replace(draft, risk=verdict.risk, urgent=verdict.urgent)
        comment = writing.add(article, parent_id, draft, begins)
        if begins == State.HELD:
            cases.open_case(comment, Case.Cause.NEW, verdict.hits)
        if verdict.state == State.SPAM:
            why = decisions.Grounds(reason_code=verdict.rule)
            decisions.decide(Act.SPAM, comment.pk, None, grounds=why)
        else:
            _reach(draft, sender)
        if begins == State.VISIBLE:
            notices.published(comment.pk)
        return comment


def _is_where(found: Comment, article: Article, parent_id: int | None) -> bool:
    """Whether a stored reply stands where it was sent, or was put elsewhere by a moderator since.

    A number is given to one comment only, so that the same parent under another article was moved, too.
    """
    if found.placed_at is not None:
        return True
    return found.parent_id == parent_id and (parent_id is not None or found.article_id == article.pk)


def _author(draft: Draft, sender: Sender) -> Author:
    """The account's author, or the guest known by the cookie under the same name, or a new guest.

    A guest who has proved the same address elsewhere may have the words of several names: the name that
    counts is the one under which this browser wrote. One who has proved an address is known only to
    browsers that have proved it, not to one that has merely written words which are the guest's now.
    """
    if sender.user is not None:
        return authors.settle(sender.user)
    keys = sender.viewer.own_keys
    guests = Author.objects.filter(kind=Author.Kind.GUEST, comment__name_shown=draft.name)
    proved = Q(addresses__verified_at__isnull=False)
    known = (
        guests.filter(proved, addresses__key__in=keys).first()
        or guests.filter(comment__own_key__in=keys).exclude(proved).first()
    )
    return known or Author.objects.create(kind=Author.Kind.GUEST, name=draft.name)


def _reach(draft: Draft, sender: Sender) -> None:
    """Ask for the proof of a guest's address, and note that answers are wanted by mail."""
    wish = subscriptions.Wish(Subscription.Scope.REPLIES)
    if sender.user is not None:
        address = subscriptions.of_account(sender.user) if sender.follows else None
        if address is not None:
            subscriptions.follow(address, wish)
    elif draft.email and draft.author is not None:
        if sender.request is not None and not may_ask(sender.request):
            return  # the reply counts, but this network has had us write to enough strangers
        try:
            address = addresses.ask(draft.author, draft.email, follows=sender.follows, request=sender.request)
        except LetterError:
            return  # the form takes addresses that no letter can go to; the reply counts all the same
        if sender.follows and address.verified_at:
            subscriptions.follow(address, wish)
        elif sender.follows:
            subscriptions.wait_for_proof(address, wish)
