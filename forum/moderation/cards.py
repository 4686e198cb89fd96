"""All that somebody needs to decide on comments, gathered in as many statements for one as for twenty."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from forum.accounts.models import Address, Author
from forum.accounts.viewer import Viewer
from forum.moderation import appeals, edits_waiting, leases, reports, rules, takedowns
from forum.moderation.cards_why import Piece, Why, pieces_of, why_of
from forum.moderation.cases import APART
from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_people import Ban, Note
from forum.moderation.models_requests import Appeal, Report, TakeDown
from forum.moderation.queries import over_all
from forum.moderation.rules_signs import OF_SENDING
from forum.site.models import SitePolicy
from forum.threads import states
from forum.threads.models import Comment, Revision
from forum.threads.queries import CommentQuerySet
from forum.threads.states import State

MOST_ABOVE = 30
REFUSING = ("reject", "remove")
CLOSE, REOPEN, TRUST, KEEP = "close", "reopen", "trust", "keep"
DONE = {
    Act.APPROVE: gettext_lazy("Approved"),
    Act.TRUST: gettext_lazy("Approved and trusted"),
    Act.KEEP: gettext_lazy("Kept"),
    Act.REJECT: gettext_lazy("Rejected"),
    Act.SPAM: gettext_lazy("Marked as spam"),
    Act.REMOVE: gettext_lazy("Removed"),
    Act.RESTORE: gettext_lazy("Restored"),
    Act.UNDO: gettext_lazy("Taken back"),
    Act.HOLD: gettext_lazy("Held"),
    Act.WITHDRAW: gettext_lazy("Withdrawn"),
    Act.EDIT: gettext_lazy("Edited"),
    Act.CLOSE: gettext_lazy("Thread closed"),
    Act.REOPEN: gettext_lazy("Thread opened again"),
    Act.BAN: gettext_lazy("Banned"),
    Act.ACCEPT: gettext_lazy("Edit published"),
    Act.DECLINE: gettext_lazy("Edit not published"),
    Act.UPHOLD: gettext_lazy("Decision upheld"),
    Act.ERASE: gettext_lazy("Erased"),
    Act.UNNAME: gettext_lazy("Name taken off"),
}


@dataclass(slots=True)
class Card:
    """One comment on the desk.

    `acts` are the decisions that are possible now and `refuse` the one that Enter in the reason field makes.
    `above` is what it answers, the nearest last, without the `further` comments above those. `below` counts
    the visible replies below it. `record` is its author with counts, None without an author. `pieces` is
    the source text with what rules matched, empty when nothing is matched. `next` is where its decisions
    lead to. `decision` is the newest one when the comment does not wait here any more. `reports`, `edit`,
    `appeal` and `take_downs` are what is open of each. `is_today` says that `why` and `pieces` are what the
    rules of today find in the words of today.
    """

    comment: Comment
    acts: list[str]
    refuse: str = ""
    causes: list[Case.Cause] = field(default_factory=list)
    why: list[Why] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    above: list[Comment] = field(default_factory=list)
    further: int = 0
    record: Author | None = None
    next: str = ""
    decision: Decision | None = None
    reports: list[Report] = field(default_factory=list)
    edit: Revision | None = None
    appeal: Appeal | None = None
    take_downs: list[TakeDown] = field(default_factory=list)
    is_today: bool = False

    @property
    def below(self) -> int:
        """How many visible replies stand below it."""
        return self.comment.visible_below

    @property
    def is_reported(self) -> bool:
        """Whether a report of it is open."""
        return Case.Cause.REPORTS in self.causes

    @property
    def lease_by(self) -> str:
        """Who else is looking at it, "" when nobody is."""
        return self.comment.lease_by or ""

    @property
    def more(self) -> list[Comment]:
        """What stands above the nearest that it answers."""
        return self.above[:-1]

    @property
    def nearest(self) -> Comment | None:
        """What it answers itself, None for a root."""
        return self.above[-1] if self.above else None


def with_all(comments: CommentQuerySet, user_id: int | None) -> CommentQuerySet:
    """Comments as cards need them: with article and author, the lease of somebody else, and what is below."""
    place = {name: OuterRef(name) for name in ("article", "root_key", "tree_id")}
    below = Comment.objects.public().filter(**place, lft__gt=OuterRef("lft"), lft__lt=OuterRef("rght"))
    # A value and not EXISTS: for that PostgreSQL looks for all closed threads there are, in all comments.
    closed_at = Comment.objects.filter(pk=OuterRef("tree_id")).values("closed_at")
    lease = leases.live().exclude(holder=user_id).filter(comment=OuterRef("pk"))
    return (
        comments.select_related("article", "author")
        .defer("article__body_source", "article__body_html", "article__notice", "article__disclosure")
        .annotate(
            visible_below=Subquery(below.order_by().values(n=over_all("COUNT", "pk"))),
            thread_closed=Subquery(closed_at[:1]),
            lease_by=Subquery(lease.values("holder__username")[:1]),
            lease_until=Subquery(lease.values("until")[:1]),
        )
    )


def cards_of(comments: Sequence[Comment], viewer: Viewer) -> list[Card]:
    """A card for each of these comments, which `with_all` has read, in three statements.

    One more comes for each kind of request that is open on any of them.
    """
    above, cases = _above(comments, viewer), _cases(comments)
    # Whose erased words were is for nobody but that account itself.
    writers = {c.pk: c.author_id for c in comments if c.author_id and not c.erased_at}
    records = {author.pk: author for author in _records(set(writers.values()))}
    made = [
        _card(comment, above, cases.get(comment.pk, []), records.get(writers.get(comment.pk)))
        for comment in comments
    ]
    _add_requests(made)
    return made


def card_for(number: int, viewer: Viewer, leads_to: str = "") -> Card:
    """The card of one comment that is there, whose decisions lead to `leads_to` or to the queue."""
    rows = with_all(Comment.objects.visible_to(viewer).filter(pk=number), viewer.user_id)
    (card,) = cards_of(list(rows), viewer)
    card.next = leads_to or reverse("moderation:queue")
    return card


def look_again(made: Iterable[Card], policy: SitePolicy) -> None:
    """Show on cards of comments that do not wait what the rules of today find in their words of today.

    So whoever restores one sees what they put before readers, and nothing that was true once but for how
    it was sent. As many statements for one as for twenty.
    """
    there = [card for card in made if card.decision is None and not card.comment.erased_at]
    done = [card for card in there if card.comment.state != State.HELD]
    measures = rules.Measures.of(policy) if done else None
    for card in done:
        comment = card.comment
        found = rules.find(rules.text_of(comment), policy, comment.name_shown, measures)
        hits = [asdict(hit) for hit in found]
        card.why = [why for why in card.why if why.rule in OF_SENDING] + why_of(hits)
        in_text = [hit for hit in hits if hit["start"] is not None]
        card.pieces = pieces_of(comment.body_source, in_text) if comment.source_format == "text" else []
        card.is_today = True


def may_be_trusted(record: Author | None) -> bool:
    """As `rules.trustable`, of one author who is not trusted yet, that has been read with `is_proved`."""
    if record is None or record.erased_at is not None or record.trusted_at is not None:
        return False
    return record.kind == Author.Kind.ACCOUNT or (record.kind == Author.Kind.GUEST and record.is_proved)


def _card(comment: Comment, above: dict[int, Comment], cases: list[dict], record: Author | None) -> Card:
    open_ = [row for row in cases if row["closed"] is None]
    newest = cases[-1]["pk"] if cases else None
    hits = [row for row in cases if row["pk"] == newest and row["rule"]]
    chain = list(_chain(comment, above))
    acts = _acts(comment, record, any(row["cause"] not in APART for row in open_))
    return Card(
        comment=comment,
        acts=acts,
        refuse=next((act for act in REFUSING if act in acts), ""),
        causes=list(dict.fromkeys(Case.Cause(row["cause"]) for row in open_)),
        why=why_of(hits),
        pieces=pieces_of(comment.body_source, [hit for hit in hits if hit["start"] is not None])
        if comment.source_format == "text"
        else [],
        above=chain[::-1],
        further=comment.level - len(chain),
        record=record,
    )


def _add_requests(made: Sequence[Card]) -> None:
    """What is asked of the desk about these comments; no statement where no case says so."""

    def asked(cause: Case.Cause) -> list[int]:
        return [card.comment.pk for card in made if cause in card.causes]

    said = {
        "reports": reports.open_on(asked(Case.Cause.REPORTS)),
        "edit": edits_waiting.open_on(asked(Case.Cause.EDIT)),
        "appeal": appeals.open_on(asked(Case.Cause.APPEAL)),
        "take_downs": takedowns.open_on(asked(Case.Cause.TAKEDOWN)),
    }
    for card in made:
        for name, found in said.items():
            if card.comment.pk in found:
                setattr(card, name, found[card.comment.pk])


def _acts(comment: Comment, record: Author | None, waits: bool) -> list[str]:
    if comment.erased_at:
        return []
    acts = [act for act in states.acts_on(comment.state) if act not in {"hold", "withdraw"}]
    if TRUST in acts and not may_be_trusted(record):
        acts.remove(TRUST)
    if KEEP in acts and not waits:
        acts.remove(KEEP)
    return [*acts, REOPEN if comment.thread_closed else CLOSE]


def _chain(comment: Comment, above: dict[int, Comment]) -> Iterable[Comment]:
    while (comment := above.get(comment.parent_id)) is not None:
        yield comment


def _above(comments: Sequence[Comment], viewer: Viewer) -> dict[int, Comment]:
    """What these comments answer, up to the root, `MOST_ABOVE` at most for each."""
    chains = Q()
    for c in comments:
        if c.parent_id is not None:
            place = Q(article=c.article_id, root_key=c.root_key, tree_id=c.tree_id)
            chains |= place & Q(lft__lt=c.lft, rght__gt=c.rght, level__gte=c.level - MOST_ABOVE)
    if not chains:
        return {}
    rows = Comment.objects.visible_to(viewer).filter(chains).defer("body_source")
    return {row.pk: row for row in rows}


def _cases(comments: Sequence[Comment]) -> dict[int, list[dict]]:
    """The cases of each comment, open ones last, each with a row for every hit or one without."""
    names = ("pk", "comment", "cause", "closed")
    hits = {"rule": F("hits__rule"), "matched": F("hits__matched"), "label": F("hits__label")}
    hits |= {"start": F("hits__start"), "end": F("hits__end")}
    rows = Case.objects.filter(comment__in=[c.pk for c in comments]).values(*names, **hits)
    by_comment: dict[int, list[dict]] = {}
    for row in sorted(rows.order_by("opened", "pk", "hits__pk"), key=lambda row: row["closed"] is None):
        by_comment.setdefault(row["comment"], []).append(row)
    return by_comment


def _records(authors: set[int]) -> QuerySet[Author]:
    """Authors with what they have written by state, notes, and marks of trust and bans."""
    wrote = Comment.objects.filter(author=OuterRef("pk")).order_by()
    now: datetime.datetime = timezone.now()
    banned = Ban.objects.filter(author=OuterRef("pk"), lifted_at=None, until__gt=now)
    proved = Address.objects.filter(author=OuterRef("pk"), verified_at__isnull=False)
    notes = Note.objects.filter(author=OuterRef("pk")).order_by().values(n=over_all("COUNT", "pk"))
    counted = {
        f"{state}_count": Coalesce(Subquery(wrote.filter(state=state).values(n=over_all("COUNT", "pk"))), 0)
        for state in (State.HELD, State.VISIBLE, State.REJECTED, State.SPAM, State.REMOVED)
    }
    return Author.objects.filter(pk__in=authors).annotate(
        **counted, notes_count=Subquery(notes), is_banned=Exists(banned), is_proved=Exists(proved)
    )
