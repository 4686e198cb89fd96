"""Whether a new comment passes or is held, and why; asked before anything is written."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from forum.accounts.models import Address, Author
from forum.articles.models import Article
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from forum.threads.states import State

LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]{3,300}", re.IGNORECASE)
MOST_HITS = 20
REFUSED = (State.REJECTED, State.SPAM, State.REMOVED)
WEIGHTS = {"honeypot": 9, "link": 2, "refused_before": 3, "newcomer": 1, "guest": 1}
MOST_OF_ONE = 9


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that speaks for looking, and what it matched of the source text, if it looks at the text."""

    rule: str
    matched: str = ""
    start: int | None = None
    end: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a sending beside its text.

    `seconds` is how long the form was open, None when the form does not say; `has_form` whether what only
    our form sends came along; `email` the address that was typed, for nothing but spam.
    """

    seconds: float | None = None
    has_form: bool = True
    email: str = ""


NO_SIGNS = Signs()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that a new comment begins in, the rule that says so, and all that the desk should see.

    `risk` is the sum of the weights of the hits, each rule up to `MOST_OF_ONE`.
    """

    state: State
    rule: str
    hits: tuple[Hit, ...] = ()
    risk: int = 0
    urgent: int = 0


def screen(
    article: Article,
    policy: SitePolicy,
    *,
    text: str = "",
    author: Author | None = None,
    honeypot: bool = False,
    signs: Signs = NO_SIGNS,
) -> Verdict:
    """Everything is held unless the policy, or the article's own mode, says otherwise.

    `text` is what will be published and `author` who signs it. Whoever a moderator trusts passes where
    only newcomers are held. A filled honeypot field makes spam, which a moderator can still restore: some
    browsers fill in more than their owner sees.
    """
    if honeypot:
        return _verdict(State.SPAM, "honeypot", text, author)
    mode = article.mode or policy.mode
    if mode == Mode.OPEN:
        return Verdict(State.VISIBLE, "open")
    if mode == Mode.HOLD_NEWCOMERS and is_trusted(author):
        return Verdict(State.VISIBLE, "trusted")
    return _verdict(State.HELD, str(mode), text, author)


def is_trusted(author: Author | None) -> bool:
    """Whether a moderator has said that this person need not be held."""
    return author is not None and author.trusted_at is not None and author.erased_at is None


def trustable(author_ids: Iterable[int | None]) -> set[int]:
    """To whom of these trust could be tied at all: accounts, and guests with a proved address.

    Never a name or an address that anybody can type. One statement.
    """
    account, guest = Q(kind=Author.Kind.ACCOUNT), Q(kind=Author.Kind.GUEST)
    proved = Q(Exists(Address.objects.filter(author=OuterRef("pk"), verified_at__isnull=False)))
    known = {number for number in author_ids if number is not None}
    people = Author.objects.filter(account | guest & proved, pk__in=known, erased_at=None)
    return set(people.values_list("pk", flat=True)) if known else set()


def _verdict(state: State, rule: str, text: str, author: Author | None) -> Verdict:
    hits = (Hit(rule), *_links(text), *_standing(author))
    times = Counter(hit.rule for hit in hits)
    risk = sum(min(WEIGHTS.get(name, 0) * n, MOST_OF_ONE) for name, n in times.items())
    return Verdict(state, rule, hits[:MOST_HITS], risk)


def _links(text: str) -> Iterator[Hit]:
    for match in LINK.finditer(text):
        yield Hit("link", match.group()[:200], match.start(), match.end())


def _standing(author: Author | None) -> Iterator[Hit]:
    """What is known of the person, in two statements."""
    if author is None or author.kind == Author.Kind.GUEST:
        yield Hit("guest")
    if author is None:
        yield Hit("newcomer")
        return
    wrote = Comment.objects.filter(author=author)
    if not wrote.filter(state=State.VISIBLE).exists():
        yield Hit("newcomer")
    if wrote.filter(state__in=REFUSED).exists():
        yield Hit("refused_before")
