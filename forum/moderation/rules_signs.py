"""What speaks for looking at a reply beside the admins' rules: its person, its sending, its repetition."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, TextField, Value, When
from django.db.models.functions import Length

from forum.accounts.models import Author
from forum.moderation.matching import LINK, LONGEST_MATCH, Hit
from forum.site.models import SitePolicy
from forum.text.folding import MOST_MARKS, fold
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import REFUSED, State

SHORTEST = 40  # characters; shorter texts, such as thanks, are said twice by honest people
RECENT = 200  # of each state, the newest are compared, and as many of the same person
FEWEST = 20  # letters and digits; of texts with less, such as faces, every sign is compared
BEGINNINGS = (24, 200)  # characters, of which others are told by the first few mostly
# Rules that hold a reply although the mode would let it pass.
HOLDING = {"spam_model", "said_before", "said_again", "too_quick", "no_form", "link_in_name"}
# Rules about the sending, which stay true of a comment however its words are changed.
OF_SENDING = {"honeypot", "too_quick", "no_form"}
_NO_WORD = re.compile(r"[\W_]+")
_ADDRESS_IN_NAME = re.compile(
    r"https?:|www\.|[\w-]\.(?:com|net|org|info|biz|ru|cn|shop|store|online|site|top|xyz|club)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a sending beside its text.

    `seconds` is how long the form was open, None when the form does not say; `has_form` whether what only
    our form sends came along; `email` the address that was typed, for nothing but spam.
    """

    seconds: float | None = None
    has_form: bool = True
    email: str = ""


def links(text: str) -> Iterator[Hit]:
    """Each web address in a text."""
    for match in LINK.finditer(text):
        yield Hit("link", match.group()[:LONGEST_MATCH], match.start(), match.end())


def of_name(name: str) -> Iterator[Hit]:
    """A name that is an address to be clicked."""
    if _ADDRESS_IN_NAME.search(name):
        yield Hit("link_in_name", name[:LONGEST_MATCH])


def of_sending(signs: Signs, text: str, policy: SitePolicy) -> Iterator[Hit]:
    """What a robot does and people do not: answer at once, or send links without having opened the form."""
    if signs.seconds is not None and signs.seconds < policy.form_seconds:
        yield Hit("too_quick")
    if not signs.has_form and LINK.search(text):
        yield Hit("no_form")


def repeated(text: str, author: Author | None, besides: int | None = None) -> Iterator[Hit]:
    """The same text among the newest of each kind, by whomever, wherever. One statement, none if it is short.

    Capitals, punctuation, white space and signs that nobody sees make no other text of it.

    `besides` is the number of a comment that does not count: the one that is judged.
    """
    if len(text) < SHORTEST:
        return
    newest = {
        State.HELD: ("-held_at", "-pk"),
        State.SPAM: ("-received_at", "-pk"),
        State.VISIBLE: ("-public_at", "-pk"),
    }
    bare = _bare(text)
    near = (min(len(bare), len(text)) * 3 // 4, len(text) * 4 // 3)
    # Asked of what is read, not in WHERE: for that PostgreSQL goes through all comments before the newest.
    said = Case(When(length__range=near, then="body_source"), default=Value(""), output_field=TextField())
    rows = Comment.objects.alias(length=Length("body_source")).annotate(said=said)
    rows = rows.exclude(pk=besides).order_by()
    parts = [
        rows.filter(pk__in=_of(state).order_by(*order).values("pk")[:RECENT])
        for state, order in newest.items()
    ]
    if author is not None:
        own = Comment.objects.filter(author=author).order_by("-pk").values("pk")
        parts.append(rows.filter(pk__in=own[:RECENT]))
    parts = [part.values_list("author", "said") for part in parts]
    known = {who for who, said in parts[0].union(*parts[1:], all=True) if _is_same(said, text, bare)}
    if author is not None and author.pk in known:
        yield Hit("said_again")
        known.discard(author.pk)
    if known:
        yield Hit("said_before")


def _bare(text: str) -> str:
    """What of a text is compared: its folded letters and digits."""
    return _NO_WORD.sub("", fold(text))


def _is_same(said: str, text: str, bare: str) -> bool:
    """Whether one text says another again, in other capitals, with other signs and spaces or hidden ones."""
    if said == text or len(bare) < FEWEST:
        return said == text
    # Most differ soon, and long ones take a while; the last letters may be half of something.
    begins = (_bare(said[:length])[:-MOST_MARKS] for length in BEGINNINGS)
    return all(bare.startswith(start) for start in begins) and _bare(said) == bare


def _of(state: State) -> CommentQuerySet:
    # Archived words have never been made public here; they would stand before all others on PostgreSQL.
    rows = Comment.objects.filter(state=state)
    return rows.filter(public_at__isnull=False) if state == State.VISIBLE else rows


def standing(author: Author | None) -> Iterator[Hit]:
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
