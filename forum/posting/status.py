"""Where one's own comment stands: what its author, and nobody else, is told of it."""

import datetime
import itertools
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from forum.accounts import addresses, links
from forum.accounts.viewer import Viewer
from forum.moderation import appeals, edits_waiting, queries
from forum.moderation import edits as desk_edits
from forum.moderation.models import Act, Decision
from forum.moderation.models_requests import Appeal
from forum.notifications import notices_status
from forum.posting import edits, limits, withdraw
from forum.site.models import SitePolicy
from forum.text.differences import Piece, pieces, shortened
from forum.threads import revisions
from forum.threads.models import Comment, Revision
from forum.threads.states import State

MOST_REWORDED = 5


@dataclass(frozen=True, slots=True)
class Reworded:
    """A moderator's edit, and how it differs from the words before; no pieces when those are not kept."""

    decision: Decision
    pieces: list[Piece]


@dataclass(slots=True)
class Standing:
    """What the author of a comment is told of it.

    `before` is how many wait longer and `usual` how long such things usually take, both only for what is
    held; `hold` is the decision that hides public words because readers reported them. `decision` is what
    made it what it is, or declined its last edit. `edit` is the edit that waits, with how it differs.
    `reworded` are the last edits of moderators that stand, newest first. `why_not` says by a word of `edits`
    why it cannot be changed, "" when it can, and `banned` by the sentence that a ban says. `way_back` says
    of what a guest has held why their browser alone leads to it, by a word of `addresses`.
    """

    comment: Comment
    why_not: str
    before: int = 0
    usual: datetime.timedelta | None = None
    decision: Decision | None = None
    appeal: Appeal | None = None
    edit: Revision | None = None
    pieces: list[Piece] | None = None
    until: datetime.datetime | None = None
    hold: Decision | None = None
    reworded: list[Reworded] = field(default_factory=list)
    way_back: str = ""
    banned: str = ""

    @property
    def may_edit(self) -> bool:
        """Whether its words can be changed now; an edit that waits can be, whatever the hour."""
        if self.banned:
            return False
        return not self.why_not or (self.edit is not None and self.why_not in {edits.LATE, edits.REPLIED})

    @property
    def may_withdraw(self) -> bool:
        """Whether there is something to withdraw."""
        return not withdraw.hindrance(self.comment)

    @property
    def may_appeal(self) -> bool:
        """Whether its author may object to the decision, which they may once."""
        return self.decision is not None and self.appeal is None and self.comment.erased_at is None

    @property
    def is_by_filter(self) -> bool:
        """Whether the site itself decided, and no moderator."""
        return self.decision is not None and self.decision.actor_id is None

    @property
    def declined(self) -> bool:
        """Whether the decision is about an edit."""
        return self.decision is not None and self.decision.act == Act.DECLINE


def look(number: int, viewer: Viewer, address: str = "") -> Standing:
    """Where one's own comment stands, in a bounded number of statements; `address` is the client's.

    Raises Comment.DoesNotExist for everybody but its author, staff among them.
    """
    rows = Comment.objects.own_of(viewer).select_related("article", "author")
    comment = rows.defer("article__body_source", "article__body_html").get(pk=number)
    policy = SitePolicy.objects.current()
    found = Standing(comment, edits.hindrance(comment, policy))
    if comment.erased_at is not None:
        return found
    if comment.state in edits_waiting.STANDS and (edit := revisions.waiting_on(comment)):
        found.edit, found.pieces = edit, edits_waiting.differs(comment, edit)
    if comment.state != State.WITHDRAWN:
        found.reworded = _reworded(comment)
    found.decision = appeals.standing_on(comment)
    if found.decision is not None:
        found.appeal = appeals.appeal_of(found.decision)
    elif comment.state == State.VISIBLE:
        found.appeal = appeals.granted_on(comment)
    if comment.state == State.HELD:
        found.before, found.usual = queries.waiting_before(comment), queries.usual_wait()
        found.hold = appeals.hold_on(comment)
        if viewer.user_id is None:
            found.way_back = addresses.ways_back([comment.author_id])[comment.author_id]
    if found.may_edit:
        try:
            limits.refuse_banned_change(comment, viewer, policy, address)
        except limits.BannedError as error:
            found.banned = str(error)
    if comment.state == State.VISIBLE and found.may_edit and not found.why_not:
        found.until = edits.closes_at(comment, policy)
    return found


def behind(token: str) -> Comment:
    """The comment whose standing the link of a letter opens; changes nothing.

    Raises LinkError for anything else than an unused link that was made for this comment, its author and
    the key of this comment.
    """
    return _read(token)[0]


def open_link(token: str) -> Comment:
    """As `behind`, and the link is used up; call it where the browser gets the comment's key."""
    comment, link = _read(token)
    links.use(link)
    return comment


def _reworded(comment: Comment) -> list[Reworded]:
    made = list(desk_edits.by_moderators(comment)[:MOST_REWORDED])
    if not made:
        return []
    stood = comment.revisions.filter(state=Revision.State.PUBLISHED).defer("body_html").order_by("n")
    texts = list(stood)
    ways = {
        after.n: list(shortened(pieces(before.body_source, after.body_source)))
        for before, after in itertools.pairwise(texts)
        if after.n in {one.revision for one in made}
    }
    return [Reworded(one, ways.get(one.revision, [])) for one in made]


def _read(token: str) -> tuple[Comment, links.Link]:
    link = links.read(notices_status.KIND, token)
    number = int(link.what) if link.what.isdecimal() and len(link.what) <= 18 else 0
    comment = notices_status.comment_of(number)
    if comment is None or not notices_status.fits(link, comment):
        raise links.LinkError(_("This link does not fit any more: things have changed since it was sent."))
    return comment, link
