"""Whether a new comment passes or is held, and why; asked before anything is written."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from forum.accounts.models import Author
from forum.articles.models import Article
from forum.moderation import matching, rules_signs, spam
from forum.moderation.matching import LINK, Hit, Ruleset
from forum.moderation.models_policy import Rule
from forum.moderation.rules_signs import HOLDING, Signs
from forum.moderation.rules_trust import is_trusted, trustable
from forum.moderation.spam_outside import Service, outside
from forum.site.models import TAKING_NO_REPLIES, Mode, SitePolicy
from forum.text import words
from forum.text.render import TEXT
from forum.threads.models import Comment
from forum.threads.states import State

__all__ = ["Hit", "Measures", "Signs", "Verdict", "find", "is_trusted", "screen", "trustable", "weigh"]
MOST_HITS = 20
MOST_OF_ONE = 9
WEIGHTS = {
    **{"honeypot": 9, "link": 2, "refused_before": 3, "newcomer": 1, "guest": 1, "hold_links": 0},
    **{"spam_model": 5, "spam_perhaps": 1, "said_before": 4, "said_again": 2},
    **{"too_quick": 3, "no_form": 3, "link_in_name": 4},
}
EFFECTS = {Rule.Effect.CRISIS: 6, Rule.Effect.HOLD: 3, Rule.Effect.MARK: 1}
NO_SIGNS = Signs()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that a new comment begins in, the rule that says so, and all that the desk should see.

    `risk` is the sum of the weights of the hits, each rule up to `MOST_OF_ONE`. `urgent` is 1 for the
    language of crisis.
    """

    state: State
    rule: str
    hits: tuple[Hit, ...] = ()
    risk: int = 0
    urgent: int = 0


@dataclass(frozen=True, slots=True)
class Measures:
    """What texts are held against: the admins' rules and what spam looks like, as they are in force."""

    rules: Ruleset
    model: spam.Model | None

    @classmethod
    def of(cls, policy: SitePolicy) -> Self:
        """Those of a policy, for one text or for many; no statement while its key is the same."""
        return cls(matching.in_force(policy), spam.in_force(policy))


def screen(
    article: Article,
    policy: SitePolicy,
    *,
    text: str = "",
    author: Author | None = None,
    honeypot: bool = False,
    signs: Signs = NO_SIGNS,
    name: str = "",
    besides: int | None = None,
    asks: bool = True,
) -> Verdict:
    """Whether the mode lets a text pass, and whether any rule holds it all the same. Nothing is deleted.

    `text` is what will be published, `author` who signs it, `name` what they sign with. `besides` is the
    number of the comment whose text it is, when it is there already. Without `asks` no outside service
    learns of it. A filled honeypot field makes spam, which a moderator can still restore: some browsers fill
    in more than their owner sees. The language of crisis is held even then, so that somebody sees it.
    """
    measures = Measures.of(policy)
    rules = measures.rules
    found = [*_find(text, policy, name, measures, outside() if asks else None)]
    urgent = any(rules.effect(hit.rule) == Rule.Effect.CRISIS for hit in found)
    if honeypot and not urgent:
        return weigh(State.SPAM, [Hit("honeypot"), *found, *rules_signs.standing(author)], rules)
    found += [Hit("honeypot")] if honeypot else []
    found += rules_signs.of_sending(signs, text, policy)
    found += rules_signs.repeated(text, author, besides)
    passes = _passes(article, policy, text, author)
    why = next((hit.rule for hit in found if honeypot or _holds(hit, rules)), "")
    if passes and not why:
        return Verdict(State.VISIBLE, passes, _kept(found, rules))
    mode = [] if passes else [Hit(str(_mode(article, policy)))]
    return weigh(State.HELD, [*mode, *found, *rules_signs.standing(author)], rules, rule=passes and why)


def find(text: str, policy: SitePolicy, name: str = "", measures: Measures | None = None) -> list[Hit]:
    """What the rules of today find in a text itself and in the name below it, whoever sent it and how.

    Whoever looks at many texts reads the `measures` once. Nobody outside is asked.
    """
    return [*_find(text, policy, name, measures or Measures.of(policy))]


def text_of(comment: Comment) -> str:
    """The words of a comment as rules read them: what was typed, or what an archived page shows."""
    stored = comment.body_source if comment.source_format == TEXT else comment.body_html
    return words_of(stored, comment.source_format)


def words_of(stored: str, source_format: str) -> str:
    """As `text_of`, from the source text of what was typed, and from the cleaned HTML of all else."""
    return stored if source_format == TEXT else words.of_html(stored)


def weigh(state: State, hits: Sequence[Hit], rules: Ruleset, rule: str = "") -> Verdict:
    """A verdict with its risk. Its rule is the first hit's when none is given; links come last."""
    hits = sorted(hits, key=lambda hit: hit.rule == "link")
    times = Counter(hit.rule for hit in hits)
    risk = sum(min(_weight(name, rules) * n, MOST_OF_ONE) for name, n in times.items())
    urgent = any(rules.effect(name) == Rule.Effect.CRISIS for name in times)
    return Verdict(state, rule or hits[0].rule, _kept(hits, rules), risk, int(urgent))


def _kept(hits: Sequence[Hit], rules: Ruleset) -> tuple[Hit, ...]:
    """As many hits as the desk is shown, in their order: of each rule one before others of the same rule,
    and those that hold before those that only mark."""
    times: Counter[str] = Counter()
    ranks = []
    for place, hit in enumerate(hits):
        ranks.append((times[hit.rule] > 0, not _holds(hit, rules), place))
        times[hit.rule] += 1
    return tuple(hits[place] for place in sorted(place for *_rank, place in sorted(ranks)[:MOST_HITS]))


def _mode(article: Article, policy: SitePolicy) -> str:
    """The article's own mode is stronger than the site's, unless the site takes no replies at all."""
    if policy.mode in TAKING_NO_REPLIES:
        return policy.mode
    return article.mode or policy.mode


def _passes(article: Article, policy: SitePolicy, text: str, author: Author | None) -> str:
    """Why the mode publishes this at once, "" when it holds it."""
    match _mode(article, policy):
        case Mode.OPEN:
            return "open"
        case Mode.HOLD_LINKS if not LINK.search(text):
            return "no_link"
        case Mode.HOLD_GUESTS if author is not None and author.kind == Author.Kind.ACCOUNT:
            return "account"
        case Mode.HOLD_NEWCOMERS if is_trusted(author, policy):
            return "trusted"
    return ""


def _find(
    text: str, policy: SitePolicy, name: str, measures: Measures, service: Service | None = None
) -> Iterator[Hit]:
    rules = measures.rules
    yield from sorted(rules.hits(text), key=lambda hit: rules.effect(hit.rule) != Rule.Effect.CRISIS)
    for hit in rules.hits(name) if name else []:
        if hit.start is not None:  # a name is short, and no rule about length means it
            yield replace(hit, start=None, end=None)
    yield from rules_signs.of_name(name)
    yield from spam.find(text, policy, measures.model, service)
    yield from rules_signs.links(text)


def _holds(hit: Hit, rules: Ruleset) -> bool:
    return hit.rule in HOLDING or rules.effect(hit.rule) in {Rule.Effect.HOLD, Rule.Effect.CRISIS}


def _weight(name: str, rules: Ruleset) -> int:
    return WEIGHTS.get(name) or EFFECTS.get(Rule.Effect(rules.effect(name) or Rule.Effect.ALLOW), 0)
