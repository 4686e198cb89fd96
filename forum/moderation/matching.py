"""The rules that admins set, held against a text: words, patterns, links, length and repetition."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, islice
from typing import Self

import re2
from django.utils.translation import gettext as _

from forum.moderation import matching_patterns as patterns
from forum.moderation.matching_patterns import RuleError
from forum.moderation.models_policy import Rule
from forum.site.models import SitePolicy
from forum.text.folding import WORD, Folded, anywhere, fold, whole, words_in
from forum.text.tidy import one_line, plain

LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]{3,300}", re.IGNORECASE)
LONGEST_TEXT, LONGEST_LABEL, LONGEST_MATCH = 300, 100, 200
MOST_OF_A_RULE = 20  # hits of one rule in one text
# What the number of a rule may be: less is no rule, more never happens.
NUMBERS = {
    Rule.Kind.LINKS: (0, 1_000),
    Rule.Kind.SHORTER: (1, 20_000),
    Rule.Kind.LONGER: (1, 20_000),
    Rule.Kind.REPEATED: (1, 1_000),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that speaks for looking, and what it matched of the source text, if it looks at the text."""

    rule: str
    matched: str = ""
    start: int | None = None
    end: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a rule says, whether it is stored or only typed; `name` is what hits call it."""

    name: str
    kind: str
    text: str = ""
    number: int | None = None
    inside: bool = False
    effect: str = Rule.Effect.HOLD
    label: str = ""

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """What a stored rule says."""
        label = str(rule)[:LONGEST_LABEL]
        said = (rule.kind, rule.text, rule.number, rule.inside, rule.effect)
        return cls(f"rule-{rule.pk}", *said, label)


def checked(spec: Spec) -> Spec:
    """The rule, tidied: without what its kind does not use. Raises RuleError when it cannot be used."""
    spec = _tidied(spec)
    if spec.kind == Rule.Kind.PATTERN:
        patterns.made(spec.text)
    return spec


class Ruleset:
    """Rules made ready to be held against many texts, each pattern once.

    Raises RuleError for one that cannot be used, unless such are to be left out: one that an older version
    stored must not stop every reply.
    """

    def __init__(self, specs: Iterable[Spec], *, leave_out: bool = False) -> None:
        self._words: dict[str, list[_Words]] = {}
        self._parts: list[_Words] = []
        self._allowed: list[_Words] = []
        self._others: list[Spec] = []
        self._patterns: list[tuple[Spec, re2._Regexp]] = []
        self._effects: dict[str, str] = {}
        for spec in specs:
            try:
                if leave_out:
                    _tidied(spec)
                self._add(spec)
            except RuleError:
                if not leave_out:
                    raise

    def __len__(self) -> int:
        return len(self._effects)

    def effect(self, name: str) -> str:
        """What the rule of this name does, "" when it is none of these."""
        return self._effects.get(name, "")

    def hits(self, text: str) -> list[Hit]:
        """What these rules find in a text, in its order; what an allowed word covers is not found."""
        folded = Folded(text)
        found = [(words.spec, span) for words in self._possible(folded) for span in words.find(folded)]
        for spec in self._others:
            found += [(spec, span) for span in _find(spec, folded)]
        for spec, pattern in self._patterns:
            found += [(spec, span) for span in _matches(pattern, folded)]
        if found and self._allowed:
            free = [span for words in self._allowed for span in words.find(folded)]
            found = [(spec, span) for spec, span in found if not _is_free(spec, span, free)]
        hits = [_hit(spec, span, text) for spec, span in found]
        return sorted(hits, key=lambda hit: (hit.start or 0, hit.end or 0, hit.rule))

    def _add(self, spec: Spec) -> None:
        if spec.kind == Rule.Kind.WORDS:
            self._add_words(spec)
        elif spec.kind == Rule.Kind.PATTERN:
            self._patterns.append((spec, patterns.made(spec.text)))
        else:
            self._others.append(spec)
        self._effects[spec.name] = spec.effect

    def _add_words(self, spec: Spec) -> None:
        words = _Words(spec)
        if spec.effect == Rule.Effect.ALLOW:
            self._allowed.append(words)
        elif spec.inside or not WORD.search(words.needle):
            self._parts.append(words)
        else:
            self._words.setdefault(words.needle, []).append(words)

    def _possible(self, folded: Folded) -> Iterator["_Words"]:
        """The rules of words whose longest word is there; the only ones worth a closer look."""
        for words in self._parts:
            if words.needle in folded.text:
                yield words
        if len(self._words) <= 20:  # sooner asked one by one than by all words of the text
            for needle in self._words:
                if needle in folded.text:
                    yield from self._words[needle]
            return
        for word in self._words.keys() & set(words_in(folded.text)):
            yield from self._words[word]


def in_force(policy: SitePolicy) -> Ruleset:
    """The active rules. No statement while the policy's `rules_key` is the one that was read last.

    While no rule has ever been changed there is no key, and the rules are read each time.
    """
    if policy.rules_key and (known := _kept.get(policy.rules_key)) is not None:
        return known
    rules = _made(tuple(acting()))
    _kept.clear()
    _kept[policy.rules_key] = rules
    return rules


_kept: dict[str, Ruleset] = {}  # what this process has read last, by the key that held then


def acting() -> list[Spec]:
    """What the active rules say, oldest first; of patterns only as many as may act. One statement."""
    specs = [Spec.of(rule) for rule in Rule.objects.filter(active=True).order_by("pk")]
    found = [spec.name for spec in specs if spec.kind == Rule.Kind.PATTERN]
    resting = set(found[patterns.MOST_PATTERNS :])
    return [spec for spec in specs if spec.name not in resting]


@lru_cache(maxsize=2)
def _made(specs: tuple[Spec, ...]) -> Ruleset:
    return Ruleset(specs, leave_out=True)


class _Words:
    """A word or phrase; `needle` is its longest word, without which it cannot be there."""

    __slots__ = ("_expression", "needle", "spec")

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        text = _folded_words(spec.text)
        if not text:
            raise RuleError(_no_text())
        self.needle = max(text.split() if spec.inside else words_in(text) or text.split(), key=len)
        self._expression: re.Pattern[str] | None = None

    def find(self, folded: Folded) -> Iterator[tuple[int, int]]:
        """Where it stands in the source."""
        if self.needle not in folded.text:
            return
        if self._expression is None:
            make = anywhere if self.spec.inside else whole
            self._expression = make(_folded_words(self.spec.text))
        for match in islice(self._expression.finditer(folded.text), MOST_OF_A_RULE):
            yield folded.span(*match.span())


def _folded_words(text: str) -> str:
    return " ".join(fold(text).split())


def _matches(pattern: "re2._Regexp", folded: Folded) -> Iterator[tuple[int, int]]:
    for match in islice(pattern.finditer(folded.text), MOST_OF_A_RULE):
        if match.end() > match.start():
            yield folded.span(*match.span())


def _find(spec: Spec, folded: Folded) -> Iterator[tuple[int, int] | None]:
    """Where a rule that counts finds something in the source; None for the text as a whole."""
    text, number = folded.source, spec.number or 0
    match spec.kind:
        case Rule.Kind.LINKS:
            for match in islice(LINK.finditer(text), number, number + 1):
                yield match.span()
        case Rule.Kind.SHORTER:
            yield from [None] if len(text.strip()) < number else []
        case Rule.Kind.LONGER:
            yield from [None] if len(text.strip()) > number else []
        case Rule.Kind.REPEATED:
            yield from [folded.span(*span) for span in islice(_runs(folded.text, number), 1)]


def _runs(folded: str, number: int) -> Iterator[tuple[int, int]]:
    """From where to where the same word or sign stands more often in a row than `number`."""
    words = ((m.group(), m.span()) for m in WORD.finditer(folded))
    signs = ((c, (n, n + 1)) for n, c in enumerate(folded) if not c.isspace())
    for items in (words, signs):
        for _same, run in groupby(items, key=lambda item: item[0]):
            spans = [span for _item, span in run]
            if len(spans) > number:
                yield spans[0][0], spans[-1][1]


def _is_free(spec: Spec, span: tuple[int, int] | None, free: Iterable[tuple[int, int]]) -> bool:
    if span is None or spec.kind not in {Rule.Kind.WORDS, Rule.Kind.PATTERN}:
        return False
    return any(start <= span[0] and span[1] <= end for start, end in free)


def _hit(spec: Spec, span: tuple[int, int] | None, text: str) -> Hit:
    if span is None:
        return Hit(spec.name, label=spec.label)
    start, end = span
    return Hit(spec.name, text[start:end][:LONGEST_MATCH], start, end, spec.label)


def _tidied(spec: Spec) -> Spec:
    """As `checked`, without making a pattern ready."""
    if spec.kind not in Rule.Kind.values:
        raise RuleError(_("There is no such kind of rule."))
    if spec.effect not in Rule.Effect.values:
        raise RuleError(_("A rule cannot do that."))
    if spec.effect == Rule.Effect.ALLOW and spec.kind != Rule.Kind.WORDS:
        raise RuleError(_("Only words can be allowed, not what a rule of another kind finds."))
    spec = replace(spec, label=one_line(spec.label, LONGEST_LABEL))
    if spec.kind in NUMBERS:
        return replace(spec, text="", inside=False, number=_number(spec))
    text = _text(spec)
    if spec.kind == Rule.Kind.WORDS:
        _check_words(text, spec.inside)
        return replace(spec, text=text, number=None)
    return replace(spec, text=text, number=None, inside=False)


def _text(spec: Spec) -> str:
    text = plain(spec.text).strip()
    if spec.kind == Rule.Kind.WORDS:
        text = " ".join(text.split())
    if not text:
        raise RuleError(_no_text())
    if len(text) > LONGEST_TEXT:
        said = {"length": f"{len(text):,}", "limit": LONGEST_TEXT}
        raise RuleError(
            _("The text of the rule is %(length)s characters long; the most that fits is %(limit)s.") % said
        )
    return text


def _check_words(text: str, inside: bool) -> None:
    folded = _folded_words(text)
    if not folded:
        raise RuleError(_("Nothing of these words can be seen, so no text can hold them."))
    if inside and len(folded) == 1 and folded.isascii():
        raise RuleError(_("One letter within longer words would be found nearly everywhere."))


def _number(spec: Spec) -> int:
    least, most = NUMBERS[Rule.Kind(spec.kind)]
    if spec.number is None:
        raise RuleError(_("A rule of this kind needs a number."))
    if not least <= spec.number <= most:
        said = {"least": least, "most": f"{most:,}"}
        raise RuleError(_("The number has to be between %(least)s and %(most)s.") % said)
    return spec.number


def _no_text() -> str:
    return _("A rule of this kind needs a text to look for.")
