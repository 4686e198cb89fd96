"""What a rule would have held of the comments that are there, and what of it moderators refused anyway."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import Case, TextField, When
from django.db.models.functions import Coalesce

from forum.accounts.viewer import Viewer
from forum.moderation import policy_rules, rules
from forum.moderation.matching import Hit, Ruleset, Spec, acting
from forum.moderation.models_policy import Rehearsal, Rule
from forum.moderation.policy import RULE, fields_of
from forum.text.folding import Folded, anywhere, fold, whole
from forum.text.render import TEXT
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import REFUSED, Kind, Origin, State

PORTION = 2_000
SAMPLES = 20
THINNED = 2_000  # hits of which the times are looked up, to choose the samples from
NAMES = 10_000  # that are kept with what was found in them, since many comments have the same
AROUND = 90  # characters on each side of what was matched
LOOKED_AT = (State.VISIBLE, State.HELD, State.REJECTED, State.SPAM, State.REMOVED)
ARCHIVE, LIVE = "archive", "live"  # the groups of what is visible; the others go by their state
HOLDING = (Rule.Effect.HOLD, Rule.Effect.CRISIS)
STORED = Case(When(source_format=TEXT, then="body_source"), default="body_html", output_field=TextField())

Told = Callable[[int, int], None]


Found = tuple[Hit, bool]  # whether it is in the name


@dataclass(frozen=True, slots=True)
class Trial:
    """Whether a proposed rule finds something in a text or in the name below it, and what it finds first,
    with whether that is in the name, which takes longer."""

    finds: Callable[[str, str], bool]
    first: Callable[[str, str], Found | None]


@dataclass(frozen=True, slots=True)
class Sample:
    """One comment that a rule would have held: the words before, what was matched, and the words behind,
    of the comment or of the name that it is signed with."""

    comment: Comment
    before: str
    matched: str
    after: str
    in_name: bool = False


def count_of(tried: Rehearsal) -> int:
    """How many comments a rehearsal of a rule goes through."""
    return _comments().count()


def result_of(tried: Rehearsal, told: Told) -> dict[str, Any]:
    """How many comments of each group there are and how many of them the rule finds, with samples.

    Raises matching.RuleError when the proposal is no rule.
    """
    finds = trial(tried.proposal).finds
    counts = {group: [0, 0] for group in (ARCHIVE, LIVE, *LOOKED_AT[1:])}
    approved: list[int] = []
    caught: list[int] = []
    done, total = 0, count_of(tried)
    for portion in _portions():
        for number, state, origin, source_format, stored, name in portion:
            group = state if state != State.VISIBLE else ARCHIVE if origin == Origin.ARCHIVE else LIVE
            count = counts[group]
            count[0] += 1
            if finds(rules.words_of(stored, source_format), name):
                count[1] += 1
                (caught if group in REFUSED else approved if state == State.VISIBLE else []).append(number)
        done += len(portion)
        told(min(done, total), total)
    return {"counts": counts, "approved": spread(approved), "caught": spread(caught)}


def trial(proposal: Mapping[str, Any]) -> Trial:
    """What finds a proposed rule's match in a text, with the words that are allowed taken into account.

    Of a rule that allows a word it finds what others hold today and would not hold then. Raises
    matching.RuleError when the proposal is no rule.
    """
    number = proposal.get("rule")
    own = policy_rules.checked(proposal, f"{RULE}{number}" if number else policy_rules.PROPOSED)
    others = [spec for spec in acting() if spec.name != own.name]
    if own.effect == Rule.Effect.ALLOW:
        return _no_longer(own, others)
    allowing = [spec for spec in others if spec.effect == Rule.Effect.ALLOW and _could_free(spec, own)]
    quickly, beside = _quickly(own), Ruleset([own, *allowing], leave_out=True)

    def one(text: str, *, in_name: bool = False) -> Hit | None:
        hits = _in_name(beside, text) if in_name else beside.hits(text)
        return next((hit for hit in hits if hit.rule == own.name), None)

    @lru_cache(maxsize=NAMES)
    def named(name: str) -> Hit | None:
        return one(name, in_name=True)

    def finds(text: str, name: str) -> bool:
        return quickly(text) and (not allowing or one(text) is not None) or named(name) is not None

    def first(text: str, name: str) -> Found | None:
        if (hit := one(text)) is not None:
            return hit, False
        return None if (hit := named(name)) is None else (hit, True)

    return Trial(finds, first)


def samples(tried: Rehearsal, group: str, viewer: Viewer) -> list[Sample]:
    """The samples of a result as they read today, oldest first, with what the rule finds in them marked.

    What has been erased or worded anew since is left out.
    """
    numbers = tried.result.get(group, [])
    there = Comment.objects.visible_to(viewer).filter(pk__in=numbers, erased_at=None)
    rows = there.select_related("article").order_by(Coalesce("posted_at", "received_at"), "pk")
    first = trial(tried.proposal).first
    found = []
    for comment in rows:
        text = rules.text_of(comment)
        hit, in_name = first(text, comment.name_shown) or (None, False)
        if hit is not None:
            cut = _cut(comment.name_shown if in_name else text, hit)
            found.append(Sample(comment, *cut, in_name))
    return found


def seen_in(tried: Rehearsal, rule: Rule) -> dict[str, Any]:
    """What the page had shown of a rule when a change of it was tried; saving says it again.

    The rule as it is now where that is not known, or where it was another rule that was tried.
    """
    known = tried.proposal.get("seen") if tried.proposal.get("rule") == rule.pk else None
    return known or fields_of(rule)


def approved_of(tried: Rehearsal) -> tuple[int, int]:
    """Of a result: how many approved comments there are, and how many of them the rule finds."""
    counts = tried.result["counts"]
    return counts[ARCHIVE][0] + counts[LIVE][0], counts[ARCHIVE][1] + counts[LIVE][1]


def spread(numbers: Sequence[int], most: int = SAMPLES) -> list[int]:
    """Some of these comments, as evenly over the time in which they were written as there are any."""
    chosen = _evenly(numbers, THINNED)
    if len(chosen) <= most:
        return list(chosen)
    when = Coalesce("posted_at", "received_at")
    by_time = [
        number
        for at in range(0, len(chosen), 500)
        for number in Comment.objects.filter(pk__in=chosen[at : at + 500]).values_list(when, "pk")
    ]
    return _evenly([number for _moment, number in sorted(by_time)], most)


def _evenly(numbers: Sequence[int], most: int) -> list[int]:
    if len(numbers) <= most:
        return list(numbers)
    step = (len(numbers) - 1) / (most - 1)
    return [numbers[round(n * step)] for n in range(most)]


def _comments() -> CommentQuerySet:
    return Comment.objects.filter(kind=Kind.COMMENT, erased_at=None, state__in=LOOKED_AT)


def _portions() -> Iterator[list[tuple]]:
    """All comments in portions by number: no statement is long, and no row is read twice."""
    last = 0
    while True:
        rows = _comments().filter(pk__gt=last).order_by("pk")
        rows = rows.values_list("pk", "state", "origin", "source_format", STORED, "name_shown")
        portion = list(rows[:PORTION])
        if not portion:
            return
        last = portion[-1][0]
        yield portion


def _quickly(own: Spec) -> Callable[[str], bool]:
    """Whether one rule finds anything; of words it need not be known at which place of the source."""
    if own.kind != Rule.Kind.WORDS:
        alone = Ruleset([own])
        return lambda text: bool(alone.hits(text))
    words = " ".join(fold(own.text).split())
    expression = anywhere(words) if own.inside else whole(words)
    return lambda text: expression.search(Folded(text).text) is not None


def _no_longer(own: Spec, others: Sequence[Spec]) -> Trial:
    """What finds the first match of others that would not hold any more when a word is allowed."""
    if not _may_be_freed(own, others):
        return Trial(lambda text, name: False, lambda text, name: None)
    word, named = _quickly(own), lru_cache(maxsize=NAMES)(_quickly(own))
    before, after = Ruleset(others, leave_out=True), Ruleset([*others, own], leave_out=True)

    def held_by(ruleset: Ruleset, text: str, name: str) -> list[Found]:
        hits = [(hit, False) for hit in ruleset.hits(text)]
        hits += [(hit, True) for hit in _in_name(ruleset, name)]
        return [(hit, in_name) for hit, in_name in hits if ruleset.effect(hit.rule) in HOLDING]

    def first(text: str, name: str) -> Found | None:
        was = held_by(before, text, name) if word(text) or named(name) else []
        return was[0] if was and not held_by(after, text, name) else None

    return Trial(lambda text, name: first(text, name) is not None, first)


def _in_name(ruleset: Ruleset, name: str) -> list[Hit]:
    """What rules find in a name, as it is looked at when a reply comes: not how short it is."""
    return [hit for hit in ruleset.hits(name) if hit.start is not None] if name else []


def _may_be_freed(own: Spec, others: Sequence[Spec]) -> bool:
    """Whether any other rule could find something within the allowed word, which is all that it frees."""
    return any(spec.effect in HOLDING and _could_free(own, spec) for spec in others)


def _could_free(allowed: Spec, found: Spec) -> bool:
    """Whether what a rule finds could ever lie within an allowed word, and so be free."""
    if found.kind == Rule.Kind.PATTERN and not allowed.inside:
        return bool(_alone(found).hits(allowed.text))
    if found.kind == Rule.Kind.WORDS:
        return bool(_alone(replace(found, inside=True)).hits(allowed.text))
    return found.kind == Rule.Kind.PATTERN


@lru_cache(maxsize=4)  # one rule is asked about for each word that is allowed
def _alone(spec: Spec) -> Ruleset:
    return Ruleset([spec], leave_out=True)


def _cut(text: str, hit: Hit) -> tuple[str, str, str]:
    """The words around a match; those that a rule of length or number stands for are the first."""
    if hit.start is None or hit.end is None:
        return "", "", text[: 2 * AROUND] + ("…" if len(text) > 2 * AROUND else "")
    begin, end = max(hit.start - AROUND, 0), min(hit.end + AROUND, len(text))
    before = ("…" if begin else "") + text[begin : hit.start]
    return before, text[hit.start : hit.end][:200], text[hit.end : end] + ("…" if end < len(text) else "")
