"""The policy, and what was changed of it, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forum.articles.models import Article
from forum.moderation.models_policy import PolicyChange, Rule
from forum.moderation.policy import ARTICLE, POLICY, RULE, RULES, UNDOING
from forum.site.forms import OWNED, label_of
from forum.site.models import TAKING_NO_REPLIES, Mode, SitePolicy

MODES = {
    Mode.HOLD_ALL: gettext_lazy("Every reply waits until a moderator has read it."),
    Mode.HOLD_NEWCOMERS: gettext_lazy(
        "Replies of newcomers wait for a moderator; trusted people are heard at once."
    ),
    Mode.HOLD_GUESTS: gettext_lazy(
        "Replies of guests wait for a moderator; those of accounts are public at once."
    ),
    Mode.HOLD_LINKS: gettext_lazy("Replies with a link wait for a moderator; the rest is public at once."),
    Mode.OPEN: gettext_lazy("Replies are public at once, unless a rule holds them."),
    Mode.CLOSED: gettext_lazy("No replies are taken."),
    Mode.READ_ONLY: gettext_lazy("The site is an archive: no replies are taken, and nothing is changed."),
}
SHOWN = 60  # characters of a long value in a list of changes
RULE_LABELS = {name: Rule._meta.get_field(name).verbose_name for name in ("kind", "text", "number", "inside")}
RULE_LABELS |= {name: Rule._meta.get_field(name).verbose_name for name in ("effect", "label", "language")}
RULE_LABELS["active"] = gettext_lazy("in force")


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a change, as people read it: its label, and what it was and is."""

    label: str | Promise
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """A change as a list shows it: of what, where that stands, its lines, and whether undo is offered."""

    change: PolicyChange
    subject: str
    link: tuple[str, int] | None
    lines: list[Line]
    summary: str
    can_be_undone: bool


def in_words(policy: SitePolicy) -> list[str]:
    """What holds now, one sentence for each thing that is on."""
    return [sentence for sentence in _sentences(policy) if sentence]


def _sentences(policy: SitePolicy) -> Iterator[str]:
    yield str(MODES[Mode(policy.mode)])
    taken = policy.mode not in TAKING_NO_REPLIES
    if taken and policy.mode == Mode.HOLD_NEWCOMERS:
        yield _trust(policy.trust_after)
    if taken:
        yield _counted(policy.close_after_days, _closed_after) or _("Discussions stay open, however old.")
        yield _counted(policy.spam_from, _spam)
        yield _limits(policy)
    yield _counted(policy.edit_minutes, _edit)
    yield _counted(policy.reports_to_hide, _reports)
    yield _counted(policy.alarm_after_hours, _alarm)
    if policy.public_log:
        yield _("Everybody can read the log of decisions, without names and words.")


def _trust(count: int) -> str:
    if not count:
        return _("Only moderators say who is trusted.")
    return ngettext(
        "An account or a proved address is trusted after %(n)s approved reply.",
        "An account or a proved address is trusted after %(n)s approved replies.",
        count,
    ) % {"n": count}


def _closed_after(count: int) -> str:
    return ngettext(
        "A discussion closes when nobody has replied for %(n)s day.",
        "A discussion closes when nobody has replied for %(n)s days.",
        count,
    ) % {"n": count}


def _spam(count: int) -> str:
    return _("What looks like spam by %(n)s per cent or more is held in every mode.") % {"n": count}


def _edit(count: int) -> str:
    return ngettext(
        "Authors can edit a public reply for %(n)s minute, until somebody answers.",
        "Authors can edit a public reply for %(n)s minutes, until somebody answers.",
        count,
    ) % {"n": count}


def _reports(count: int) -> str:
    return ngettext(
        "A report by %(n)s person with a proved address hides a reply.",
        "Reports by %(n)s people with proved addresses hide a reply.",
        count,
    ) % {"n": count}


def _alarm(count: int) -> str:
    return ngettext(
        "The desk raises an alarm when a reply has waited for %(n)s hour.",
        "The desk raises an alarm when a reply has waited for %(n)s hours.",
        count,
    ) % {"n": count}


def _limits(policy: SitePolicy) -> str:
    person, network = policy.person_per_hour, policy.network_per_hour
    said = {"person": person, "network": network}
    if person and network:
        return _("One person may post %(person)s replies in an hour, one network %(network)s.") % said
    if person:
        return _("One person may post %(person)s replies in an hour.") % said
    return _("One network may post %(network)s replies in an hour.") % said if network else ""


def _counted(count: int | None, sentence: Any) -> str:
    return sentence(count) if count else ""


def policy_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """The fields of the policy that differ, in the order of the form."""
    names = [name for name in OWNED if name in after and before.get(name) != after[name]]
    return [Line(label_of(name), _shown(name, before.get(name)), _shown(name, after[name])) for name in names]


def rule_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """The fields of a rule that differ; of one that is new those that say something."""
    names = [name for name in RULE_LABELS if name in after and before.get(name) != after[name]]
    if not before:
        names = [name for name in names if after[name] not in ("", None, False, True)]
    return [
        Line(RULE_LABELS[name], _shown(name, before.get(name)), _shown(name, after[name])) for name in names
    ]


def changes() -> QuerySet[PolicyChange]:
    """All changes, newest first."""
    return PolicyChange.objects.select_related("by").order_by("-pk")


def told(rows: Sequence[PolicyChange]) -> list[Told]:
    """Changes for a list, in two statements; of each subject the newest offers its undo."""
    articles = Article.objects.only("title").in_bulk(_numbers(rows, ARTICLE))
    rules = Rule.objects.in_bulk(_numbers(rows, RULE))
    found, seen = [], set()
    for row in rows:
        undoable = row.about not in seen and row.about.rstrip("0123456789") in UNDOING
        seen.add(row.about)
        found.append(_told(row, articles, rules, can_be_undone=undoable))
    return found


def in_short(rows: Sequence[PolicyChange]) -> dict[int, str]:
    """Changes by number as one line each, for a log; in two statements."""
    return {one.change.pk: _in_short(one) for one in told(rows)} if rows else {}


def _in_short(one: Told) -> str:
    lines = [f"{line.label}: {line.before} → {line.after}" for line in one.lines]
    return ". ".join([one.subject, *filter(None, [one.summary]), *lines])


def _told(row: PolicyChange, articles: dict, rules: dict, *, can_be_undone: bool) -> Told:
    number = _number_of(row.about)
    subject, link, lines, summary = _("Policy"), None, policy_lines(row.before, row.after), ""
    if row.about.startswith(RULE):
        subject = _("Rule “%(rule)s”") % {"rule": rules.get(number, number)}
        link = ("moderation:rule", number)
        lines = rule_lines(row.before, row.after)
        summary = "" if row.before else _("new")
    elif row.about.startswith(ARTICLE):
        title = articles[number].title if number in articles else "–"
        subject, link = _("Article “%(title)s”") % {"title": title}, ("moderation:article", number)
        lines = [Line(_("who is held"), mode_in_words(row.before["mode"]), mode_in_words(row.after["mode"]))]
    elif row.about == RULES:
        new = sum(not row.before.get(n) for n in row.after)
        subject, lines = _("Rules"), []
        summary = _("%(new)s new, %(changed)s changed") % {"new": new, "changed": len(row.after) - new}
    elif row.about != POLICY:
        subject, lines = _("What spam looks like"), []
        summary = _("learnt again")
    return Told(row, subject, link, lines, summary, can_be_undone)


def mode_in_words(mode: str | None) -> str:
    """A mode as a list names it; without one an article goes by the site's."""
    return str(Mode(mode).label) if mode in Mode.values else _("as the site")


def _shown(name: str, value: Any) -> str:
    if name == "mode":
        return mode_in_words(value)
    if name in {"kind", "effect"} and value:
        choices = Rule.Kind if name == "kind" else Rule.Effect
        return str(choices(value).label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, ""):
        return "–"
    text = str(value)
    return text if len(text) <= SHOWN else text[:SHOWN].rstrip() + "…"


def _numbers(rows: Sequence[PolicyChange], kind: str) -> list[int]:
    return [number for row in rows if row.about.startswith(kind) and (number := _number_of(row.about))]


def _number_of(about: str) -> int | None:
    tail = about.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else None
