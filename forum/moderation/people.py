"""One person as the desk may know them: never an e-mail or network address, and nobody's private mutes."""

from dataclasses import dataclass

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from forum.accounts.models import Author, User
from forum.accounts.viewer import Viewer
from forum.accounts.writing import stop_trusting
from forum.moderation import bans, queries
from forum.moderation.models import Decision
from forum.moderation.models_people import Ban
from forum.moderation.rules_trust import is_trusted
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import State

NAMES, DECISIONS, BANS, LOG = 20, 20, 20, 5
BEGINS = 300
UNTRUSTED = "trust taken back"


class NotTrustedError(Exception):
    """Nobody trusts them, so there is nothing to take back."""


@dataclass(frozen=True, slots=True)
class Person:
    """What stands on a person's page at the desk, beside their comments and the notes.

    `counts` are pairs of a state's label and a number, `names` other names that they signed with,
    `selves` the archived persons that their account has been, `log` who took trust back and when.
    `is_trusted` says whether they pass where newcomers are held, by a moderator's word or by approvals.
    """

    author: Author
    writer: Author | None
    counts: list[tuple[str, int]]
    held: int
    names: list[str]
    selves: list[Author]
    bans: list[Ban]
    decisions: QuerySet[Decision]
    log: list[LogEntry]
    is_trusted: bool = False

    @property
    def is_banned(self) -> bool:
        """Whether a ban stands against them."""
        return any(ban.stands and ban.kind == Ban.Kind.PERSON for ban in self.bans)


def look(number: int) -> Person:
    """A person by their number as an author, in a fixed number of statements. Raises Author.DoesNotExist."""
    author = Author.objects.select_related("user", "claimed_by").get(pk=number)
    words = Comment.objects.filter(author=author, erased_at=None)
    rows = words.order_by().values_list("state").annotate(n=Count("pk"))
    in_state: dict[str, int] = dict(rows)
    others = words.exclude(name_shown=author.name).exclude(name_shown="")
    selves = Author.objects.filter(claimed_by=author.user_id, erased_at=None).exclude(claimed_by=None)
    writer = bans.writer(author)
    whose = Q(author=writer or author)
    on_them = queries.decided().filter(comment__author=author, comment__erased_at=None)
    return Person(
        author=author,
        writer=writer,
        counts=[(str(state.label), in_state[state]) for state in State if state in in_state],
        held=in_state.get(State.HELD, 0),
        names=list(others.order_by().values_list("name_shown", flat=True).distinct()[:NAMES]),
        selves=list(selves.order_by("name", "pk")[:NAMES]),
        bans=list(bans.listed().filter(whose | Q(decision__comment__author=author))[:BANS]),
        decisions=on_them[:DECISIONS],
        log=list(_log_of(author)[:LOG]),
        is_trusted=is_trusted(author, SitePolicy.objects.current()),
    )


def words_of(author: Author, viewer: Viewer) -> CommentQuerySet:
    """What a person wrote and nobody has erased, in whatever state, newest first: with `begins`, the first
    characters of the text, and without the long texts themselves."""
    rows = Comment.objects.visible_to(viewer).filter(author=author, erased_at=None).select_related("article")
    long = ("body_source", "body_html", "article__body_source", "article__body_html", "article__disclosure")
    begins = Left("body_source", BEGINS)
    return rows.defer(*long).annotate(begins=begins).order_by("-received_at", "-pk")


def take_trust_back(number: int, actor: User) -> Author:
    """Hold what a person writes again; the log of the site keeps who said so.

    What was approved so far does not make them trusted any more either.

    Raises Author.DoesNotExist and NotTrustedError.
    """
    with transaction.atomic():
        author = Author.objects.select_for_update(no_key=True).get(pk=number)
        if author.trusted_at is None and not is_trusted(author, SitePolicy.objects.current()):
            raise NotTrustedError
        stop_trusting([author.pk], timezone.now())
        LogEntry.objects.create(
            user=actor,
            content_type=ContentType.objects.get_for_model(Author),
            object_id=str(author.pk),
            object_repr=author.name[:200],
            action_flag=CHANGE,
            change_message=UNTRUSTED,
        )
        return author


def _log_of(author: Author) -> QuerySet[LogEntry]:
    kind = ContentType.objects.get_for_model(Author)
    mine = LogEntry.objects.filter(content_type=kind, object_id=str(author.pk), change_message=UNTRUSTED)
    return mine.select_related("user").order_by("-action_time", "-pk")
