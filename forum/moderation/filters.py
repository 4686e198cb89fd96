"""What of the queue somebody wants to see: parsed from an address, as rows, as an address, and in words.

Whatever decides over a filter uses `Filter.of`, `Filter.rows`, `Filter.query` and `Filter.sentence`.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forum.accounts.models import Author
from forum.accounts.viewer import Viewer
from forum.articles.models import Article
from forum.moderation.models import Case, RuleHit
from forum.moderation.models_people import Note
from forum.moderation.models_policy import Rule
from forum.text.tidy import one_line, plain
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import Origin, State

HELD, REPORTED, EDITED, APPEALS, TAKEDOWNS, SPAM = (
    *("held", "reported", "edited", "appeals", "takedowns", "spam"),
)
TABS = {
    HELD: gettext_lazy("held"),
    REPORTED: gettext_lazy("reported"),
    EDITED: gettext_lazy("edited by their authors"),
    APPEALS: gettext_lazy("appealed"),
    TAKEDOWNS: gettext_lazy("asked to be taken down"),
    SPAM: gettext_lazy("marked as spam"),
}
# The tabs that show what a case of some cause is open on, whatever its state.
CAUSES = {
    REPORTED: Case.Cause.REPORTS,
    EDITED: Case.Cause.EDIT,
    APPEALS: Case.Cause.APPEAL,
    TAKEDOWNS: Case.Cause.TAKEDOWN,
}
OLDEST, NEWEST, RISK = "oldest", "newest", "risk"
SORTS = {
    OLDEST: gettext_lazy("Oldest first"),
    NEWEST: gettext_lazy("Newest first"),
    RISK: gettext_lazy("Risk first"),
}
# The fields of each order around the moment that its tab goes by; the last is always the number, which
# settles what else is equal.
ORDERS = {
    OLDEST: ("{moment}", "pk"),
    NEWEST: ("-{moment}", "-pk"),
    RISK: ("-risk", "{moment}", "pk"),
}
AGES = {
    24: gettext_lazy("waiting for more than a day"),
    72: gettext_lazy("waiting for more than 3 days"),
    168: gettext_lazy("waiting for more than a week"),
}
FLAGS = {
    "link": gettext_lazy("with a link"),
    "guest": gettext_lazy("by guests"),
    "newcomer": gettext_lazy("by newcomers"),
    "refused_before": gettext_lazy("by people who were refused before"),
    "noted": gettext_lazy("with a note"),
    "answered": gettext_lazy("with replies"),
}
REASONS = {
    **dict(Case.Cause.choices),
    "hold_all": gettext_lazy("Every reply is held"),
    "hold_newcomers": gettext_lazy("Not trusted yet"),
    "honeypot": gettext_lazy("A hidden field was filled in"),
    "link": gettext_lazy("A link"),
    "guest": gettext_lazy("Written by a guest"),
    "newcomer": gettext_lazy("Nothing of theirs is published yet"),
    "refused_before": gettext_lazy("Words of theirs were refused before"),
    "hold_guests": gettext_lazy("Guests are held"),
    "hold_links": gettext_lazy("Replies with a link are held"),
    "closed": gettext_lazy("No replies are taken"),
    "read_only": gettext_lazy("The site is an archive"),
    "spam_model": gettext_lazy("Looks like earlier spam"),
    "spam_perhaps": gettext_lazy("Looks a little like earlier spam"),
    "said_before": gettext_lazy("Somebody has sent the same text before"),
    "said_again": gettext_lazy("They have sent the same text before"),
    "too_quick": gettext_lazy("Sent sooner than a person writes"),
    "no_form": gettext_lazy("A link, sent without our form"),
    "link_in_name": gettext_lazy("The name is an address"),
}
OWN_RULE = re.compile(r"rule-([0-9]{1,18})")
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """One view of the queue; `unknown` are the names of what was asked for and made no sense."""

    tab: str = HELD
    article: int | None = None
    author: int | None = None
    person: str = ""
    q: str = ""
    older: int | None = None
    reason: str = ""
    flags: tuple[str, ...] = ()
    sort: str = OLDEST
    unknown: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, params: QueryDict) -> Self:
        """The filter that an address asks for; nonsense in a parameter is left out and named in `unknown`."""
        asked = {name: params.get(name, "").strip() for name in READ}
        read = {name: READ[name](raw) for name, raw in asked.items() if raw}
        known = {name: value for name, value in read.items() if value is not None}
        flags = params.getlist("flag")
        chosen = tuple(flag for flag in FLAGS if flag in flags)
        unknown = [name for name, value in read.items() if value is None]
        if any(flag and flag not in FLAGS for flag in flags):
            unknown.append("flag")
        return cls(**known, flags=chosen, unknown=tuple(unknown))

    def rows(self, viewer: Viewer) -> CommentQuerySet:
        """The comments of this filter that the viewer may see, without an order."""
        found = _in_tab(Comment.objects.visible_to(viewer), self.tab)
        if self.article is not None:
            found = found.filter(article=self.article)
        if self.author is not None:
            found = found.filter(author=self.author)
        if self.person:
            found = found.filter(
                Q(name_shown__icontains=self.person) | Q(author__name__icontains=self.person)
            )
        if self.q:
            found = found.filter(Q(body_source__icontains=self.q) | Q(name_shown__icontains=self.q))
        if self.older is not None:
            latest = timezone.now() - datetime.timedelta(hours=self.older)
            found = found.filter(**{f"{moment_of(self.tab)}__lte": latest})
        if self.reason:
            found = found.filter(_held_for(self.reason, open_only=self.tab != SPAM))
        for flag in self.flags:
            found = found.filter(_marked(flag, open_only=self.tab != SPAM))
        return found

    def query(self) -> str:
        """The filter as the query of an address, always the same for the same filter and never empty."""
        pairs: list[tuple[str, object]] = [("tab", self.tab)]
        pairs += [
            (name, value) for name in READ if name not in {"tab", "sort"} and (value := getattr(self, name))
        ]
        pairs += [("flag", flag) for flag in self.flags]
        if self.sort != OLDEST:
            pairs.append(("sort", self.sort))
        return urlencode(pairs)

    def sentence(self, title: str | None = None, name: str | None = None) -> str:
        """What the filter shows, in words; `title` of the article and `name` of the author are looked up
        when they are needed and not given."""
        said = [str(TABS[self.tab])]
        said += [str(FLAGS[flag]) for flag in self.flags]
        if self.author is not None:
            name = _name_of(self.author) if name is None else name
            said.append(_("by “%(name)s”") % {"name": name})
        if self.person:
            said.append(_("by somebody called “%(words)s”") % {"words": self.person})
        if self.article is not None:
            title = _title_of(self.article) if title is None else title
            said.append(_("in “%(title)s”") % {"title": title})
        if self.q:
            said.append(_("with the words “%(words)s”") % {"words": self.q})
        if self.older is not None:
            said.append(str(AGES[self.older]))
        if self.reason:
            said.append(_("because of: %(reason)s") % {"reason": reason_in_words(self.reason)})
        return ", ".join(said)

    @property
    def is_whole_tab(self) -> bool:
        """Whether nothing is left out of the tab, so that its count is the filter's."""
        return self == Filter(tab=self.tab, sort=self.sort)

    def misunderstood(self) -> str:
        """One sentence about what made no sense, "" when all did."""
        if not self.unknown:
            return ""
        said = ngettext(
            "This part of the address says nothing here and was left out: %(names)s.",
            "These parts of the address say nothing here and were left out: %(names)s.",
            len(self.unknown),
        )
        return said % {"names": ", ".join(self.unknown)}


def order_of(tab: str, sort: str) -> tuple[str, ...]:
    """The fields that a tab goes by: of what is held or reported, the urgent comes first in every order."""
    fields = tuple(name.format(moment=moment_of(tab)) for name in ORDERS[sort])
    return ("-urgent", *fields) if tab in {HELD, REPORTED} else fields


def moment_of(tab: str) -> str:
    """The field with the moment that a tab goes by: since when it is held, elsewhere when it was received."""
    return "held_at" if tab == HELD else "received_at"


def reason_in_words(reason: str, label: str = "") -> str:
    """A cause or the name of a rule as people say it; the name itself when nobody has given it words.

    `label` is what a hit says beside the name: all there is to say of a rule of the admins', and how much
    of a built-in one. Without it a rule of the admins' is looked up, in one statement.
    """
    if own := OWN_RULE.fullmatch(reason):
        rule = None if label else Rule.objects.filter(pk=int(own[1])).first()
        return label or (str(rule) if rule else reason)
    words = str(REASONS.get(reason, reason.replace("_", " ")))
    return f"{words}: {label}" if label else words


def _number(raw: str) -> int | None:
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= 18 and int(raw) else None


def _words(raw: str) -> str | None:
    return one_line(plain(raw), LONGEST) or None


def _slug(raw: str) -> str | None:
    return raw if len(raw) <= 40 and raw.isascii() and raw.replace("-", "_").isidentifier() else None


def _age(raw: str) -> int | None:
    return number if (number := _number(raw)) in AGES else None


READ: dict[str, Callable[[str], object]] = {
    "tab": lambda raw: raw if raw in TABS else None,
    "article": _number,
    "author": _number,
    "person": _words,
    "q": _words,
    "older": _age,
    "reason": _slug,
    "sort": lambda raw: raw if raw in SORTS else None,
}


def _in_tab(rows: CommentQuerySet, tab: str) -> CommentQuerySet:
    if tab in CAUSES:
        open_ = Case.objects.filter(closed=None, cause=CAUSES[tab])
        return rows.filter(pk__in=open_.values("comment"))
    return rows.filter(state=State.SPAM if tab == SPAM else State.HELD)


def _held_for(reason: str, *, open_only: bool) -> Q:
    if reason not in Case.Cause.values:
        return _hit(reason, open_only=open_only)
    cases = Case.objects.filter(cause=reason)
    return Q(pk__in=(cases.filter(closed=None) if open_only else cases).values("comment"))


def _hit(rule: str, *, open_only: bool) -> Q:
    hits = RuleHit.objects.filter(rule=rule)
    return Q(pk__in=(hits.filter(case__closed=None) if open_only else hits).values("case__comment"))


def _marked(flag: str, *, open_only: bool) -> Q:
    if flag == "guest":
        return Q(origin=Origin.LIVE) & (Q(author=None) | Q(author__kind=Author.Kind.GUEST))
    if flag == "noted":
        about = Q(comment=OuterRef("pk")) | Q(author=OuterRef("author"))
        return Q(Exists(Note.objects.filter(about)))
    if flag == "answered":
        return Q(rght__gt=F("lft") + 1)
    return _hit(flag, open_only=open_only)


def _title_of(article: int) -> str:
    return Article.objects.filter(pk=article).values_list("title", flat=True).first() or str(article)


def _name_of(author: int) -> str:
    return Author.objects.filter(pk=author).values_list("name", flat=True).first() or str(author)
